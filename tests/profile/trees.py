"""Random checked trees over a small vocabulary, and scopes that know some of its facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from zhida.feel import UNKNOWN, nodes
from zhida.feel.nodes import Node

CHOICES = ("大型", "中型", "小型")
NUMBERS = tuple(map(Decimal, ("0", "1", "2", "3.50", "-4", "12345.67", "0.055")))
DAYS = (date(2022, 1, 31), date(2022, 2, 28), date(2020, 2, 29), date(2022, 10, 1))
TABLE = {("甲",): Decimal(7), ("大型",): Decimal("1.5")}
VALUES: dict[str, tuple[Any, ...]] = {
    "boolean": (True, False),
    "number": NUMBERS,
    "date": DAYS,
    "text": CHOICES,
    "texts": ((), ("大型",), ("大型", "小型")),
}
FACTS = {(entity, f"{kind}_{n}"): kind for entity in ("employer", "hire") for kind in VALUES for n in (1, 2)}
VOCABULARY = SimpleNamespace(
    facts={path: SimpleNamespace(internal=False) for path in FACTS},
    entities={"hire": SimpleNamespace(case_key="hires")},
    tables={"表": SimpleNamespace(definition=SimpleNamespace(table="table"))},
)


@dataclass
class Facts:
    """A scope for `evaluate` and `missing`; `hires` is UNKNOWN or the facts of each hire."""

    facts: dict[tuple[str, str], Any]
    hires: Any = UNKNOWN
    place: str = "employer"
    library: Any = field(default_factory=lambda: VOCABULARY)
    rule: Any = field(default_factory=lambda: SimpleNamespace(derived={}))
    shared: dict[Any, Any] = field(default_factory=dict)

    @property
    def unit(self) -> Any:
        return SimpleNamespace(entity="hire")

    def name(self, name: str) -> Any:
        return {"办理日期": DAYS[3]}[name]

    def path(self, entity: str, key: str) -> str:
        return f"{self.place}.{entity}.{key}"

    def fact(self, entity: str, key: str) -> Any:
        value = self.facts.get((entity, key), UNKNOWN)
        return list(value) if isinstance(value, tuple) else value

    def rows(self, entity: str) -> Any:
        if self.hires is UNKNOWN:
            return UNKNOWN
        known = {path: value for path, value in self.facts.items() if path[0] != "hire"}
        return tuple(Facts({**known, **row}, place=f"hires.{n}") for n, row in enumerate(self.hires))

    def lookup(self, name: str, keys: tuple[Any, ...], on: date | None) -> Any:
        return TABLE.get(keys, UNKNOWN)


def known(entity: str) -> st.SearchStrategy[dict[tuple[str, str], Any]]:
    """Some facts of an entity; the others nobody has stated."""
    paths = {path: st.sampled_from(VALUES[kind]) for path, kind in FACTS.items() if path[0] == entity}
    return st.fixed_dictionaries({}, optional=paths)


@st.composite
def scopes(draw: st.DrawFn) -> Facts:
    facts = {**draw(known("employer")), **draw(known("hire"))}
    return Facts(facts, draw(st.just(UNKNOWN) | st.lists(known("hire"), max_size=3)))


def constant_tree(value: Any) -> Node:
    if isinstance(value, tuple):
        return nodes.List(tuple(map(nodes.Literal, value)))
    return nodes.Literal(value)


def leaves(kind: str) -> st.SearchStrategy[Node]:
    """A literal, a fact, a figure that is set or not."""
    constants = st.sampled_from(VALUES[kind]).map(constant_tree)
    values = constants | st.just(nodes.Literal(UNKNOWN))
    figures = st.builds(lambda value: nodes.Figure("数", value, SimpleNamespace(key="n")), values)
    facts = st.sampled_from([nodes.Fact(*path) for path, found in FACTS.items() if found == kind])
    today = st.just(nodes.Name("办理日期"))
    return facts | constants | figures | today if kind == "date" else facts | constants | figures


def call(name: str, *arguments: Node) -> Node:
    return nodes.Call(nodes.Name(name), arguments)


@cache
def trees(kind: str, depth: int = 4) -> st.SearchStrategy[Node]:
    """Checked trees of a type, of at most `depth` levels."""
    if depth == 0:
        return leaves(kind)

    def tree(kind: str) -> st.SearchStrategy[Node]:
        return trees(kind, depth - 1)

    choice = st.builds(nodes.If, tree("boolean"), tree(kind), tree(kind))
    return leaves(kind) | choice | st.one_of(SHAPES[kind](tree))


Tree = Callable[[str], st.SearchStrategy[Node]]
DIRECTIONS = st.sampled_from(("earlier", "later")).map(nodes.Literal)
EQUALITIES, ORDERS = st.sampled_from(("=", "!=")), st.sampled_from(("<", "<=", ">", ">=", "=", "!="))
ROWS = st.just(nodes.Rows("hire")) | st.builds(
    nodes.Filter, st.just(nodes.Rows("hire")), st.deferred(lambda: trees("boolean", 1))
)


def _booleans(tree: Tree) -> list[st.SearchStrategy[Node]]:
    def tests(kind: str) -> st.SearchStrategy[Node]:
        ranges = st.builds(nodes.Range, tree(kind), tree(kind), st.booleans(), st.booleans())
        return ranges | st.builds(nodes.Test, ORDERS, tree(kind)) | tree(kind)

    return [
        st.builds(nodes.Binary, st.sampled_from(("and", "or")), tree("boolean"), tree("boolean")),
        st.builds(lambda x: call("not", x), tree("boolean")),
        st.builds(nodes.Binary, ORDERS, tree("number"), tree("number")),
        st.builds(nodes.Binary, ORDERS, tree("date"), tree("date")),
        st.builds(nodes.Binary, EQUALITIES, tree("text"), tree("text")),
        st.builds(nodes.Between, tree("number"), tree("number"), tree("number")),
        st.builds(nodes.In, tree("number"), st.lists(tests("number"), min_size=1, max_size=3).map(tuple)),
        st.builds(nodes.In, tree("text"), st.tuples(tree("texts") | tree("text"))),
        st.builds(lambda xs, x: call("list contains", xs, x), tree("texts"), tree("text")),
        st.builds(lambda xs, ys: call("has any", xs, ys), tree("texts"), tree("texts")),
        st.builds(lambda x, y: call("starts with", x, y), tree("text"), tree("text")),
    ]


def _guarded_division(over: Node, under: Node) -> Node:
    return nodes.If(nodes.Binary("=", under, nodes.Literal(Decimal(0))), over, nodes.Binary("/", over, under))


def _numbers(tree: Tree) -> list[st.SearchStrategy[Node]]:
    number = tree("number")
    several = st.lists(number, min_size=1, max_size=3)
    return [
        st.builds(_guarded_division, number, number),
        st.builds(nodes.Binary, st.sampled_from("+-*"), number, number),
        st.builds(nodes.Negate, number),
        st.builds(lambda name, xs: call(name, *xs), st.sampled_from(("min", "max")), several),
        st.builds(lambda name, x: call(name, x), st.sampled_from(("floor", "ceiling", "abs")), number),
        st.builds(lambda x: call("round half up", x, nodes.Literal(Decimal(2))), number),
        st.builds(lambda xs: call("count", xs), tree("texts") | ROWS),
        st.builds(lambda rows: call("sum", nodes.Path(rows, "number_1")), ROWS),
        st.builds(lambda x, y: call("full months", x, y), tree("date"), tree("date")),
        st.builds(lambda x, y: call("full years", x, y), tree("date"), tree("date")),
        st.builds(lambda key: call("lookup", nodes.Literal("表.列"), key), tree("text")),
        st.builds(nodes.Path, tree("date"), st.sampled_from(("year", "month", "day"))),
    ]


SHAPES: dict[str, Callable[[Tree], list[st.SearchStrategy[Node]]]] = {
    "boolean": _booleans,
    "number": _numbers,
    "date": lambda tree: [
        st.builds(
            lambda day, n, way: call("add months", day, nodes.Literal(Decimal(n)), way),
            tree("date"),
            st.integers(-3, 30),
            DIRECTIONS,
        )
    ],
    "text": lambda tree: [leaves("text")],
    "texts": lambda tree: [leaves("texts")],
}
