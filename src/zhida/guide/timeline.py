"""What happened to a measure in a region, day by day, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhida.feel import UNKNOWN
from zhida.feel.nodes import Figure, Literal
from zhida.guide import wording
from zhida.guide.comparison import UNSET, regions_text
from zhida.library import Library, Rule
from zhida.library.timeline import Entry, FigureChange, StandardChange, timeline

KINDS = {"opens": "开始", "standard": "标准", "closes": "截止"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day: `kind` is opens, standard or closes, and `kind_text` says so.

    Of a version that opens: its `window`, what it is `compared` with, and the `figures` that are different
    there as (name, change). Of a standard: the text that sets it, as `source`.
    """

    day: date
    kind: str
    kind_text: str
    text: str
    document: str = ""
    window: str = ""
    compared: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    source: str = ""


def events(library: Library, measure: str, region: str) -> tuple[Event, ...]:
    """Everything that happens to the measure in the region and above it, by day."""
    return tuple(event_of(library, region, entry) for entry in timeline(library, measure, region))


def event_of(library: Library, region: str, entry: Entry) -> Event:
    kind = KINDS[entry.kind]
    if entry.standard:
        text = _standard(library, region, entry.standard)
        return Event(entry.day, entry.kind, kind, text, source=entry.standard.source)
    rule = entry.rule
    assert rule is not None, "only a standard changes without a version"
    place = wording.place_name(library, rule.region)
    text = f"{rule.title} · {place} · {rule.document} {rule.clause}（{rule.row}）"
    if entry.kind != "opens":
        return Event(entry.day, entry.kind, kind, text, rule.document)
    figures = tuple(_figure(change, rule) for change in entry.figures)
    return Event(entry.day, entry.kind, kind, text, rule.document, _window(rule), _compared(entry), figures)


def _window(rule: Rule) -> str:
    status = {"deferred": "暂缓执行", "draft": "征求意见稿，不能执行"}.get(rule.opening.status, "")
    waits = f"，等{rule.provision.resolves_with}" if rule.provision.resolves_with else ""
    return "；".join(part for part in (wording.opening_text(rule.opening), status + waits) if part)


def _compared(entry: Entry) -> str:
    follows = entry.follows
    if follows is None:
        return ""
    what = "以下数字不同：" if entry.figures else "数字都相同"
    return f"与 {wording.citation(follows)} 相比，{what}"


def _figure(change: FigureChange, rule: Rule) -> tuple[str, str]:
    after = _value(change.after)
    text = f"{_value(change.before)} → {after}" if change.before else after
    source = change.after.source
    own = (source.document, source.clause, source.row) == (rule.document, rule.clause, rule.row)
    cited = [] if own else [f"{source.document} {source.clause}".strip(), source.row]
    cited += [source.interpretation]
    shown = "，".join(part for part in cited if part)
    return change.after.name, f"{text}（{shown}）" if shown and after != UNSET else text


def _value(figure: Figure) -> str:
    unset = isinstance(figure.value, Literal) and figure.value.value is UNKNOWN
    return UNSET if unset else wording.figure_value(figure)


def _standard(library: Library, region: str, change: StandardChange) -> str:
    """What changes; where only for parts of the region or for one above it, for which."""
    after = wording.value_text(change.after, change.unit)
    unit = wording.value_text(Decimal(0), change.unit).removeprefix("0")
    before = wording.value_text(change.before, change.unit).removesuffix(unit) if change.before else ""
    codes = [code for code in change.regions if code and code != region]
    where = f"，{regions_text(library, codes)}" if codes else ""
    return f"{change.label}  {before + ' → ' if before else ''}{after}{where}"
