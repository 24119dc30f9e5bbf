"""`zhida explain`: why a measure was decided so, down to each fact and figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from rich.console import Console

from zhida.cli import inputs, layout, payments, wording
from zhida.cli.decide import print_warnings
from zhida.cli.origins import fact_line, figure_line, standard_lines, switches_used
from zhida.decide import Decision, Outcome, Problem
from zhida.decide.case import Case
from zhida.decide.decision import ConditionResult, UnitResult
from zhida.decide.engine import decide
from zhida.decide.scope import UnitScope
from zhida.decide.verdict import round_money
from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Figure, Node, walk
from zhida.library import Library, Rule
from zhida.library.reading import to_chinese
from zhida.library.rule import Expression
from zhida.library.standards_used import expressions, schedule_expressions
from zhida.profile import free_facts
from zhida.profile.folding import fold, is_unset

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
        _Explanation(library, outcome, decision, out).print(unit)


def explain_unit(library: Library, case: Case, kind: str, unit: str, measures: Collection[str]) -> None:
    """Why each of `measures` (of all, where none is named) was decided so for one unit of `kind`."""
    outcome = decide(library, case)
    print_warnings(outcome)
    for decision in outcome.decisions:
        wanted = decision.rule.unit == kind and (not measures or decision.rule.measure in measures)
        if wanted and any(found.id == unit for found in decision.units):
            _Explanation(library, outcome, decision, layout.console()).print(unit)


def _require_unit(decisions: list[Decision], unit: str | None) -> None:
    ids = [u.id for decision in decisions for u in decision.units]
    if unit is not None and unit not in ids:
        expected = f"a unit of the case ({', '.join(ids)})" if ids else "no unit: this measure has none here"
        inputs.fail([Problem("--unit", "id/unknown", unit, expected)])


class _Explanation:
    """One decision on paper."""

    def __init__(self, library: Library, outcome: Outcome, decision: Decision, out: Console) -> None:
        self.library, self.outcome, self.decision, self.out = library, outcome, decision, out
        self.rule: Rule = decision.rule

    def print(self, unit: str | None) -> None:
        rule, decision = self.rule, self.decision
        place = wording.region_name(self.library, self.outcome.region)
        layout.print_heading(self.out, f"{rule.title}（{rule.measure}）")
        verdict = wording.VERDICTS[decision.verdict]
        worth = "" if decision.verdict in ("ineligible", "not_open") else wording.amount_text(decision)
        layout.print_fields(
            self.out,
            [
                ("结论", f"{verdict} {worth}".strip()),
                ("说明", decision.amount_note or ""),
                ("停发", payments.stop_text(rule)),
                ("依据", wording.citation(rule)),
                ("何地何时", f"{place} · {self.outcome.on}"),
                ("只差", wording.change_text(self.library, decision)),
                ("缺少", "、".join(wording.key_name(self.library, rule, k) for k in decision.missing)),
            ],
        )
        for result in decision.units:
            if unit in (None, result.id):
                self.unit(result)
        if decision.verdict not in ("ineligible", "not_open"):
            self.schedule()
        self.interpretations()

    def unit(self, result: UnitResult) -> None:
        name = wording.unit_name(self.library, self.rule, result.id)
        verdict = wording.VERDICTS[result.verdict]
        layout.print_heading(self.out, f"{name}：{verdict}", STYLES.get(result.verdict, "bold red"))
        for condition in result.conditions:
            self.condition(condition)
        if result.scope and result.verdict != "ineligible":
            self.amount(result, result.scope)
        self.choice(result)

    def schedule(self) -> None:
        """When the money moves and who bears it, with the figures that say so."""
        decision = self.decision
        lines = [*payments.schedule_lines(decision.schedule or {"kind": ""})]
        payers = [*payments.payer_lines(decision.components)]
        shares = [c.share for c in self.rule.components]
        scope = next((u.scope for u in decision.units if u.verdict == decision.verdict and u.scope), None)
        if scope is None or not (lines or payers or shares):
            return
        layout.print_heading(self.out, "怎么付")
        self.lines("安排", lines)
        self.lines("分担", payers)
        self.sources([*schedule_expressions(self.rule.schedule), *shares], scope)

    def condition(self, result: ConditionResult) -> None:
        condition, scope = result.condition, result.scope
        mark = wording.MARKS[result.verdict]
        tail = "（须人工核定）" if result.verdict == "review" else ""
        layout.print_wrapped(self.out, f"{mark} {condition.label}{tail}", 2, 2, "bold")
        self.line("要求", to_chinese(condition.when.node))
        if result.verdict is not True:
            word = "未知" if scope.value(condition.when.node) is UNKNOWN else "不成立"
            self.lines(word, map(to_chinese, deciding(condition.when.node, scope)))
        if result.verdict == "review" and condition.review:
            self.line("核定", to_chinese(condition.review.node))
        self.sources([condition.when, *([condition.review] if condition.review else [])], scope)

    def sources(self, expressions: list[Expression], scope: UnitScope) -> None:
        """The facts that can matter here, figures, switches behind derived facts, standards looked up."""
        library, folded = self.library, [fold(e.node) for e in expressions]
        names = dict.fromkeys((fact.entity, fact.key) for node in folded for fact in free_facts(node))
        waiting = {part.name for node in folded for part in walk(node) if isinstance(part, Figure)}
        figures = [f for e in expressions for f in e.figures if not is_unset(f) or f.name in waiting]
        figures += switches_used(library, expressions, scope)
        self.lines("事实", (fact_line(library, scope, *name) for name in names))
        self.lines("参数", (figure_line(f) for f in {f.name: f for f in figures}.values()))
        self.lines("标准", standard_lines(library, expressions, scope))

    def amount(self, result: UnitResult, scope: UnitScope) -> None:
        """The formula with its figures, the result before and after rounding, and the limits."""
        expression = self.rule.amount
        if expression is None:
            return
        layout.print_wrapped(self.out, "金额", 2, 2, "bold")
        self.line("公式", to_chinese(expression.node))
        self.sources([expression], scope)
        if result.worth is None:
            self.line("得数", wording.span(result.span) if result.span else "待定")
        else:
            rounded = round_money(result.worth, self.rule.quantum)
            note = f"四舍五入到 {self.rule.quantum} 元得 {wording.yuan(rounded)}（A33）"
            self.line("得数", f"{result.worth.normalize():,f} 元，{note}")
        for limit in self.rule.limits:
            self.line("限制", f"{limit.label}{'，因此不再发放' if limit.label == result.barred_by else ''}")
        if result.amount is not None and result.worth is not None:
            self.line("应得", wording.yuan(result.amount))

    def choice(self, result: UnitResult) -> None:
        """What the package says about this unit."""
        package, measure = self.outcome.package, self.rule.measure
        for given_up in package.given_up:
            if (given_up.measure, given_up.unit) == (measure, result.id):
                self.line("取舍", f"放弃：{given_up.because}")
        for chosen in package.chosen:
            if (chosen.measure, chosen.unit) == (measure, result.id):
                self.line("取舍", "列入能一起领的组合")

    def interpretations(self) -> None:
        cited = cited_interpretations(self.library, self.rule)
        if cited:
            layout.print_heading(self.out, "口径")
            layout.print_fields(self.out, cited)

    def lines(self, name: str, texts: Iterable[str]) -> None:
        """The name stands before the first line only."""
        for index, text in enumerate(texts):
            self.line(name if index == 0 else "", text)

    def line(self, name: str, text: str) -> None:
        label = layout.pad(name, 6)
        layout.print_wrapped(self.out, f"{label}  {text}", INDENT, 8)


def cited_interpretations(library: Library, rule: Rule) -> list[tuple[str, str]]:
    """What conditions, figures and the provision rest on where the text is silent: id and answer."""
    cited = [i for c in rule.conditions for i in c.interpretations]
    cited += [f.source.interpretation for e in expressions(rule) for f in e.figures]
    cited += rule.interpretations
    known = library.interpretations
    return [(i, f"{known[i].question}{known[i].answer}") for i in sorted({*cited} & known.keys())]


def deciding(node: Node, scope: UnitScope) -> tuple[Node, ...]:
    """The parts that make a condition false or unknown; nothing where that is the whole of it."""
    parts = tuple(_deciding(node, scope))
    return () if parts == (node,) else parts


def _deciding(node: Node, scope: UnitScope) -> Iterator[Node]:
    value = scope.value(node)
    match node:
        case nodes.Binary("and" | "or", left, right):
            for part in (left, right):
                if scope.value(part) is value:
                    yield from _deciding(part, scope)
        case nodes.If(condition, consequent, alternative) if scope.value(condition) is not UNKNOWN:
            yield from _deciding(consequent if scope.value(condition) else alternative, scope)
        case _:
            yield node
