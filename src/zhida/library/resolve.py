"""Which provisions hold in a region, as rules with every figure substituted and its source kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node, walk
from zhida.feel.printer import to_feel
from zhida.library.compile import substitute
from zhida.library.contents import CompiledDerivation, CompiledMeasure, Library
from zhida.library.failing import holds_whatever_the_facts
from zhida.library.figures import Figures, Layer, constant, figures_of
from zhida.library.model import AdvanceDef, DocumentDef, LimitDef, ProvisionDef, StageDef
from zhida.library.rule import (
    Advance,
    Citation,
    Component,
    Condition,
    Derived,
    Exclusion,
    Expression,
    FactPath,
    HistoryFact,
    Limit,
    Opening,
    Rule,
    Schedule,
    Stage,
)
from zhida.library.yaml_source import KeyPath
from zhida.profile.checker import free_facts
from zhida.profile.folding import is_unset
from zhida.standards.regions import ancestors

YEARLY = "年度"
ROUNDING = "取整单位"
IDENTITY_SCOPE = "身份使用范围"


def resolve(library: Library, region: str, on: date) -> tuple[Rule, ...]:
    """The rules of `region` on a day: one for each provision of the most specific document that
    enacts its measure.

    Provisions that are not open on `on` are there too, so that the caller can say when they were.
    Where several documents of one region enact a measure, the one open on `on` wins, else the one
    whose window is nearest. Of two that are open the later one wins, which `conflicts` warns of; in its
    days of grace the one that has ended stays beside its successor, for the events of its December (A24).
    """
    if region not in library.resolved:
        library.resolved[region] = tuple(_rules_of_layers(library, region))
    return _versions(library.resolved[region], on)


def _rules_of_layers(library: Library, region: str) -> Iterator[Rule]:
    """All rules of the region and its ancestors, a measure's from its most specific region only."""
    taken: dict[str, str] = {}
    for code in ancestors(region):
        for document, _ in library.documents:
            if document.region != code:
                continue
            for provision in document.provisions:
                if taken.setdefault(provision.measure, code) == code:
                    yield _rule(library, layers_of(library, document, provision))


def _versions(rules: tuple[Rule, ...], on: date) -> tuple[Rule, ...]:
    """Of several documents for one measure, the rules of the one that is open, or was nearest."""
    best: dict[str, tuple[bool, int, int, str]] = {}
    for rule in rules:
        distance = _distance(rule.opening, on)
        age = -(rule.opening.start or date.min).toordinal()
        rank = (not rule.opening.is_open(on), distance, age, rule.document)
        if rule.measure not in best or rank < best[rule.measure]:
            best[rule.measure] = rank
    return tuple(r for r in rules if best[r.measure][3] == r.document or _in_grace(r.opening, on))


def _in_grace(opening: Opening, on: date) -> bool:
    return opening.end is not None and on > opening.end and opening.is_open(on)


def _distance(opening: Opening, on: date) -> int:
    """Days from `on` to the nearest day on which the provision is open."""
    if opening.start and on < opening.start:
        return (opening.start - on).days
    end = opening.grace_end or opening.end
    return (on - end).days if end and on > end else 0


def layers_of(library: Library, document: DocumentDef, provision: ProvisionDef) -> tuple[Layer, ...]:
    """The provision, and above it one of the same measure in each upper region, nearest region first.

    Only provisions in force in some part of its window give figures: neither drafts, nor what had ended
    before. Of several the one of the same title, else the first.
    """
    layers = [Layer(document, provision)]
    for code in ancestors(document.region)[1:]:
        found = [
            Layer(other, upper)
            for other, _ in library.documents
            if other.region == code
            for upper in other.provisions
            if upper.measure == provision.measure
            and upper.status != "draft"
            and overlap(window_of(document, provision), window_of(other, upper))
        ]
        found.sort(key=lambda layer: layer.provision.title != provision.title)
        layers += found[:1]
    return tuple(layers)


def window_of(document: DocumentDef, provision: ProvisionDef) -> tuple[date, date]:
    """The first and the last day on which a provision can be applied for."""
    return provision.valid.start or document.in_force, provision.valid.end or date.max


def overlap(a: tuple[date, date], b: tuple[date, date]) -> bool:
    """Whether two windows share a day."""
    return a[0] <= b[1] and b[0] <= a[1]


def _rule(library: Library, layers: tuple[Layer, ...]) -> Rule:
    document, provision = layers[0].document, layers[0].provision
    compiled = library.measures[provision.measure]
    measure = compiled.definition
    figures, conflicts = figures_of(library, compiled.definition, layers)
    build = _Builder(library, compiled, figures)
    return Rule(
        measure=measure.measure,
        name=measure.name,
        kind=measure.kind,
        unit=measure.unit,
        payee=measure.payee,
        document=document.number,
        clause=provision.clause,
        row=provision.row,
        title=provision.title or measure.name,
        region=document.region,
        opening=_opening(document, provision, figures),
        conditions=tuple(build.conditions(document, provision)),
        amount=build.expression(("amount", "value")),
        amount_review=build.expression(("amount", "review")),
        amount_note=measure.amount.note if measure.amount else None,
        quantum=Decimal(build.constant(ROUNDING)),
        limits=tuple(build.limit(i, limit) for i, limit in enumerate(measure.limits)),
        exclusion=build.exclusion(),
        schedule=build.schedule(),
        event=build.expression(("event",)),
        derived=build.derived(),
        from_history=build.from_history(),
        interpretations=provision.interpretations,
        documents_needed=len(provision.materials),
        procedure=provision.procedure,
        definition=measure,
        provision=provision,
        figures=figures,
        conflicts=conflicts,
        components=tuple(build.components()),
    )


def _opening(document: DocumentDef, provision: ProvisionDef, figures: Figures) -> Opening:
    start = provision.valid.start or document.in_force
    end = provision.valid.end
    grace = None
    if provision.grace and end is not None and end.month == 12:
        month, day = str(constant(figures["宽限截止"])).split("-")
        grace = date(end.year + 1, int(month), int(day))
    return Opening(start, end, provision.status, grace)


def expression_of(node: Node) -> Expression:
    """`node` with what it speaks of, each fact and figure once, in source order."""
    parts = tuple(walk(node))
    return Expression(
        node,
        to_feel(node),
        free_facts(node),
        tuple(dict.fromkeys(p for p in parts if isinstance(p, nodes.Rows))),
        tuple({p.name: p for p in parts if isinstance(p, nodes.Figure)}.values()),
    )


class _Builder:
    """Builds the parts of one rule out of a measure's checked trees and a provision's figures."""

    def __init__(self, library: Library, compiled: CompiledMeasure, figures: Figures) -> None:
        self.library = library
        self.measure = compiled.definition
        self.nodes = compiled.nodes
        self.figures = figures

    def expression(self, path: KeyPath) -> Expression | None:
        node = self.nodes.get(path)
        return None if node is None else expression_of(substitute(node, self.figures))

    def constant(self, name: str) -> Any:
        return constant(self.figures[name])

    def by_year(self, period: str) -> bool:
        """`period` is ever, year, or the name of a switch."""
        return (self.constant(period) if period in self.figures else period) in (YEARLY, "year")

    def conditions(self, document: DocumentDef, provision: ProvisionDef) -> Iterator[Condition]:
        yield from self._window_conditions(document, provision)
        for i, condition in enumerate(self.measure.conditions):
            when = self.expression(("conditions", i, "when"))
            assert when is not None, "the loader refuses measures with a broken condition"
            if when.facts and holds_whatever_the_facts(when):
                continue  # this place asks for nothing; without facts it says that a switch is on
            yield Condition(
                condition.id,
                condition.label,
                when,
                self.expression(("conditions", i, "review")),
                condition.interpretations,
                condition.review_if_unknown,
            )

    def _window_conditions(self, document: DocumentDef, provision: ProvisionDef) -> Iterator[Condition]:
        """A24: the event inside the window; and in the days of grace, an event of December only."""
        event = self.nodes.get(("event",))
        if event is None:
            return

        def day(key: str, name: str, value: date) -> nodes.Figure:
            source = Citation(key, document.number, provision.clause, provision.row)
            return nodes.Figure(name, nodes.Literal(value), source)

        bounds: list[Node] = []
        if start := provision.event.start:
            bounds.append(nodes.Binary(">=", event, day("event_from", "政策期起", start)))
        if end := provision.event.end:
            bounds.append(nodes.Binary("<=", event, day("event_to", "政策期止", end)))
        if bounds:
            yield Condition(
                "event-window",
                f"{to_feel(event).rpartition('.')[2]}在政策期内",
                expression_of(_all(bounds)),
                None,
                ("A24",),
            )
        end = provision.valid.end
        if provision.grace and end is not None and end.month == 12:
            in_time = nodes.Binary("<=", nodes.Name("办理日期"), day("apply_by", "申请截止", end))
            december = day("grace_from", "宽限起", end.replace(day=1))
            late = nodes.Binary(">=", event, december)
            yield Condition(
                "apply-by",
                "在申请期限内（十二月的事件可以在宽限期申请）",
                expression_of(nodes.Binary("or", in_time, late)),
                None,
                ("A24",),
            )

    def limit(self, index: int, limit: LimitDef) -> Limit:
        at: KeyPath = ("limits", index)
        kind = (
            "times"
            if limit.times
            else "months"
            if limit.months
            else "rank"
            if limit.higher_bars_lower
            else "difference"
        )
        return Limit(
            limit.id,
            limit.label,
            kind,
            limit.per,
            self.by_year(limit.period),
            self.expression((*at, "times")) or self.expression((*at, "months")),
            tuple(self._fact((*at, "same", j)) for j in range(len(limit.same))),
            self._rank((*at, "higher_bars_lower")) if limit.higher_bars_lower else None,
        )

    def _fact(self, path: KeyPath) -> FactPath:
        node = self.nodes[path]
        if not isinstance(node, nodes.Fact):
            raise TypeError(f"{path} is not a fact")
        return node.entity, node.key

    def _rank(self, path: KeyPath) -> tuple[FactPath, tuple[str, ...]]:
        """A choice fact; its values in the vocabulary stand from low to high."""
        fact = self._fact(path)
        return fact, self.library.facts[fact].values

    def exclusion(self) -> Exclusion | None:
        own = self.measure.exclusion
        if own is None:
            return None
        group = frozenset(
            key
            for key, other in self.library.measures.items()
            if other.definition.exclusion and other.definition.exclusion.group == own.group
        )
        return Exclusion(own.group, group, self.by_year(IDENTITY_SCOPE))

    def schedule(self) -> Schedule:
        definition = self.measure.schedule
        return Schedule(
            self.measure.kind,
            self.expression(("schedule", "months")),
            self.expression(("schedule", "last_month")),
            (definition.insurance or "") if definition else "",
            self.expression(("schedule", "monthly")),
            self.expression(("schedule", "repay_by")),
            self.expression(("schedule", "rate")),
            tuple(self.stage(i, s) for i, s in enumerate(definition.stages)) if definition else (),
            self.advance(definition.advance) if definition else None,
        )

    def stage(self, index: int, stage: StageDef) -> Stage:
        at: KeyPath = ("schedule", "stages", index)
        return Stage(
            stage.due,
            self.expression((*at, "share")),
            self.expression((*at, "amount")),
            self.expression((*at, "due_from")),
            self.expression((*at, "due_workdays")),
        )

    def advance(self, advance: AdvanceDef | None) -> Advance | None:
        """What this place lets be paid in advance; None where it sets no share for that."""
        share = self.expression(("schedule", "advance", "share"))
        if advance is None or share is None or any(is_unset(figure) for figure in share.figures):
            return None
        when = self.expression(("schedule", "advance", "when"))
        return Advance(share, when, advance.due, advance.balance_due)

    def components(self) -> Iterator[Component]:
        for i, component in enumerate(self.measure.components):
            share = self.expression(("components", i, "share"))
            assert share is not None, "the loader refuses measures with a broken component"
            yield Component(component.payer, share)

    def derived(self) -> dict[FactPath, Derived]:
        """Derived facts under this provision's switches (A13 sizes by the document's own method)."""
        return {
            path: self._derived(path, derivation) for path, derivation in self.library.derivations.items()
        }

    def _derived(self, path: FactPath, derivation: CompiledDerivation) -> Derived:
        """Rules under equal switches share one tree, so that a case computes it once."""
        used = tuple(self.figures[name].value for name in derivation.names if name in self.figures)
        cache = self.library.derived
        if (path, used) not in cache:
            node = derivation.formula
            if derivation.where is not None:
                node = nodes.If(derivation.where, node, nodes.Literal(UNKNOWN))
            cache[path, used] = Derived(expression_of(substitute(node, self.figures)))
        return cache[path, used]

    def from_history(self) -> dict[FactPath, HistoryFact]:
        return {
            path: HistoryFact(
                fact.from_history.measure,
                fact.from_history.subject,
                self.by_year(fact.from_history.period),
                fact.from_history.count == "months",
            )
            for path, fact in self.library.facts.items()
            if fact.from_history
        }


def _all(parts: list[Node]) -> Node:
    whole = parts[0]
    for part in parts[1:]:
        whole = nodes.Binary("and", whole, part)
    return whole
