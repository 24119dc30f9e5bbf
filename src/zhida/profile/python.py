"""A policy tree as Python statements, equal to the interpreter value for value: rules that are decided often.

Unknown is `None` here, tested by `is None` where a value can be unknown and nowhere else. Every step that can
be unknown has a name of its own; the same step is computed once as long as it stays in reach. Whatever
has no Python form of its own, such as aggregates over rows, is left to the interpreter, step by step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from zhida.feel import nodes
from zhida.feel.functions import FUNCTIONS, OPERATORS, bounds, negate
from zhida.feel.nodes import Node
from zhida.feel.printer import to_feel
from zhida.feel.values import CONTEXT, Range, same
from zhida.profile.folding import OPEN, constant


@dataclass(frozen=True, slots=True)
class Value:
    """A Python expression without effects, its kind ("" where that is not known), and whether it can be None.

    What can be None has a name. Where it is None exactly if one of certain names is, `guard` tests
    those, and `bare` is the value otherwise.
    """

    text: str
    kind: str = ""
    open: bool = False
    guard: str = ""
    bare: str = ""

    @property
    def unknown(self) -> str:
        """The test whether it is None."""
        return self.guard if self.text == self.bare else f"{self.text} is None"


NOTHING = Value("None", open=True)
KINDS: dict[type, str] = {bool: "boolean", Decimal: "number", str: "text", date: "date", list: "list"}
ORDERED = ("number", "date", "text")
"""Kinds whose Python order and equality are FEEL's."""
SYMBOLS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
CALLS = {
    "abs": ("absolute", "number"), "floor": ("floor", "number"), "ceiling": ("ceiling", "number"),
    "round half up": ("round_half_up", "number"), "starts with": ("starts_with", "boolean"),
    "add months": ("add_months", "date"), "full years": ("full_years", "number"),
    "full months": ("full_months", "number"),
}  # fmt: skip
OPERATION = {
    "+": "plus", "-": "reduced_by", "*": "product", "/": "quotient", "**": "power",
    "=": "equal", "!=": "unequal", "<": "below", "<=": "at_most", ">": "above", ">=": "at_least",
}  # fmt: skip
"""What the operators are called where the kinds of their operands are not known beforehand."""


def agreed(left: Any, right: Any) -> Any:
    """What an undecided choice comes to: a value where both branches have the same."""
    return left if left is not None and right is not None and same(left, right) else None


HELPERS: dict[str, Any] = {
    "Decimal": Decimal, "agreed": agreed, "negate": negate, "minus": CONTEXT.minus,
    **{name: getattr(CONTEXT, name) for name in ARITHMETIC.values()},
    **{name: FUNCTIONS[function].call for function, (name, _) in CALLS.items()},
    **{name: OPERATORS[symbol].apply for symbol, name in OPERATION.items()},
}  # fmt: skip
"""What generated code may call."""


class Facts(Protocol):
    """Where generated code has the facts from."""

    def name(self, fact: nodes.Fact, /) -> str:
        """What the fact is called, under which it is loaded once."""
        ...

    def load(self, writer: Writer, fact: nodes.Fact, name: str, /) -> Value:
        """Write what loads the fact."""
        ...

    def interpret(self, tree: str, /) -> str:
        """The call that gives the value of a tree, by the tree's name, None for unknown."""
        ...


@dataclass(slots=True)
class Writer:
    """Statements of one function, as they are written. What they need beside HELPERS is in `constants`.

    `columns` gives the kind of each table column. The surrounding function has to give a meaning to `on`,
    `region` and `lookup(table, keys, day)`, the last with None for unknown.
    """

    facts: Facts
    columns: Callable[[str], str] = lambda column: ""
    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    reach: list[dict[str, Value]] = field(default_factory=lambda: [{}])
    shared: set[str] = field(default_factory=set)
    steps: int = 0

    # ---- statements

    def write(self, line: str) -> None:
        self.lines.append("    " * len(self.reach) + line)

    @contextmanager
    def branch(self) -> Iterator[list[str]]:
        """What is written inside goes to a list of its own; names it makes are forgotten after it."""
        outer, self.lines = self.lines, []
        self.reach.append({})
        try:
            yield self.lines
        finally:
            self.reach.pop()
            self.lines = outer

    def found(self, key: str) -> Value | None:
        return next((names[key] for names in reversed(self.reach) if key in names), None)

    def name(self, text: str, kind: str, open: bool, hint: str = "step") -> Value:
        """A name for `text`: the one it already has in reach, else a new one."""
        value = self.found(text)
        if value is None:
            self.steps += 1
            value = Value(f"{hint}_{self.steps}", kind, open)
            self.write(f"{value.text} = {text}")
            self.reach[-1][text] = value
        else:
            self.shared.add(value.text)
        return value

    def constant(self, value: Any, name: str = "") -> str:
        """The name of a constant, told apart from others that were called the same."""
        text = _python(value)
        first = name.upper() if name.isascii() and name.isidentifier() else _constant_name(value)
        key, number = first, 1
        while self.written.setdefault(key, text) != text:
            number += 1
            key = f"{first}_{number}"
        self.constants[key] = value
        return key

    # ---- expressions

    def value(self, node: Node) -> Value:
        """Write what computes a folded tree; gives where its value then is."""
        plain = constant(node)
        if plain is not OPEN:
            return self.plain(plain, node)
        match node:
            case nodes.Figure() | nodes.Literal():
                return NOTHING
            case nodes.Name("办理日期"):
                return Value("on", "date")
            case nodes.Name("办理地区"):
                return Value("region", "text")
            case nodes.Fact():
                return self.fact(node)
            case nodes.Binary("and" | "or"):
                return self.junction(node)
            case nodes.Binary():
                return self.operation(node)
            case nodes.Between(value, low, high):
                return self.within(value, Range(low, high, True, True))
            case nodes.In(value, tests):
                return self.membership(value, tests)
            case nodes.Negate(operand):
                negated = self.value(operand)
                form = "minus({})" if negated.kind == "number" else "negate({})"
                return self.strict(form, negated.kind, negated)
            case nodes.Path(base, "year" | "month" | "day" as part):
                return self.part(node, base, part)
            case nodes.If():
                return self.choice(node)
            case nodes.Call(nodes.Name(name), arguments):
                return self.call(node, name, arguments)
        return self.interpreted(node)

    def plain(self, value: Any, node: Node) -> Value:
        kind = KINDS.get(type(value), "")
        if isinstance(value, bool) or (isinstance(value, str) and isinstance(node, nodes.Literal)):
            return Value(repr(value), kind)
        return Value(self.constant(value, _key(node)), kind)

    def values(self, node: Node) -> Value:
        """As `value`, of what is asked for membership: a constant list becomes a set."""
        plain = constant(node)
        if not isinstance(plain, list):
            return self.value(node)
        return Value(self.constant(frozenset(plain), _key(node)), "list")

    def interpreted(self, node: Node) -> Value:
        self.steps += 1
        name = f"PART_{self.steps}"
        self.constants[name] = node
        self.written[name] = f"parse({to_feel(node)!r})"
        return self.name(self.facts.interpret(name), "", True)

    def fact(self, node: nodes.Fact) -> Value:
        name = self.facts.name(node)
        value = self.found(name)
        if value is None:
            value = self.reach[-1][name] = self.facts.load(self, node, name)
        return value

    def strict(self, form: str, kind: str, *values: Value) -> Value:
        """`form` of the values, None where one of them is."""
        if NOTHING in values:
            return NOTHING
        text = form.format(*(value.text for value in values))
        tests = dict.fromkeys(value.unknown for value in values if value.open)
        if tests:
            return self.guarded(" or ".join(tests), text, kind)
        return (
            self.name(text, kind, False)
            if form.partition("(")[0].isidentifier()
            else Value(f"({text})", kind)
        )

    def guarded(self, guard: str, text: str, kind: str) -> Value:
        value = self.name(f"None if {guard} else {text}", kind, True)
        return replace(value, guard=guard, bare=text)

    def operation(self, node: nodes.Binary) -> Value:
        operand = self.compared if node.op in SYMBOLS else self.value
        return self.operate(node.op, operand(node.left), operand(node.right))

    def compared(self, node: Node) -> Value:
        """What is only compared: a part of a date need not become a Decimal."""
        match node:
            case nodes.Path(base, "year" | "month" | "day" as part) if not _is_of_rows(base):
                whole = self.value(base)
                if whole.kind == "date":
                    text = f"{whole.text}.{part}"
                    return Value(text, "number", whole.open, f"{whole.text} is None" * whole.open, text)
        return self.value(node)

    def operate(self, op: str, left: Value, right: Value) -> Value:
        alike = left.kind == right.kind
        if (
            op in SYMBOLS
            and alike
            and (left.kind in ORDERED or (left.kind == "boolean" and op in ("=", "!=")))
        ):
            return self.strict(f"{{}} {SYMBOLS[op]} {{}}", "boolean", left, right)
        if op in ARITHMETIC and alike and left.kind == "number":
            return self.strict(f"{ARITHMETIC[op]}({{}}, {{}})", "number", left, right)
        kind = "boolean" if op in SYMBOLS else ""
        return self.strict(f"{OPERATION[op]}({{}}, {{}})", kind, left, right)

    def part(self, node: Node, base: Node, part: str) -> Value:
        whole = NOTHING if _is_of_rows(node) else self.value(base)
        if whole.kind != "date":
            return self.interpreted(node)
        return self.strict(f"Decimal({{}}.{part})", "number", whole)

    # ---- three truth values

    def junction(self, node: nodes.Binary) -> Value:
        return self.join(node.op, [lambda: self.value(node.left), lambda: self.value(node.right)])

    def join(self, op: str, sides: Sequence[Callable[[], Value]]) -> Value:
        """Kleene's `and` or `or` of the sides, each written only where those before do not decide."""
        whole = sides[0]()
        for side in sides[1:]:
            whole = self.both(op, whole, side)
        return whole

    def both(self, op: str, left: Value, side: Callable[[], Value]) -> Value:
        decisive, neutral = (True, False) if op == "or" else (False, True)
        with self.branch() as lines:
            right = side()
        if left.guard and left.guard == right.guard and self.take_back(left, lines, right):
            return self.guarded(left.guard, f"({left.bare} {op} {right.bare})", "boolean")
        if not lines:
            return self.inline(op, decisive, left, right)
        self.steps += 1
        whole = Value(f"step_{self.steps}", "boolean", left.open or right.open)
        self.write(f"{whole.text} = {left.text}")
        self.write(f"if {whole.text} is not {decisive}:")
        self.lines += lines
        takes = f"{whole.text} = {right.text}"
        if left.open:
            self.write(f"    if {whole.text} is {neutral} or {right.text} is {decisive}:")
            self.write(f"        {takes}")
        else:
            self.write(f"    {takes}")
        return whole

    def take_back(self, left: Value, lines: list[str], right: Value) -> bool:
        """Unwrite the two steps, if nothing else was written since: they become one."""
        if left.text in self.shared or len(lines) != 1 or not lines[0].strip().startswith(f"{right.text} = "):
            return False
        if not (self.lines and self.lines[-1].strip().startswith(f"{left.text} = ")):
            return False
        self.lines.pop()
        names = self.reach[-1]
        for text in [text for text, value in names.items() if value.text == left.text]:
            del names[text]
        return True

    def inline(self, op: str, decisive: bool, left: Value, right: Value) -> Value:
        """`both` where the right side takes no statement."""
        neutral = not decisive
        if not left.open and not right.open:
            return Value(f"({left.text} {op} {right.text})", "boolean")
        if not (left.open and right.open):
            sure, unsure = (right, left) if left.open else (left, right)
            branches = f"True if {sure.text} else {unsure.text}", f"{unsure.text} if {sure.text} else False"
            return self.name(branches[op == "and"], "boolean", True)
        decided = f"{decisive} if {left.text} is {decisive} or {right.text} is {decisive}"
        return self.name(
            f"{decided} else {right.text} if {left.text} is {neutral} else None", "boolean", True
        )

    def choice(self, node: nodes.If) -> Value:
        condition = self.value(node.condition)
        with self.branch() as yes:
            consequent = self.value(node.consequent)
        with self.branch() as no:
            alternative = self.value(node.alternative)
        kinds = {value.kind for value in (consequent, alternative) if value is not NOTHING}
        kind = kinds.pop() if len(kinds) == 1 else ""
        open = condition.open or consequent.open or alternative.open
        if not yes and not no and not open:
            return Value(f"({consequent.text} if {condition.text} else {alternative.text})", kind)
        self.steps += 1
        whole = Value(f"step_{self.steps}", kind, open)
        if condition.open:
            self.undecided(whole.text, condition.text, (yes, consequent.text), (no, alternative.text))
            return whole
        self.write(f"if {condition.text}:")
        self.lines += yes
        self.write(f"    {whole.text} = {consequent.text}")
        self.write("else:")
        self.lines += no
        self.write(f"    {whole.text} = {alternative.text}")
        return whole

    def undecided(
        self, whole: str, condition: str, yes: tuple[list[str], str], no: tuple[list[str], str]
    ) -> None:
        """A choice whose condition can be unknown: then both branches are computed, and have to agree."""
        (yes_lines, consequent), (no_lines, alternative) = yes, no
        self.write(f"if {condition} is not False:")
        self.lines += yes_lines
        self.write(f"    {whole} = {consequent}")
        self.write(f"if {condition} is not True:")
        self.lines += no_lines
        self.write(f"    {whole} = {alternative} if {condition} is False else agreed({whole}, {alternative})")

    # ---- tests and calls

    def within(self, value: Node, range: Range) -> Value:
        tested = self.value(value)
        return self.join("and", [self.passes(tested, op, bound) for op, bound in bounds(range)])

    def passes(self, tested: Value, op: str, bound: Node) -> Callable[[], Value]:
        return lambda: self.operate(op, tested, self.value(bound))

    def membership(self, value: Node, tests: tuple[Node, ...]) -> Value:
        """Kleene's `or` of the tests; what is tested is computed before any of them."""
        tested = self.value(value)
        return self.join("or", [partial(self.test, value, tested, test) for test in tests])

    def test(self, value: Node, tested: Value, test: Node) -> Value:
        match test:
            case nodes.Range(low, high, low_closed, high_closed):
                ends = bounds(Range(low, high, low_closed, high_closed))
                return self.join("and", [self.passes(tested, op, bound) for op, bound in ends])
            case nodes.Test(op, operand):
                return self.operate(op, tested, self.value(operand))
        plain = constant(test)
        if plain == []:
            return Value("False", "boolean")
        other = self.values(test)
        if isinstance(plain, list) and tested.kind in ORDERED:
            return self.strict("{} in {}", "boolean", tested, other)
        if tested.kind in ORDERED and other.kind in ORDERED:
            return self.operate("=", tested, other)
        return self.interpreted(nodes.In(value, (test,)))

    def call(self, node: nodes.Call, name: str, arguments: tuple[Node, ...]) -> Value:
        if name == "lookup":
            return self.lookup(node)
        if any(map(_is_of_rows, arguments)):
            return self.interpreted(node)
        write = self.values if name in ("list contains", "has any") else self.value
        values = [write(argument) for argument in arguments]
        kinds = [value.kind for value in values]
        match name:
            case "not":
                return self.strict("not {}", "boolean", *values)
            case "list contains" if constant(arguments[0]) is not OPEN and kinds[1] == "text":
                return self.strict("{1} in {0}", "boolean", *values)
            case "list contains" if kinds == ["list", "text"] and not values[1].open:
                return self.strict("{1} in {0}", "boolean", *values)
            case "has any" if kinds == ["list", "list"] and constant(arguments[1]) is not OPEN:
                return self.strict("not {1}.isdisjoint({0})", "boolean", *values)
            case "has any" if kinds == ["list", "list"] and constant(arguments[0]) is not OPEN:
                return self.strict("not {0}.isdisjoint({1})", "boolean", *values)
            case "min" | "max" if len(values) > 1 and set(kinds) in ({"number"}, {"date"}):
                return self.strict(f"{name}({', '.join(['{}'] * len(values))})", kinds[0], *values)
            case "count" if kinds == ["list"]:
                return self.strict("Decimal(len({}))", "number", *values)
        if name not in CALLS:
            return self.interpreted(node)
        function, kind = CALLS[name]
        if name == "add months" and not _is_near(arguments[1]):
            kind = ""
        return self.strict(f"{function}({', '.join(['{}'] * len(values))})", kind, *values)

    def lookup(self, node: nodes.Call) -> Value:
        table, key, *day = node.arguments
        column = str(constant(table))
        keys = [self.value(part) for part in (key.items if isinstance(key, nodes.List) else (key,))]
        days = [self.value(part) for part in day]
        if any(value.kind == "list" for value in keys):
            return self.interpreted(node)
        form = f"lookup({column!r}, ({', '.join(['{}'] * len(keys))},){', {}' * len(days)})"
        found = self.strict(form, self.columns(column), *keys, *days)
        return found if found is NOTHING or found.open else Value(found.text, found.kind, True)


def _key(node: Node) -> str:
    """The parameter's key where the node is a figure."""
    return str(getattr(node.source, "key", "")) if isinstance(node, nodes.Figure) else ""


def _is_of_rows(node: Node) -> bool:
    """Whether the value is made of rows, each of which is a scope of its own."""
    if isinstance(node, nodes.Path):
        return _is_of_rows(node.base)
    return isinstance(node, nodes.Rows | nodes.Filter)


def _is_near(months: Node) -> bool:
    """Whether no date that a case can hold leaves the years of Python's calendar by so many months."""
    value = constant(months)
    return isinstance(months, nodes.Fact) or (isinstance(value, Decimal) and abs(value) < 12_000)


def _python(value: Any) -> str:
    """A constant as Python writes it."""
    match value:
        case Decimal():
            return f'Decimal("{value}")'
        case date():
            return f"date({value.year}, {value.month}, {value.day})"
        case timedelta():
            return f"timedelta({value.days}, {value.seconds}, {value.microseconds})"
        case frozenset():
            return f"frozenset({sorted(value)})"
    return repr(value)


def _constant_name(value: Any) -> str:
    words = re.sub(r"\W", "_", str(value), flags=re.ASCII)
    kind = KINDS.get(type(value), "constant").upper()
    return f"{kind}_{words}" if isinstance(value, Decimal | date) else kind
