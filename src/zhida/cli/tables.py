"""The outcome of one case as tables: one for each verdict, then the package and what to do next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from rich.console import Console

from zhida.cli import layout, wording
from zhida.decide import Decision, Outcome
from zhida.decide.case import SINGLETONS
from zhida.decide.decision import Chosen, GivenUp, UnitResult
from zhida.library import Library
from zhida.library.model import EntityDef

SHOWN = 3
"""How many missing facts or units a cell lists before it only counts the rest."""

STYLES = {
    "eligible": "bold green",
    "review": "bold yellow",
    "unknown": "bold cyan",
    "ineligible": "bold red",
    "not_open": "bold dim",
}


def print_outcome(library: Library, outcome: Outcome) -> None:
    console = layout.console()
    place = wording.region_name(library, outcome.region)
    console.print(f"{place} · {outcome.on} · 政策库 {outcome.library[:12]}")
    documents = list(dict.fromkeys(d.rule.document for d in outcome.decisions))
    if not outcome.decisions:
        _print_nothing(console, library)
        return
    if len(documents) == 1:
        console.print(f"依据 {documents[0]}，条款见表")
    left_out = {id(d): subject for d in outcome.decisions if (subject := _subject_left_out(library, d))}
    for verdict in DETAILS:
        found = [d for d in outcome.decisions if d.verdict == verdict and id(d) not in left_out]
        if found:
            _print_verdict(console, library, verdict, found, len(documents) == 1)
    _print_left_out(console, [(left_out[id(d)], d) for d in outcome.decisions if id(d) in left_out])
    _print_package(console, library, outcome)
    _print_question(console, outcome)


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


def _print_left_out(console: Console, decisions: list[tuple[str, Decision]]) -> None:
    titles: dict[str, list[str]] = defaultdict(list)
    for subject, decision in decisions:
        titles[subject].append(decision.rule.title)
    if titles:
        layout.print_heading(console, f"没有填写，因此没有判断 {len(decisions)} 项", STYLES["unknown"])
        layout.print_fields(console, ((subject, "、".join(names)) for subject, names in titles.items()))


def _print_nothing(console: Console, library: Library) -> None:
    regions = sorted({document.region for document, _ in library.documents})
    named = "、".join(wording.region_name(library, code) for code in regions)
    console.print(f"这个地区没有收录政策文件。已收录：{named}。")


def _print_verdict(
    console: Console, library: Library, verdict: str, decisions: list[Decision], one_document: bool
) -> None:
    """One table. The document stands in its rows only where there are several."""
    with_amount = verdict in ("eligible", "review", "unknown")
    amount = ("金额",) if with_amount else ()
    rows = [
        (
            decision.rule.title,
            *((wording.amount_text(decision),) if with_amount else ()),
            decision.rule.clause if one_document else wording.citation(decision.rule),
            "\n".join(DETAILS[verdict](library, decision)),
        )
        for decision in decisions
    ]
    layout.print_heading(console, f"{wording.VERDICTS[verdict]} {len(decisions)} 项", STYLES[verdict])
    columns = ("措施", *amount, "条款" if one_document else "依据", DETAIL_NAMES[verdict])
    layout.print_table(console, columns, rows, right=amount)


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
    labels = {label for u in decision.units for label in wording.failing_labels(u, ("review",))}
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
        yield f"只差：{wording.change_text(library, decision)}"


def _reason(unit: UnitResult) -> str:
    labels = wording.failing_labels(unit)
    return "；".join(f"不符合：{label}" for label in labels[:1]) + (
        f" 等 {len(labels)} 条" if len(labels) > 1 else ""
    )


def _not_open(library: Library, decision: Decision) -> Iterator[str]:
    yield decision.amount_note or ""


def _some(items: list[str]) -> str:
    """The first few, and how many there are in all."""
    text = "、".join(items[:SHOWN])
    return f"{text} 等 {len(items)} 项" if len(items) > SHOWN else text


Detail = Callable[[Library, Decision], Iterator[str]]
DETAILS: dict[str, Detail] = {
    "eligible": _eligible,
    "review": _review,
    "unknown": _unknown,
    "ineligible": _ineligible,
    "not_open": _not_open,
}
DETAIL_NAMES = {
    "eligible": "说明",
    "review": "须核定",
    "unknown": "还差",
    "ineligible": "原因",
    "not_open": "办理时间",
}


def _print_package(console: Console, library: Library, outcome: Outcome) -> None:
    """What may be paid together, and what is given up for it. Silent where there is nothing to pay."""
    package = outcome.package
    if not package.chosen:
        return
    rules = {d.rule.measure: d.rule for d in outcome.decisions}

    def row(what: str, grant: Chosen | GivenUp, because: str = "") -> tuple[str, ...]:
        rule = rules[grant.measure]
        unit = wording.unit_name(library, rule, grant.unit)
        return what, rule.name, unit, wording.yuan(grant.amount), because

    rows = [row("领", chosen) for chosen in package.chosen]
    rows += [row("放弃", given_up, given_up.because) for given_up in package.given_up]
    total = wording.yuan(package.total)
    layout.print_heading(console, f"一起能领 {total}（不含贷款、缓缴、降费率和待核定的）", "bold green")
    columns = ("", "措施", "对象", "金额", "原因" if package.given_up else "")
    layout.print_table(console, columns, rows, right=("金额",))


def _print_question(console: Console, outcome: Outcome) -> None:
    question = outcome.next_question
    if question is None:
        return
    layout.print_heading(console, "下一个值得问的问题", "bold cyan")
    concerns = f"{question.fact}，关系到 {len(question.would_settle)} 项"
    layout.print_wrapped(console, f"{question.text}（{concerns}）", indent=2)
