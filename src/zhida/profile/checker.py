"""Resolve the names of a policy expression; check its types and units, and that SQL can say it.

Everything that is wrong is collected. What passes cannot fail on data: it divides by no zero.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches

from zhida.feel import nodes
from zhida.feel.nodes import Node, children, rebuild, walk
from zhida.feel.printer import to_feel
from zhida.profile import types
from zhida.profile.names import Checked, Names, Problem
from zhida.profile.types import Boolean, Choice, Date, Days, Error, List, Number, Text, Type, describe
from zhida.temporal import YearsMonths


@dataclass(frozen=True, slots=True)
class Signature:
    """A function's parameters; its result, or None for what its first argument (or list) holds.

    `alike` arguments, or the items of lists among them, must agree; `many` repeats the parameter.
    """

    parameters: tuple[Type, ...]
    result: Type | None = None
    alike: bool = False
    many: bool = False


ANY, NUMBER, ORDERED = Error(), Number(), (Number, Date, Days, Error)
MONTHS, YEARS = Number(types.parse_unit("月")), Number(types.parse_unit("年"))
FUNCTIONS = {
    "not": Signature((Boolean(),), Boolean()),
    "abs": Signature((NUMBER,)),
    "floor": Signature((NUMBER,)),
    "ceiling": Signature((NUMBER,)),
    "round half up": Signature((NUMBER, NUMBER)),
    "min": Signature((ANY,), alike=True, many=True),
    "max": Signature((ANY,), alike=True, many=True),
    "sum": Signature((List(NUMBER),)),
    "count": Signature((List(ANY),), NUMBER),
    "list contains": Signature((List(ANY), ANY), Boolean(), alike=True),
    "has any": Signature((List(ANY), List(ANY)), Boolean(), alike=True),
    "starts with": Signature((Text(), Text()), Boolean()),
    "add months": Signature((Date(), MONTHS, Choice(("earlier", "later"))), Date()),
    "full years": Signature((Date(), Date()), YEARS),
    "full months": Signature((Date(), Date()), MONTHS),
}
COMPARISONS = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
OUTSIDE: dict[type[Node], str] = {
    nodes.For: "aggregate rows: sum(rows[condition].fact)",
    nodes.Quantified: "count rows: count(rows[condition]) > 0",
    nodes.Range: "a range is a test: x in [low..high]",
    nodes.Test: "a comparison without a left side is a test: x in (< 5, > 9)",
}
FIXED_DAYS = "multiply by a number or a parameter; what a fact says may be too much for a date"
BINDERS = nodes.For | nodes.Quantified | nodes.Function | nodes.Context


@dataclass(frozen=True, slots=True)
class _Scope:
    """The entities of which there is one row here, and the expressions that are not zero here."""

    visible: frozenset[str] | None
    nonzero: frozenset[Node]

    def where(self, condition: Node | None, holds: bool = True) -> _Scope:
        return replace(self, nonzero=self.nonzero | _nonzero(condition, holds))

    def within(self, entities: Iterable[str]) -> _Scope:
        """In a row of its own of each of `entities`: what is known of the outer ones says nothing."""
        near = frozenset(entities)
        kept = frozenset(n for n in self.nonzero if not any(f.entity in near for f in free_facts(n)))
        return _Scope(None if self.visible is None else self.visible | near, kept)


def check(node: Node, names: Names, expected: Type | None = None, assuming: Node | None = None) -> Checked:
    """Resolve and check `node`; `assuming` is a condition that holds wherever it is evaluated."""
    checker = _Checker(names)
    resolved = checker.resolve(node)
    scope = _Scope(names.visible, frozenset())
    scope = scope.where(assuming and _Checker(names).resolve(assuming))
    kind = checker.fit(resolved, expected or ANY, scope)
    return Checked(resolved, kind, tuple(sorted(checker.problems, key=lambda p: p.span.start)))


class _Checker:
    """One walk to resolve names and one to find types; what is wrong goes to `problems`."""

    def __init__(self, names: Names) -> None:
        self.names, self.problems = names, list[Problem]()
        facts = [(fact, group) for group in names.facts.values() for fact in group.values()]
        self.facts = {(fact.entity, fact.key): fact.type for fact, _ in facts}
        self.by_entity = {fact.entity: group for fact, group in facts}

    def report(self, node: Node, code: str, message: str, hint: str = "") -> Error:
        self.problems.append(Problem(code, message, hint, node.span))
        return Error()

    def unknown(self, node: Node, what: str, name: str, known: Iterable[str]) -> Error:
        hint = _nearest(name, known)
        return self.report(node, f"unknown-{what}", f"unknown {what} '{name}'", hint)

    # ---- names

    def resolve(self, node: Node) -> Node:
        names = self.names
        match node:
            case nodes.Name(name) if name in names.rows:
                return nodes.Rows(names.rows[name], name, span=node.span)
            case nodes.Name(name) if name not in names.variables:
                self.unknown(node, "name", name, [*names.variables, *names.rows, *names.facts])
            case nodes.Path(nodes.Name(entity)) if entity in names.facts:
                return self.resolve_fact(node, entity)
            case nodes.Path(base):
                return self.resolve_column(replace(node, base=self.resolve(base)))
            case nodes.Call(nodes.Name(), arguments):
                return replace(node, arguments=tuple(map(self.resolve, arguments)))
            case _ if not isinstance(node, BINDERS):
                return rebuild(node, self.resolve)
        return node

    def resolve_fact(self, node: nodes.Path, entity: str) -> Node:
        fact = self.names.facts[entity].get(node.name)
        if fact is None:
            self.unknown(node, "fact", node.name, self.names.facts[entity])
            return node
        return nodes.Fact(fact.entity, fact.key, f"{entity}.{node.name}", span=node.span)

    def resolve_column(self, node: nodes.Path) -> Node:
        """`rows.事实`: one fact of each row, by its key, since rows do not know labels."""
        entity = _entity(node.base)
        facts = self.by_entity.get(entity or "", {})
        if node.name in facts:
            return replace(node, name=facts[node.name].key)
        if facts and (entity, node.name) not in self.facts:
            self.unknown(node, "fact", node.name, facts)
        return node

    # ---- types

    def type(self, node: Node, scope: _Scope) -> Type:
        match node:
            case nodes.Literal():
                return self.literal(node)
            case nodes.Name(name) | nodes.Figure(name) if name in self.names.variables:
                return self.names.variables[name]
            case nodes.Name():
                return ANY
            case nodes.Figure(value=value):
                return self.type(value, scope)
            case nodes.Rows(entity):
                return types.RowsOf(entity)
            case nodes.Fact():
                return self.fact(node, scope)
            case nodes.Path():
                return self.property(node, scope)
            case nodes.Negate(operand):
                return self.fit(operand, NUMBER, scope)
            case nodes.Binary("and" | "or" as op, left, right):
                self.fit(left, Boolean(), scope)
                return self.fit(right, Boolean(), scope.where(left, op == "and"))
            case nodes.Binary(op, left, right) if op in COMPARISONS:
                return self.compare(node, op, scope, left, right)
            case nodes.Binary("+" | "-" | "*" | "/"):
                return self.arithmetic(node, scope)
            case nodes.Between(value, low, high):
                return self.compare(node, "<=", scope, value, low, high)
            case nodes.In(value, tests):
                for test in tests:
                    self.test(value, test, scope)
                return Boolean()
            case nodes.List(items):
                return List(self.unify(node, [self.type(item, scope) for item in items] or [ANY]))
            case nodes.If(condition, then, other):
                self.fit(condition, Boolean(), scope)
                yes, no = scope.where(condition), scope.where(condition, False)
                return self.unify(node, [self.type(then, yes), self.type(other, no)])
            case nodes.Filter():
                return self.filter(node, scope)
            case nodes.Call():
                return self.call(node, scope)
        return self.outside(node, OUTSIDE.get(type(node), ""))

    def outside(self, node: Node, hint: str) -> Error:
        message = f"'{to_feel(node)}' is not allowed in a policy"
        return self.report(node, "not-in-fragment", message, hint)

    def literal(self, node: nodes.Literal) -> Type:
        match node.value:
            case str() as text:
                return Choice((text,))
            case bool():
                return Boolean()
            case Decimal():
                return NUMBER
            case date():
                return Date()
            case timedelta(seconds=0, microseconds=0):
                return Days()
            case YearsMonths():
                return self.months(node)
        return self.outside(node, "what is missing is unknown, not null; times of day are not used")

    def fact(self, node: nodes.Fact, scope: _Scope) -> Type:
        if scope.visible is None or node.entity in scope.visible:
            return self.facts[node.entity, node.key]
        message = f"there is no single row here to read '{node.label}' from"
        return self.report(node, "unknown-name", message, "read it in a filter of its rows")

    def property(self, node: nodes.Path, scope: _Scope) -> Type:
        match self.type(node.base, scope):
            case Error():
                return ANY
            case Date() if node.name in ("year", "month", "day"):
                return NUMBER
            case List(types.Row(entity)):
                return List(self.facts.get((entity, node.name), ANY))
            case kind:
                return self.report(node, "wrong-type", f"{describe(kind)} has no '{node.name}'")

    def fit(self, node: Node, wanted: Type, scope: _Scope) -> Type:
        """The type of `node`, which has to be fit for where `wanted` is expected."""
        kind = self.type(node, scope)
        if types.join(kind, wanted) is None:
            return self.mismatch(node, wanted, kind, f"expected {describe(wanted)}, found")
        self.known_choices(node, kind, wanted)
        return kind

    def unify(self, node: Node, kinds: Sequence[Type]) -> Type:
        """The type that holds all `kinds`."""
        common = kinds[0]
        for kind in kinds[1:]:
            joined = types.join(common, kind)
            if joined is None:
                return self.mismatch(node, common, kind, f"{describe(common)} cannot go with")
            common = joined
        return common

    def agree(self, node: Node, sides: Sequence[Node], kinds: Sequence[Type]) -> Type:
        """As `unify`; besides, a text that the widest choice does not have is reported."""
        widest = max(kinds, key=lambda kind: len(_values(kind)))
        for side, kind in zip(sides, kinds, strict=True):
            self.known_choices(side, kind, widest)
        return self.unify(node, kinds)

    def mismatch(self, node: Node, wanted: Type, kind: Type, message: str) -> Error:
        code, hint = "wrong-type", ""
        if isinstance(wanted, Boolean):
            code = "not-boolean"
        elif isinstance(wanted, Number) and isinstance(kind, Number):
            code, hint = "wrong-unit", "units must be equal; multiply or divide to convert"
        return self.report(node, code, f"{message} {describe(kind)}", hint)

    def known_choices(self, node: Node, kind: Type, wanted: Type) -> None:
        known = _values(wanted)
        for value in _values(kind) if known else ():
            if value not in known:
                place = next((n for n in walk(node) if n == nodes.Literal(value)), node)
                hint = _nearest(value, known) or f"known are {'、'.join(known)}"
                self.report(place, "bad-choice", f"'{value}' is none of the values", hint)

    # ---- operators

    def compare(self, node: Node, op: str, scope: _Scope, *sides: Node) -> Type:
        ratios = [ratio for side in sides for ratio in _ratios(side)]
        for ratio in ratios:
            message = f"'{to_feel(ratio)}' would be rounded before it is compared"
            self.report(ratio, "ratio-by-division", message, _cross_multiplied(node, ratio))
        scope = replace(scope, nonzero=scope.nonzero.union(ratio.right for ratio in ratios))
        kind = self.agree(node, sides, [self.type(side, scope) for side in sides])
        if isinstance(kind, List) or (op not in ("=", "!=") and not isinstance(kind, ORDERED)):
            hint = "write list contains or has any" if isinstance(kind, List) else "write = or !="
            self.report(node, "wrong-type", f"{describe(kind)} cannot be compared by {op}", hint)
        return Boolean()

    def test(self, value: Node, test: Node, scope: _Scope) -> None:
        match test:
            case nodes.Range(Node() as low, Node() as high):
                self.compare(test, "<=", scope, value, low, high)
            case nodes.Test(op, operand):
                self.compare(test, op, scope, value, operand)
            case _:
                kinds = [self.type(value, scope), _item(self.type(test, scope))]
                self.agree(test, (value, test), kinds)

    def arithmetic(self, node: nodes.Binary, scope: _Scope) -> Type:
        left, right = self.type(node.left, scope), self.type(node.right, scope)
        if node.op == "/" and not _is_sure(node.right, scope):
            divisor = to_feel(node.right)
            hint = f"write if {divisor} > 0 then … else …"
            self.report(node.right, "unguarded-division", f"'{divisor}' may be zero", hint)
        match node.op, left, right:
            case (_, Error(), _) | (_, _, Error()):
                return ANY
            case "+" | "-", Number(), Number():
                return self.unify(node, [left, right])
            case "*", Number(unit), Number(other):
                return Number(unit * other if unit and other else unit or other)
            case "/", Number(unit), Number(other):
                return Number((unit or types.RATIO) / other if other else unit)
            case ("-", Date(), Date()) | ("+" | "-", Days(), Days()):
                return Days()
            case ("*", Days(), Number()) | ("*", Number(), Days()):
                factor = node.left if isinstance(left, Number) else node.right
                return Days() if _is_fixed(factor) else self.outside(node, FIXED_DAYS)
            case ("+" | "-", Date(), Days()) | ("+", Days(), Date()):
                return Date()
            case ("+" | "-", Date(), Number()) | ("+", Number(), Date()):
                return self.months(node)
        message = f"{node.op} has no meaning between {describe(left)} and {describe(right)}"
        return self.report(node, "wrong-type", message)

    def months(self, node: Node) -> Error:
        message = "months have no fixed length, and a bare number is no duration"
        hint = 'write add months(date, n, "earlier") or "later"; for days, date + @"P1D" * n'
        return self.report(node, "month-arithmetic", message, hint)

    def filter(self, node: nodes.Filter, scope: _Scope) -> Type:
        kind = self.type(node.base, scope)
        match kind:
            case List(types.Row(entity)):
                near = (entity, *self.names.parents.get(entity, ()))
                self.fit(node.condition, Boolean(), scope.within(near))
                return kind
            case Error():
                return ANY
        return self.report(node, "wrong-type", f"only rows are filtered, found {describe(kind)}")

    def call(self, node: nodes.Call, scope: _Scope) -> Type:
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        if name == "lookup":
            return self.lookup(node, scope)
        if name not in FUNCTIONS or node.names:
            hint = _nearest(name, FUNCTIONS) or f"allowed are {', '.join(FUNCTIONS)}, lookup"
            return self.outside(node, hint)
        signature, count = FUNCTIONS[name], len(node.arguments)
        wanted = signature.parameters * (count if signature.many else 1)
        if count != len(wanted) or not count:
            message = f"{name}: expected {len(wanted) or 'some'} arguments, found {count}"
            return self.report(node, "arity", message)
        pairs = zip(node.arguments, wanted, strict=True)
        kinds = [self.fit(argument, kind, scope) for argument, kind in pairs]
        if name == "round half up" and not _is_scale(node.arguments[1]):
            return self.outside(node, "write the number of decimals as a literal, from -10 to 10")
        if signature.alike:
            items = kinds if signature.many else [_item(kind) for kind in kinds]
            kinds = [self.agree(node, node.arguments, items)]
        if signature.many and not isinstance(kinds[0], ORDERED):
            return self.report(node, "wrong-type", f"{describe(kinds[0])} has no {name}")
        return signature.result or _item(kinds[0])

    def lookup(self, node: nodes.Call, scope: _Scope) -> Type:
        shape = 'lookup("table.column", key or [keys], date)'
        match node.arguments:
            case (nodes.Literal(str() as name), key, *day) if name in self.names.tables:
                table = self.names.tables[name]
            case (nodes.Literal(str() as name), *_):
                return self.unknown(node.arguments[0], "name", name, self.names.tables)
            case _:
                return self.report(node, "arity", f"expected {shape}")
        keys = key.items if isinstance(key, nodes.List) else (key,)
        wanted = (*table.keys, Date()) if table.dated else table.keys
        if len(keys) != len(table.keys) or len(keys) + len(day) != len(wanted):
            parts = ", ".join(map(describe, wanted))
            return self.report(node, "arity", f"'{name}' is looked up by {parts}", shape)
        for argument, kind in zip((*keys, *day), wanted, strict=True):
            self.fit(argument, kind, scope)
        return table.value


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, 3, 0.4)
    return f"did you mean {'、'.join(near)}?" if near else ""


def _item(kind: Type) -> Type:
    return kind.of if isinstance(kind, List) else kind


def _values(kind: Type) -> tuple[str, ...]:
    item = _item(kind)
    return item.values if isinstance(item, Text) else ()


def _entity(node: Node) -> str | None:
    """The entity of `rows` or of `rows[condition]`."""
    if isinstance(node, nodes.Filter):
        return _entity(node.base)
    return node.entity if isinstance(node, nodes.Rows) else None


def _is_sure(divisor: Node, scope: _Scope) -> bool:
    """Whether it cannot be zero: a literal, a figure, or what a condition has made sure of."""
    match divisor:
        case nodes.Literal(value) | nodes.Figure(value=nodes.Literal(value)):
            return bool(value != 0)
    return divisor in scope.nonzero


def _is_fixed(factor: Node) -> bool:
    """Whether the policy and its documents say how much it is, and no case does."""
    fixed = nodes.Literal | nodes.Figure | nodes.Name | nodes.Negate | nodes.Binary
    return all(isinstance(part, fixed) for part in walk(factor))


def _is_scale(node: Node) -> bool:
    match node:
        case nodes.Negate(operand):
            return _is_scale(operand)
        case nodes.Literal(Decimal() as places):
            return abs(places) <= 10
    return False


def _nonzero(condition: Node | None, holds: bool) -> frozenset[Node]:
    """The expressions that cannot be zero where `condition` is true, or where it is false."""
    match condition:
        case nodes.Binary("and" | "or" as op, left, right) if (op == "and") == holds:
            return _nonzero(left, holds) | _nonzero(right, holds)
        case nodes.Call(nodes.Name("not"), (inner,)):
            return _nonzero(inner, not holds)
        case nodes.Binary(op, other, nodes.Literal(Decimal() as bound)) if op in COMPARISONS:
            return frozenset(() if COMPARISONS[op](0, bound) == holds else (other,))
        case nodes.Binary(op, nodes.Literal(Decimal() as bound), other) if op in COMPARISONS:
            return frozenset(() if COMPARISONS[op](bound, 0) == holds else (other,))
    return frozenset()


def _ratios(side: Node) -> Iterator[nodes.Binary]:
    """The quotients that enter a comparison, unless the policy itself states their rounding."""
    match side:
        case nodes.Binary("/", _, right) if not isinstance(right, nodes.Literal):
            yield side
        case nodes.Binary("+" | "-" | "*" | "/") | nodes.Negate() | nodes.If():
            for child in children(side):
                yield from _ratios(child)


def _cross_multiplied(node: Node, ratio: nodes.Binary) -> str:
    over, under = ratio.left, ratio.right
    match node:
        case nodes.Binary(op, left, right) if left is ratio:
            return f"write {to_feel(nodes.Binary(op, over, nodes.Binary('*', right, under)))}"
        case nodes.Binary(op, left, right) if right is ratio:
            return f"write {to_feel(nodes.Binary(op, nodes.Binary('*', left, under), over))}"
    return f"multiply both sides by {to_feel(under)}"


def free_facts(node: Node) -> tuple[nodes.Fact, ...]:
    """The distinct facts that `node` reads, in source order."""
    return tuple(dict.fromkeys(part for part in walk(node) if isinstance(part, nodes.Fact)))
