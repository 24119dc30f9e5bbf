"""The outcome of one case in words: decisions by verdict, what was not judged, what can be had together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from zhida.decide import Decision, Outcome
from zhida.decide.case import SINGLETONS
from zhida.decide.decision import Chosen, GivenUp, UnitResult, Verdict
from zhida.guide import wording
from zhida.guide.verdicts import VERDICTS, amount_text, change_text, failing_labels
from zhida.library import Library, Rule
from zhida.library.model import EntityDef

SHOWN = 3
"""How many missing facts or units a text lists before it only counts the rest."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision on a line; no amount where there is none. `details` stand under the group's column."""

    measure: str
    row: str
    title: str
    amount: str
    document: str
    clause: str
    details: tuple[str, ...]

    @property
    def basis(self) -> str:
        return f"{self.document} {self.clause}"


@dataclass(frozen=True, slots=True)
class VerdictGroup:
    """The decisions of one verdict; `column` says what their details are about."""

    verdict: Verdict
    text: str
    column: str
    has_amounts: bool
    lines: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Measures that were not judged, for the case says nothing about their `subject` at all."""

    subject: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What one unit is paid, or gives up because of something better."""

    measure: str
    name: str
    unit: str
    amount: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class PackageText:
    """What may be paid together, and what is given up for it."""

    total: str
    taken: tuple[Grant, ...]
    given_up: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One outcome. `documents` are those that the decisions rest on; no package where nothing is paid."""

    place: str
    on: date
    documents: tuple[str, ...]
    groups: tuple[VerdictGroup, ...]
    left_out: tuple[LeftOut, ...]
    package: PackageText | None


def summary_of(library: Library, outcome: Outcome) -> Summary:
    """The outcome by verdict, best first."""
    subjects = [_subject_left_out(library, decision) for decision in outcome.decisions]
    judged = [d for d, subject in zip(outcome.decisions, subjects, strict=True) if not subject]
    titles: dict[str, list[str]] = defaultdict(list)
    for decision, subject in zip(outcome.decisions, subjects, strict=True):
        if subject:
            titles[subject].append(decision.rule.title)
    return Summary(
        wording.region_name(library, outcome.region),
        outcome.on,
        tuple(dict.fromkeys(d.rule.document for d in outcome.decisions)),
        tuple(group for verdict in FORMS if (group := _group(library, verdict, judged)).lines),
        tuple(LeftOut(subject, tuple(names)) for subject, names in titles.items()),
        _package(library, outcome),
    )


def _group(library: Library, verdict: Verdict, decisions: list[Decision]) -> VerdictGroup:
    form = FORMS[verdict]
    lines = tuple(_line(library, d, form) for d in decisions if d.verdict == verdict)
    return VerdictGroup(verdict, VERDICTS[verdict], form.column, form.has_amounts, lines)


def _line(library: Library, decision: Decision, form: Form) -> DecisionLine:
    rule = decision.rule
    return DecisionLine(
        rule.measure,
        rule.row,
        rule.title,
        amount_text(decision) if form.has_amounts else "",
        rule.document,
        rule.clause,
        tuple(form.details(library, decision)),
    )


def _subject_left_out(library: Library, decision: Decision) -> str:
    """What the case says nothing about at all, where that is why a measure is undecided: 证书名单, 个人 …"""
    if decision.verdict != "unknown":
        return ""
    heads = dict.fromkeys(key.partition(".")[0] for key in decision.missing)
    entities = [entity for head in heads if (entity := library.entity_by_case_key(head))]
    if not entities or any(_is_mentioned(entity, decision) for entity in entities):
        return ""
    return "、".join(entity.rows or entity.name for entity in entities)


def _is_mentioned(entity: EntityDef, decision: Decision) -> bool:
    scope = next((unit.scope for unit in decision.units), None)
    if scope is None:
        return False
    return entity.entity not in SINGLETONS or scope.case.entries[entity.entity].given


def _eligible(library: Library, decision: Decision) -> Iterator[str]:
    if len(decision.units) > 1:
        paid = [u.id for u in decision.units if u.verdict == "eligible" and not u.barred_by]
        yield f"{len(paid)} 份：{_some(paid)}"
    last = (decision.schedule or {}).get("last_month")
    if last:
        yield f"到 {last} 止"
    if decision.amount_note:
        yield decision.amount_note
    if decision.missing:
        yield f"还差：{_missing(library, decision)}"


def _review(library: Library, decision: Decision) -> Iterator[str]:
    labels = {label for u in decision.units for label in failing_labels(u, ("review",))}
    yield "；".join(sorted(labels)) or "金额须核定"
    if decision.missing:
        yield f"还差：{_missing(library, decision)}"


def _unknown(library: Library, decision: Decision) -> Iterator[str]:
    yield _missing(library, decision)


def _missing(library: Library, decision: Decision) -> str:
    return _some([wording.key_name(library, decision.rule, key) for key in decision.missing])


def _ineligible(library: Library, decision: Decision) -> Iterator[str]:
    if not decision.units:
        yield f"没有{library.entities[decision.rule.unit].name}"
    units_of: dict[str, list[str]] = defaultdict(list)
    for unit in decision.units:
        units_of[_reason(unit)].append(unit.id)
    for reason, units in units_of.items():
        yield f"{reason}（{_some(units)}）" if len(decision.units) > 1 else reason
    if decision.change:
        yield f"只差：{change_text(library, decision)}"


def _reason(unit: UnitResult) -> str:
    labels = failing_labels(unit)
    return "；".join(f"不符合：{label}" for label in labels[:1]) + (
        f" 等 {len(labels)} 条" if len(labels) > 1 else ""
    )


def _not_open(library: Library, decision: Decision) -> Iterator[str]:
    yield decision.amount_note or ""


def _some(items: list[str]) -> str:
    """The first few, and how many there are in all."""
    text = "、".join(items[:SHOWN])
    return f"{text} 等 {len(items)} 项" if len(items) > SHOWN else text


@dataclass(frozen=True, slots=True)
class Form:
    """How the decisions of one verdict are shown."""

    column: str
    details: Callable[[Library, Decision], Iterator[str]]
    has_amounts: bool = False


FORMS: dict[Verdict, Form] = {
    "eligible": Form("说明", _eligible, True),
    "review": Form("须核定", _review, True),
    "unknown": Form("还差", _unknown, True),
    "ineligible": Form("原因", _ineligible),
    "not_open": Form("办理时间", _not_open),
}


def _package(library: Library, outcome: Outcome) -> PackageText | None:
    package = outcome.package
    if not package.chosen:
        return None
    rules = {d.rule.measure: d.rule for d in outcome.decisions}
    return PackageText(
        wording.yuan(package.total),
        tuple(_grant(library, rules, chosen) for chosen in package.chosen),
        tuple(_grant(library, rules, given_up, given_up.because) for given_up in package.given_up),
    )


def _grant(library: Library, rules: dict[str, Rule], grant: Chosen | GivenUp, because: str = "") -> Grant:
    rule = rules[grant.measure]
    unit = wording.unit_name(library, rule, grant.unit)
    return Grant(rule.measure, rule.name, unit, wording.yuan(grant.amount), because)
