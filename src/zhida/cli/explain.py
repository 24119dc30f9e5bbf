"""`zhida explain`: why a measure was decided so, down to each fact and figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rich.console import Console

from zhida.cli import inputs, layout
from zhida.cli.decide import print_warnings
from zhida.decide import Decision, Problem
from zhida.decide.case import Case
from zhida.decide.engine import decide
from zhida.guide import wording
from zhida.guide.origins import Sources
from zhida.guide.reasons import AmountReason, ConditionReason, Reasons, UnitReason, reasons_of
from zhida.library import Library

STYLES = {"eligible": "bold green", "review": "bold yellow", "unknown": "bold cyan"}
INDENT = 6


def run(
    path: str, measure: str, unit: str | None, region: str | None, on: str | None, directory: str | None
) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, on)
    if inputs.measure_key(library, measure) is None:
        hint = inputs.measure_hint(library, measure)
        overrides.refuse("MEASURE", "option/unknown-measure", measure, hint)
    case = inputs.read_case(library, path, overrides)
    outcome = decide(library, case)  # all measures: what excludes this one belongs to the reasons
    key = inputs.require_measure(library, measure)
    decisions = [d for d in outcome.decisions if d.rule.measure == key]
    _require_unit(decisions, unit)
    print_warnings(outcome)
    out = layout.console()
    if not decisions:
        place = wording.region_name(library, outcome.region)
        out.print(f"{place}收录的文件没有规定{library.measures[key].definition.name}。")
    for decision in decisions:
        _print_reasons(reasons_of(library, outcome, decision, unit), out)


def explain_unit(library: Library, case: Case, kind: str, unit: str, measures: Collection[str]) -> None:
    """Why each of `measures` (of all, where none is named) was decided so for one unit of `kind`."""
    outcome = decide(library, case)
    print_warnings(outcome)
    for decision in outcome.decisions:
        wanted = decision.rule.unit == kind and (not measures or decision.rule.measure in measures)
        if wanted and any(found.id == unit for found in decision.units):
            _print_reasons(reasons_of(library, outcome, decision, unit), layout.console())


def _require_unit(decisions: list[Decision], unit: str | None) -> None:
    ids = [u.id for decision in decisions for u in decision.units]
    if unit is not None and unit not in ids:
        expected = f"a unit of the case ({', '.join(ids)})" if ids else "no unit: this measure has none here"
        inputs.fail([Problem("--unit", "id/unknown", unit, expected)])


def _print_reasons(reasons: Reasons, out: Console) -> None:
    layout.print_heading(out, f"{reasons.title}（{reasons.measure}）")
    fields = [
        ("结论", f"{reasons.verdict_text} {reasons.amount}".strip()),
        ("说明", reasons.note),
        ("停发", reasons.stop),
        ("依据", reasons.basis),
        ("何地何时", f"{reasons.place} · {reasons.on}"),
        ("只差", reasons.change),
        ("缺少", "、".join(fact.name for fact in reasons.missing)),
    ]
    layout.print_fields(out, fields)
    for unit in reasons.units:
        _print_unit(unit, out)
    if payment := reasons.payment:
        layout.print_heading(out, "怎么付")
        _print_lines("安排", payment.schedule, out)
        _print_lines("分担", payment.payers, out)
        _print_sources(payment.sources, out)
    if reasons.interpretations:
        layout.print_heading(out, "口径")
        layout.print_fields(out, [(i.id, str(i)) for i in reasons.interpretations])


def _print_unit(unit: UnitReason, out: Console) -> None:
    style = STYLES.get(unit.verdict, "bold red")
    layout.print_heading(out, f"{unit.name}：{unit.verdict_text}", style)
    for condition in unit.conditions:
        _print_condition(condition, out)
    if unit.amount:
        _print_amount(unit.amount, out)
    _print_each("取舍", unit.choices, out)


def _print_condition(condition: ConditionReason, out: Console) -> None:
    tail = "（须人工核定）" if condition.verdict == "review" else ""
    layout.print_wrapped(out, f"{condition.mark} {condition.label}{tail}", 2, 2, "bold")
    _print_line("要求", condition.reading, out)
    _print_lines(condition.word, condition.deciding, out)
    if condition.review:
        _print_line("核定", condition.review, out)
    _print_sources(condition.sources, out)


def _print_amount(amount: AmountReason, out: Console) -> None:
    layout.print_wrapped(out, "金额", 2, 2, "bold")
    _print_line("公式", amount.formula, out)
    _print_sources(amount.sources, out)
    _print_line("得数", amount.result, out)
    _print_each("限制", amount.limits, out)
    if amount.due:
        _print_line("应得", amount.due, out)


def _print_sources(sources: Sources, out: Console) -> None:
    _print_lines("事实", sources.facts, out)
    _print_lines("参数", sources.figures, out)
    _print_lines("标准", sources.standards, out)


def _print_each(name: str, texts: Iterable[object], out: Console) -> None:
    for text in texts:
        _print_line(name, str(text), out)


def _print_lines(name: str, texts: Iterable[object], out: Console) -> None:
    """The name stands before the first line only."""
    for index, text in enumerate(texts):
        _print_line(name if index == 0 else "", str(text), out)


def _print_line(name: str, text: str, out: Console) -> None:
    label = layout.pad(name, 6)
    layout.print_wrapped(out, f"{label}  {text}", INDENT, 8)
