"""SQL says what the interpreter says: random policy trees over random rows, unknown facts included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.profile.trees import DAYS, FACTS, VALUES, VOCABULARY, Facts, trees
from tests.screen.engines import Engine
from tests.screen.wide import Wide, agree, known, load, projected, typed, values

from zhida.decide.missing import missing as interpreted_missing
from zhida.decide.ranges import interval
from zhida.feel import POLICY, UNKNOWN, evaluate, nodes, parse
from zhida.feel.nodes import Node
from zhida.feel.printer import to_feel
from zhida.profile.folding import fold
from zhida.screen import syntax, widths
from zhida.screen.lowering import Unsupported, lower
from zhida.screen.missing import missing
from zhida.screen.terms import Kind, Term, number
from zhida.screen.upper import upper

KINDS = {"boolean": Kind.BOOLEAN, "date": Kind.DATE, "text": Kind.TEXT, "texts": Kind.TEXTS}
NUMBER_MOST = 99_999_999  # in thousandths
ROWS, TREES = 100, 20
QUICK = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a batch takes minutes
    suppress_health_check=list(HealthCheck),
)
LIBRARY = SimpleNamespace(
    facts={path: SimpleNamespace(internal=False, type="number") for path in FACTS},
    entities=VOCABULARY.entities,
    tables={
        "表": SimpleNamespace(
            definition=SimpleNamespace(table="table", keys=("key",)), of_parts=lambda *anything: ()
        )
    },
)


@dataclass
class Scope(Facts):
    """The facts of one row, as the interpreter and the walks over what is missing ask for them."""

    library: Any = field(default_factory=lambda: LIBRARY)

    def value(self, node: Node) -> Any:
        return evaluate(node, self, POLICY)


@dataclass(frozen=True)
class Batch:
    """Trees and the seed of the rows that they are tried on; short when shown."""

    trees: tuple[Node, ...]
    seed: int

    def __repr__(self) -> str:
        return f"{len(self.trees)} trees over the rows of seed {self.seed}"

    def rows(self) -> list[Scope]:
        random = Random(self.seed)
        return [_row(random) for _ in range(ROWS)]


def _row(random: Random) -> Scope:
    hires = UNKNOWN if random.random() < 0.3 else [_some(random, "hire") for _ in range(random.randrange(4))]
    return Scope({**_some(random, "employer"), **_some(random, "hire")}, hires)


def _some(random: Random, entity: str) -> dict[tuple[str, str], Any]:
    """Some facts of an entity; the others nobody has stated."""
    share = random.choice((0.2, 0.6, 0.9, 1.0))
    return {
        path: random.choice(VALUES[kind])
        for path, kind in FACTS.items()
        if path[0] == entity and random.random() < share
    }


def batches(*kinds: str) -> st.SearchStrategy[Batch]:
    tree = st.sampled_from(kinds).flatmap(lambda kind: trees(kind, 3))
    several = st.lists(tree, min_size=TREES, max_size=TREES).map(tuple)
    return st.builds(Batch, several, st.integers(0, 10**6))


def fact_term(path: tuple[str, str], kind: str) -> Term:
    sql = syntax.column(".".join(path))
    if kind == "number":
        return number(sql, 3, -NUMBER_MOST, NUMBER_MOST, None, 18)
    return Term(sql, KINDS[kind])


TERMS = {path: fact_term(path, kind) for path, kind in FACTS.items()}


def columns_of(engine: Engine) -> Wide:
    return Wide(engine.dialect, TERMS, {"办理日期": DAYS[3]})


class Narrowed(Exception):
    """A number that the bounds of its facts alone would take beyond 38 digits: an engine may refuse it."""


@pytest.fixture(autouse=True)
def refuse_narrowing(monkeypatch: pytest.MonkeyPatch) -> None:
    is_too_wide = widths.is_too_wide

    def refuse(digits: int) -> bool:
        if is_too_wide(digits):
            raise Narrowed
        return False

    monkeypatch.setattr(widths, "is_too_wide", refuse)


def lowered(columns: Wide, found: Sequence[Node]) -> Iterator[tuple[Node, Term]]:
    for tree in found:
        try:
            yield tree, lower(fold(tree), columns)
        except (Unsupported, Narrowed):
            continue


def check(engine: Engine, batch: Batch, compared: Counter[str]) -> None:
    """Every tree over every row, in one statement."""
    columns = columns_of(engine)
    pairs = list(lowered(columns, batch.trees))
    terms = [term for _, term in pairs]
    rows = batch.rows()
    load(engine, columns, rows)
    chosen = projected(terms)
    for scope, row in zip(rows, engine.rows(columns.statement(chosen)), strict=True):
        found = values(terms, dict(zip(["row", *chosen], row, strict=True)))
        for (tree, term), value in zip(pairs, found, strict=True):
            wanted = known(evaluate(tree, scope, POLICY))
            assert agree(value, wanted), (to_feel(tree), engine.dialect.sql(term.sql), value, wanted, scope)
        compared[engine.dialect.name] += len(found)


@settings(QUICK)
@given(batch=batches(*VALUES))
def test_duckdb_gives_the_value(duckdb_engine: Engine, compared: Counter[str], batch: Batch) -> None:
    check(duckdb_engine, batch, compared)


@settings(QUICK, max_examples=3)
@given(batch=batches(*VALUES))
def test_spark_gives_the_value(spark_engine: Engine, compared: Counter[str], batch: Batch) -> None:
    check(spark_engine, batch, compared)


@settings(QUICK, max_examples=3)
@given(batch=batches(*VALUES))
def test_postgresql_gives_the_value(postgres_engine: Engine, compared: Counter[str], batch: Batch) -> None:
    check(postgres_engine, batch, compared)


@settings(QUICK, max_examples=10)
@given(batch=batches("boolean", "number", "date", "text"))
def test_the_same_facts_are_missing(duckdb_engine: Engine, compared: Counter[str], batch: Batch) -> None:
    columns = columns_of(duckdb_engine)
    trees = [tree for tree, _ in lowered(columns, batch.trees) if not _filters(tree)]
    flags = [missing(fold(tree), columns) for tree in trees]
    chosen = {f"{n} {key}": flag for n, found in enumerate(flags) for key, flag in found}
    rows = batch.rows()
    load(duckdb_engine, columns, rows)
    for scope, row in zip(rows, duckdb_engine.rows(columns.statement(chosen)), strict=True):
        told = dict(zip(["row", *chosen], row, strict=True))
        assert None not in told.values()
        for n, (tree, found) in enumerate(zip(trees, flags, strict=True)):
            absent = {key for key, _ in found if told[f"{n} {key}"]}
            assert absent == asked(tree, scope), (to_feel(tree), scope)
        compared["duckdb"] += len(chosen)


def _filters(tree: Node) -> bool:
    """Whether facts of other rows may be missing, which this one table does not have."""
    return any(isinstance(part, nodes.Filter) for part in nodes.walk(tree))


def asked(tree: Node, scope: Scope) -> set[str]:
    """The interpreter's keys without the row's place in its case; those of single rows are not told."""
    found = interpreted_missing(tree, scope)  # type: ignore[arg-type]
    return {
        key.removeprefix("employer.") if key.count(".") == 2 else key for key in found if "hires." not in key
    }


@settings(QUICK, max_examples=6)
@given(batch=batches("number"))
def test_the_upper_bound_is_the_same(duckdb_engine: Engine, compared: Counter[str], batch: Batch) -> None:
    columns, pairs = columns_of(duckdb_engine), list[tuple[Node, Term]]()
    for tree, _ in lowered(columns, batch.trees):
        try:
            pairs.append((tree, typed(upper(fold(tree), columns), Kind.NUMBER)))
        except Narrowed:
            continue
    rows, terms = batch.rows(), [term for _, term in pairs]
    load(duckdb_engine, columns, rows)
    chosen = projected(terms)
    for scope, row in zip(rows, duckdb_engine.rows(columns.statement(chosen)), strict=True):
        found = values(terms, dict(zip(["row", *chosen], row, strict=True)))
        for (tree, _), value in zip(pairs, found, strict=True):
            assert agree(value, interval(tree, scope).high, 25), (to_feel(tree), value)  # type: ignore[arg-type]
        compared["duckdb"] += len(found)


def test_a_quotient_is_compared_to_the_last_digit_of_the_interpreter() -> None:
    third = evaluate(parse("1 / 3", policy=True), Scope({}), POLICY)
    assert agree(Fraction(1, 3), third)
    assert not agree(Fraction(333333, 10**6), third)
