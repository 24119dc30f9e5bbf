"""Decide a case: every rule of the region, for every unit, with limits, package and next question."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from zhida.decide.case import Case
from zhida.decide.change import smallest_change
from zhida.decide.components import components_of, shares_missing
from zhida.decide.decision import ORDER, Decision, Outcome, UnitResult, Verdict
from zhida.decide.limits import apply_limits
from zhida.decide.package import best_package
from zhida.decide.question import next_question
from zhida.decide.schedule import schedule_of
from zhida.decide.scope import UnitScope
from zhida.decide.totals import round_units, total, total_range
from zhida.decide.verdict import decide_unit
from zhida.decide.warnings import contradictions
from zhida.library import Library, Rule, resolve

ZERO = Decimal(0)


def decide(library: Library, case: Case, measures: Collection[str] = ()) -> Outcome:
    """All decisions for `case`, of `measures` only where some are named.

    A region without documents gives no decisions.
    """
    rules = resolve(library, case.region, case.on)
    chosen = [rule for rule in rules if not measures or rule.measure in measures]
    shared: dict[Any, Any] = {}
    decisions = tuple(decide_rule(library, rule, case, shared) for rule in chosen)
    return Outcome(
        library.hash,
        case.region,
        case.on,
        decisions,
        best_package(library, decisions),
        next_question(library, decisions),
        contradictions(library, case, rules, shared),
    )


def decide_rule(library: Library, rule: Rule, case: Case, shared: dict[Any, Any] | None = None) -> Decision:
    """One provision applied to one case; `shared` is what its rules have in common (see UnitScope)."""
    shared = {} if shared is None else shared
    if not rule.opening.is_open(case.on):
        return Decision(rule, "not_open", amount_note=_window_note(rule), library=library)
    entries = case.units(rule.unit)
    if entries is None:
        case_key = library.entities[rule.unit].case_key
        return Decision(rule, "unknown", missing=(case_key,), schedule={"kind": rule.kind}, library=library)
    units = tuple(
        decide_unit(rule, UnitScope(library, rule, case, entry, case.person_of(entry), shared=shared))
        for entry in entries
    )
    apply_limits(rule, case, units)
    decision = Decision(rule, best_verdict(units), units, library=library)
    decision.schedule = schedule_of(rule, case, units)
    if rule.amount is not None:
        decision.amount = total(rule, decision)
        decision.amount_range = total_range(rule, case, decision)
    round_units(rule, decision)
    if decision.amount:
        decision.components = components_of(rule, decision)
    decision.amount_note = _amount_note(library, decision)
    decision.missing = _missing(rule, decision)
    if decision.verdict == "ineligible":
        decision.change = smallest_change(library, rule, case, units)
    return decision


def best_verdict(units: tuple[UnitResult, ...]) -> Verdict:
    """The best of the units, in the contract's order; no unit at all is ineligible."""
    if len(units) == 1:
        return units[0].verdict
    verdicts = {unit.verdict for unit in units}
    return next((verdict for verdict in ORDER if verdict in verdicts), "ineligible")


def _missing(rule: Rule, decision: Decision) -> tuple[str, ...]:
    """What the units wait for that are not settled yet, and the shares of payers."""
    found: dict[str, None] = {}
    for unit in decision.units:
        if unit.missing and unit.verdict != "ineligible":
            found.update(dict.fromkeys(unit.missing))
    if rule.components:
        found.update(dict.fromkeys(shares_missing(rule, decision)))
    return tuple(found)


def _amount_note(library: Library, decision: Decision) -> str | None:
    waits = [key for u in decision.units for key in u.missing] if decision.amount is None else []
    tables = [key for key in waits if key.startswith("standards.")]
    if tables:
        table = tables[0].removeprefix("standards.")
        name = next(t.name for t in library.tables.values() if t.definition.table == table)
        if decision.amount_range is not None:
            return f"{name}没有全地区统一的标准，金额在所列范围内，按所在县（市、区）的标准确定（A35）。"
        return f"{name}没有收录本地当时的标准，金额待经办机构录入（A35）。"
    unset = [key for key in waits if key.startswith("parameters.")]
    if unset and not decision.rule.amount_note:
        key = unset[0].removeprefix("parameters.")
        name = next((f.name for f in decision.rule.figures.values() if f.source.key == key), key)
        return f"文件没有写明{name}，金额待定（A30、A35）。"
    if decision.rule.kind == "deferral":
        return "缓缴不是补贴：期满后要补缴缓缴的费款。"
    if decision.rule.kind == "rate":
        return "按降低后的费率缴费，不另发钱。"
    barred = [unit.barred_by for unit in decision.units if unit.barred_by]
    if barred:
        return f"受限：{barred[0]}。"
    return None if decision.verdict == "ineligible" else decision.rule.amount_note


def _window_note(rule: Rule) -> str:
    opening = rule.opening
    if opening.status == "deferred":
        waits = rule.provision.resolves_with
        return "金额或办理程序由另外的文件规定，暂不办理" + (f"（待{waits}）。" if waits else "。")
    if opening.status == "draft":
        return "征求意见稿，不能执行（A42）。"
    start = opening.start.isoformat() if opening.start else "…"
    end = opening.grace_end or opening.end
    return f"办理时间为{start}至{end.isoformat() if end else '…'}，当日不在期内（A25）。"
