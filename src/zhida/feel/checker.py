"""Resolve the names of a policy expression; check its types and units, and that SQL can say it.

Everything that is wrong is collected. What passes cannot fail on data: it divides by no zero.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from zhida.diagnostics import Diagnostic, Span
from zhida.feel import nodes, types
from zhida.feel.nodes import Node, children
from zhida.feel.printer import to_feel
from zhida.feel.types import Boolean, Choice, Date, Days, Error, List, Number, Text, Type, describe
from zhida.temporal import YearsMonths


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at a place in the expression's own text."""

    code: str
    message: str
    hint: str
    span: Span


@dataclass(frozen=True, slots=True)
class FactType:
    """What `实体.事实` stands for."""

    entity: str
    key: str
    type: Type


@dataclass(frozen=True, slots=True)
class LookupType:
    """What finds a row of a standards table, and the column then read."""

    keys: tuple[Type, ...]
    value: Type
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What an expression may speak of, by the names it writes; `rows` gives the keys of entities.

    `visible` are the keys of the entities of which there is one row here (None: of all); a filter
    adds its own entity and that one's `parents`. Variables that are `nonzero` may divide.
    """

    variables: Mapping[str, Type] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, FactType]] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, LookupType] = field(default_factory=dict)
    visible: frozenset[str] | None = None
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nonzero: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """The tree with its names resolved, its type, and all that is wrong with it."""

    node: Node
    type: Type
    problems: tuple[Problem, ...]


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
    "date": Signature((Text(),), Date()),
}
COMPARISONS = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
OUTSIDE: dict[type[Node], str] = {
    nodes.Context: "state the facts one by one",
    nodes.For: "aggregate rows: sum(rows[condition].fact)",
    nodes.Quantified: "count rows: count(rows[condition]) > 0",
    nodes.InstanceOf: "the vocabulary says what type a fact has",
    nodes.Function: "write the expression where it is used",
    nodes.Range: "a range is a test: x in [low..high]",
    nodes.Test: "a comparison without a left side is a test: x in (< 5, > 9)",
}


@dataclass(frozen=True, slots=True)
class _Scope:
    """The entities of which there is one row here, and the expressions that are not zero here."""

    visible: frozenset[str] | None
    nonzero: frozenset[Node]

    def where(self, condition: Node | None, holds: bool = True) -> _Scope:
        return replace(self, nonzero=self.nonzero | _nonzero(condition, holds))


def check(
    node: Node, names: Names, expected: Type | None = None, assuming: Node | None = None
) -> Checked:
    """Resolve and check `node`; `assuming` is a condition that holds wherever it is evaluated."""
    checker = _Checker(names)
    resolved = checker.resolve(node)
    scope = _Scope(names.visible, frozenset(map(nodes.Name, names.nonzero)))
    scope = scope.where(assuming and _Checker(names).resolve(assuming))
    kind = checker.fit(resolved, expected or ANY, scope)
    return Checked(resolved, kind, tuple(sorted(checker.problems, key=lambda p: p.span.start)))


class _Checker:
    """One walk to resolve names and one to find types; what is wrong goes to `problems`."""

    def __init__(self, names: Names) -> None:
        self.names, self.problems = names, list[Problem]()
        facts = [fact for group in names.facts.values() for fact in group.values()]
        self.facts = {(fact.entity, fact.key): fact.type for fact in facts}

    def report(self, node: Node, code: str, message: str, hint: str = "") -> Error:
        self.problems.append(Problem(code, message, hint, node.span))
        return Error()

    def unknown(self, node: Node, what: str, name: str, known: Iterable[str]) -> None:
        self.report(node, f"unknown-{what}", f"unknown {what} '{name}'", _nearest(name, known))

    # ---- names

    def resolve(self, node: Node) -> Node:
        match node:
            case nodes.Name(name) if name in self.names.rows:
                return nodes.Rows(self.names.rows[name], name, span=node.span)
            case nodes.Name(name) if name not in self.names.variables:
                known = [*self.names.variables, *self.names.rows, *self.names.facts]
                self.unknown(node, "name", name, known)
            case nodes.Path(nodes.Name(entity)) if entity in self.names.facts:
                return self.resolve_fact(node, entity)
            case nodes.Path(base):
                return self.resolve_column(replace(node, base=self.resolve(base)))
            case nodes.Call(nodes.Name(), arguments):
                return replace(node, arguments=tuple(map(self.resolve, arguments)))
            case _ if type(node) not in OUTSIDE or isinstance(node, nodes.Range | nodes.Test):
                return _rebuild(node, self.resolve)
        return node

    def resolve_fact(self, node: nodes.Path, entity: str) -> Node:
        facts = self.names.facts[entity]
        if node.name in facts:
            fact = facts[node.name]
            return nodes.Fact(fact.entity, fact.key, f"{entity}.{node.name}", span=node.span)
        self.unknown(node, "fact", node.name, facts)
        return node

    def resolve_column(self, node: nodes.Path) -> Node:
        """`rows.事实`: one fact of each row, by its key, since rows do not know labels."""
        entity = _entity(node.base)
        facts = [g for g in self.names.facts.values() for f in g.values() if f.entity == entity]
        if not facts or (entity, node.name) in self.facts:
            return node
        if node.name in facts[0]:
            return replace(node, name=facts[0][node.name].key)
        self.unknown(node, "fact", node.name, facts[0])
        return node

    # ---- types

    def type(self, node: Node, scope: _Scope) -> Type:
        match node:
            case nodes.Literal():
                return self.literal(node)
            case nodes.Name(name) | nodes.Figure(name) if name in self.names.variables:
                return self.names.variables[name]
            case nodes.Figure(value=value) | nodes.Negate(value):
                return self.fit(value, NUMBER if isinstance(node, nodes.Negate) else ANY, scope)
            case nodes.Rows(entity):
                return types.RowsOf(entity)
            case nodes.Fact():
                return self.fact(node, scope)
            case nodes.Path():
                return self.property(node, scope)
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
            case nodes.Name():
                return Error()
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
        return self.outside(node, "missing is unknown, not null; times of day are not used")

    def fact(self, node: nodes.Fact, scope: _Scope) -> Type:
        if scope.visible is not None and node.entity not in scope.visible:
            message = f"there is no single row here to read '{node.label}' from"
            return self.report(node, "unknown-name", message, "read it in a filter of its rows")
        return self.facts[node.entity, node.key]

    def property(self, node: nodes.Path, scope: _Scope) -> Type:
        match node.base, self.type(node.base, scope):
            case _, List(types.Row(entity)):
                return List(self.facts.get((entity, node.name), ANY))
            case _, Date() if node.name in ("year", "month", "day"):
                return NUMBER
            case _, Error():
                return ANY
            case _, kind:
                return self.report(node, "wrong-type", f"{describe(kind)} has no '{node.name}'")

    def fit(self, node: Node, wanted: Type, scope: _Scope) -> Type:
        """The type of `node`, which has to be fit for where `wanted` is expected."""
        kind = self.type(node, scope)
        if types.join(kind, wanted) is None:
            code = "not-boolean" if isinstance(wanted, Boolean) else _mismatch(kind, wanted)
            message = f"found {describe(kind)}, expected {describe(wanted)}"
            return self.report(node, code, message, _HINTS.get(code, ""))
        self.known_choices(node, kind, wanted)
        return kind

    def unify(self, node: Node, kinds: list[Type]) -> Type:
        """The type that holds all `kinds`."""
        common = kinds[0]
        for kind in kinds[1:]:
            joined = types.join(common, kind)
            if joined is None:
                code = _mismatch(common, kind)
                message = f"{describe(common)} does not go with {describe(kind)}"
                return self.report(node, code, message, _HINTS.get(code, ""))
            common = joined
        return common

    def agree(self, node: Node, sides: Iterable[Node], kinds: list[Type]) -> Type:
        """As `unify`; besides, a text that the widest choice does not have is reported."""
        widest = max(kinds, key=lambda kind: len(_values(kind)))
        for side, kind in zip(sides, kinds, strict=True):
            self.known_choices(side, kind, widest)
        return self.unify(node, kinds)

    def known_choices(self, node: Node, kind: Type, wanted: Type) -> None:
        known = _values(wanted)
        for value in _values(kind) if known else ():
            if value not in known:
                literal = nodes.Literal(value)
                place = next((part for part in _walk(node) if part == literal), node)
                hint = _nearest(value, known) or f"known are {'、'.join(known)}"
                self.report(place, "bad-choice", f"'{value}' is none of the values", hint)

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
            case nodes.Range(nodes.Node() as low, nodes.Node() as high):
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
                return Days()
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
        kind, entity = self.type(node.base, scope), _entity(node.base)
        if entity is None:
            message = f"only rows are filtered, found {describe(kind)}"
            return kind if kind == ANY else self.report(node.base, "wrong-type", message)
        if scope.visible is not None:
            near = self.names.parents.get(entity, ())
            scope = replace(scope, visible=scope.visible.union((entity,), near))
        self.fit(node.condition, Boolean(), scope)
        return kind

    # ---- functions

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
            message = f"{name}: found {count} arguments, expected {len(wanted) or 'some'}"
            return self.report(node, "arity", message)
        pairs = zip(node.arguments, wanted, strict=True)
        kinds = [self.fit(argument, kind, scope) for argument, kind in pairs]
        if name == "date" and not _is_calendar_date(node.arguments[0]):
            self.report(node, "wrong-type", "not a date of the calendar", 'write @"2022-10-01"')
        if signature.alike:
            items = kinds if signature.many else [_item(kind) for kind in kinds]
            common = self.agree(node, node.arguments, items)
            if signature.many and not isinstance(common, ORDERED):
                return self.report(node, "wrong-type", f"{describe(common)} has no {name}")
            kinds = [common]
        return signature.result or _item(kinds[0])

    def lookup(self, node: nodes.Call, scope: _Scope) -> Type:
        shape = 'lookup("table.column", key or [keys], date)'
        match node.arguments:
            case (nodes.Literal(str() as name), key, *day):
                table = self.names.tables.get(name)
            case _:
                return self.report(node, "arity", f"expected {shape}")
        if table is None:
            self.unknown(node.arguments[0], "name", name, self.names.tables)
            return ANY
        keys = key.items if isinstance(key, nodes.List) else (key,)
        if (len(keys), len(day)) != (len(table.keys), int(table.dated)):
            date_too = " and a date" if table.dated else " and no date"
            message = f"'{name}' is looked up by {len(table.keys)} keys{date_too}"
            return self.report(node, "arity", message, shape)
        for argument, kind in zip((*keys, *day), (*table.keys, Date()), strict=False):
            self.fit(argument, kind, scope)
        return table.value


_HINTS = {
    "wrong-unit": "units must be equal; multiply or divide by what converts one into the other",
    "not-boolean": "a condition is true or false",
}


def _mismatch(left: Type, right: Type) -> str:
    return "wrong-unit" if isinstance(left, Number) and isinstance(right, Number) else "wrong-type"


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


def _is_calendar_date(node: Node) -> bool:
    try:
        return isinstance(node, nodes.Literal) and bool(date.fromisoformat(node.value))
    except ValueError:
        return False


def _is_sure(divisor: Node, scope: _Scope) -> bool:
    """Whether it cannot be zero: a literal, a figure, or what a condition has made sure of."""
    match divisor:
        case nodes.Literal(value) | nodes.Figure(value=nodes.Literal(value)):
            return bool(value != 0)
    return divisor in scope.nonzero


def _nonzero(condition: Node | None, holds: bool) -> frozenset[Node]:
    """The expressions that cannot be zero where `condition` is true, or false."""
    match condition:
        case nodes.Binary("and" | "or" as op, left, right) if (op == "and") == holds:
            return _nonzero(left, holds) | _nonzero(right, holds)
        case nodes.Call(nodes.Name("not"), (inner,)):
            return _nonzero(inner, not holds)
        case nodes.Binary(op, other, nodes.Literal(Decimal() as bound)) if op in COMPARISONS:
            return frozenset() if COMPARISONS[op](0, bound) == holds else frozenset((other,))
        case nodes.Binary(op, nodes.Literal(Decimal() as bound), other) if op in COMPARISONS:
            return frozenset() if COMPARISONS[op](bound, 0) == holds else frozenset((other,))
    return frozenset()


def _ratios(side: Node) -> Iterator[nodes.Binary]:
    """The quotients whose value enters a comparison; dividing by a literal is no ratio."""
    match side:
        case nodes.Binary("/", left, right):
            if isinstance(right, nodes.Literal):
                yield from _ratios(left)
            else:
                yield side
        case nodes.Binary("+" | "-" | "*", left, right):
            yield from (*_ratios(left), *_ratios(right))
        case nodes.Negate(operand):
            yield from _ratios(operand)


def _cross_multiplied(node: Node, ratio: nodes.Binary) -> str:
    over, under = ratio.left, ratio.right
    match node:
        case nodes.Binary(op, left, right) if left is ratio:
            return f"write {to_feel(nodes.Binary(op, over, nodes.Binary('*', right, under)))}"
        case nodes.Binary(op, left, right) if right is ratio:
            return f"write {to_feel(nodes.Binary(op, nodes.Binary('*', left, under), over))}"
    return f"multiply both sides by {to_feel(under)}"


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _rebuild(node: Node, change: Any) -> Node:
    """The same node with every child changed."""

    def changed(value: Any) -> Any:
        if isinstance(value, Node):
            return change(value)
        return tuple(map(changed, value)) if isinstance(value, tuple) else value

    fields = (name for name in node.__dataclass_fields__ if name not in ("span", "source"))
    return replace(node, **{name: changed(getattr(node, name)) for name in fields})


def free_facts(node: Node) -> tuple[nodes.Fact, ...]:
    """The distinct facts that `node` reads, in source order."""
    return tuple(dict.fromkeys(part for part in _walk(node) if isinstance(part, nodes.Fact)))


@dataclass(frozen=True, slots=True)
class SourceText:
    """Where an expression stands: `source` are the file's lines from its first one on."""

    file: str
    line: int
    column: int
    text: str
    source: str

    def position(self, offset: int) -> int:
        """Where in `source` a character stands: YAML folds and quotes, but keeps the rest."""
        found = self.column - 2
        for char in self.text[: offset + 1]:
            found = found if char.isspace() else self.source.find(char, found + 1)
        return max(found, 0)


def problems_to_diagnostics(
    problems: Iterable[Problem], source: SourceText
) -> tuple[Diagnostic, ...]:
    return tuple(_diagnostic(problem, source) for problem in problems)


def _diagnostic(problem: Problem, source: SourceText) -> Diagnostic:
    start = source.position(problem.span.start)
    end = source.position(max(problem.span.end - 1, problem.span.start)) + 1
    line_start = source.source.rfind("\n", 0, start) + 1
    line_text = source.source[line_start:].split("\n", 1)[0]
    return Diagnostic(
        problem.code, problem.message, problem.hint, source.file,
        source.line + source.source.count("\n", 0, start), start - line_start + 1,
        min(end - line_start, len(line_text)) - (start - line_start), line_text,
    )  # fmt: skip
