"""Every expression of the library, under every region's figures, over random facts: SQL = interpreter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from tests.screen.engines import Engine
from tests.screen.wide import Wide, agree, known, load, projected, typed, values

from zhida.decide.case import Case, Entry
from zhida.decide.missing import missing as interpreted_missing
from zhida.decide.ranges import interval
from zhida.decide.scope import UnitScope
from zhida.decide.verdict import round_money
from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.nodes import Node
from zhida.feel.printer import to_feel
from zhida.library import Library, Rule, resolve
from zhida.library.model import FactDef
from zhida.library.rule import FactPath
from zhida.profile.folding import fold
from zhida.screen import arithmetic, syntax
from zhida.screen.choice import share_whole
from zhida.screen.lowering import first_known, lower
from zhida.screen.missing import missing
from zhida.screen.terms import VOID, Kind, Term, constant_term, fact_term, number
from zhida.screen.upper import upper

REGIONS = ("621025", "620800", "210300", "210000", "150200", "520000")
DATES = (date(2022, 10, 1), date(2023, 3, 1), date(2025, 6, 1))
ON = DATES[0]
ROWS = 60
COUNTS = (0, 1, 2, 3, 5, 6, 11, 12, 13, 20, 28, 30, 31, 36, 60, 100, 300, 999)
RATES = ("0", "0.0499", "0.05", "0.055", "0.055001", "0.2", "0.5", "1")
DAYS = (date(2022, 6, 30), date(2022, 7, 31), date(2022, 9, 30), date(2022, 10, 1), date(2000, 2, 29))
CODES = ("H62", "H6", "H", "C3911", "E4710", "F5111", "G5431", "R88", "Z")


@dataclass(frozen=True)
class Expression:
    """One tree of one rule; `quantum` where it is an amount."""

    rule: Rule
    node: Node
    quantum: Decimal | None = None

    def __str__(self) -> str:
        return f"{self.rule.measure} {self.rule.row}: {to_feel(self.node)}"


def expressions(rule: Rule) -> Iterator[Expression]:
    for condition in rule.conditions:
        yield Expression(rule, condition.when.node)
        if condition.review:
            yield Expression(rule, condition.review.node)
    for amount in (rule.amount, rule.schedule.monthly, *(stage.amount for stage in rule.schedule.stages)):
        if amount:
            yield Expression(rule, amount.node, rule.quantum)
    schedule = rule.schedule
    others = [rule.amount_review, rule.event, *(limit.cap for limit in rule.limits), schedule.months,
              schedule.last_month, schedule.rate, schedule.repay_by, *(s.share for s in schedule.stages),
              *(s.due_from for s in schedule.stages), *(s.due_workdays for s in schedule.stages),
              *(component.share for component in rule.components)]  # fmt: skip
    yield from (Expression(rule, found.node) for found in others if found)
    yield from (Expression(rule, derived.expression.node) for derived in rule.derived.values())


def groups(library: Library) -> list[list[Expression]]:
    """All different expressions, by the formulas of derived facts under which they are computed."""
    found: dict[Any, dict[str, Expression]] = {}
    for region in REGIONS:
        for on in DATES:
            for rule in resolve(library, region, on):
                switches = tuple(id(derived) for derived in rule.derived.values())
                for one in expressions(rule):
                    found.setdefault(switches, {}).setdefault(f"{to_feel(one.node)} {one.quantum}", one)
    return [list(group.values()) for group in found.values()]


# ---- random facts


def random_fact(fact: FactDef, random: Random) -> Any:
    match fact.type:
        case "boolean":
            return random.random() < 0.6
        case "choice":
            return random.choice(fact.values + fact.derived_values)
        case "set":
            return random.sample(fact.values, random.randrange(min(4, len(fact.values) + 1)))
        case "region":
            return random.choice((*REGIONS, "620871", "110101"))
        case "code":
            return random.choice(fact.values or CODES)
        case "date":
            return random.choice((*DAYS, ON - timedelta(days=random.randrange(25_000))))
        case "count":
            return Decimal(random.choice(COUNTS))
        case "rate":
            return Decimal(random.choice(RATES))
        case "money":
            return Decimal(random.choice((0, 1, random.randrange(10**6), random.randrange(10**17)))) / 100
        case "number":
            return Decimal(random.choice((*COUNTS, random.randrange(10**9)))) / random.choice((1, 2, 8))
    return "某地"


def random_case(library: Library, random: Random) -> Case:
    entries = {entity: _entry(library, entity, entity, random) for entity in library.entities}
    rows: dict[str, Any] = {}
    for entity, definition in library.entities.items():
        if definition.rows:
            count = random.randrange(4)
            several = tuple(_entry(library, entity, f"rows.{entity}.{n}", random, 0.9) for n in range(count))
            rows[entity] = several if random.random() < 0.8 else None
    return Case("621025", ON, entries, rows)


def _entry(library: Library, entity: str, path: str, random: Random, share: float | None = None) -> Entry:
    known_share = share or random.choice((0.3, 0.7, 0.95))
    facts = {
        key: random_fact(fact, random)
        for (owner, key), fact in library.facts.items()
        if owner == entity and random.random() < known_share
    }
    return Entry(entity, path, path, facts)


def scope_of(library: Library, rule: Rule, case: Case) -> UnitScope:
    return UnitScope(library, rule, case, case.entries[rule.unit], case.entries["person"])


# ---- the same facts as columns


@dataclass
class OfRule(Wide):
    """Given, else derived, else what absence means: as the interpreter finds a fact."""

    library: Any = None
    rule: Any = None
    found: dict[FactPath, Term] = field(default_factory=dict)

    def fact(self, entity: str, key: str) -> Term:
        path = entity, key
        if path not in self.found:
            parts = [self.facts[path]]
            formula = self.formula(entity, key)
            if path in self.rule.from_history:
                months = self.rule.from_history[path].months
                parts.append(constant_term(Decimal(0) if months else False))
            elif formula is not None:
                parts.append(lower(formula, self))
            whole = first_known([*parts, self.default(self.library.facts[path])])
            self.found[path] = share_whole(whole, self.share)
        return self.found[path]

    def default(self, fact: FactDef) -> Term:
        if fact.absence == "not applicable" and fact.type == "boolean":
            return constant_term(False)
        if fact.absence == "zero":
            return constant_term(Decimal(0))
        return constant_term("621025") if fact.absence == "case region" else VOID

    def formula(self, entity: str, key: str) -> Node | None:
        derived = self.rule.derived.get((entity, key))
        return None if derived is None else fold(derived.expression.node)

    def is_internal(self, entity: str, key: str) -> bool:
        return bool(self.library.facts[entity, key].internal)

    def table_name(self, table: str) -> str:
        return str(self.library.tables[table].definition.table)

    def rows_key(self, entity: str) -> str:
        return str(self.library.entities[entity].case_key)

    def lookup(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        return self.ask(_lookup(self.library, table, column, keys))

    def most(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        """The bound is of no one case: a column that is asked of the interpreter's interval."""
        return self.ask(nodes.Call(nodes.Name("most"), (_lookup(self.library, table, column, keys),)))


def _lookup(library: Library, table: str, column: str, keys: tuple[Node, ...]) -> Node:
    key = keys[0] if len(keys) == 1 else nodes.List(keys)
    day = (nodes.Name("办理日期"),) if library.tables[table].definition.dated else ()
    return nodes.Call(nodes.Name("lookup"), (nodes.Literal(f"{table}.{column}"), key, *day))


def asked_term(library: Library, node: Any) -> Term:
    """What kind of column holds the answer: a count, or a column of a table."""
    if node.function.name == "count":
        return number(VOID.sql, 0, 0, 10**9)
    if node.function.name == "most":
        node = node.arguments[0]
    table, _, name = node.arguments[0].value.partition(".")
    kinds = {column.name: column.type for column in library.tables[table].definition.columns}
    kind = {"boolean": Kind.BOOLEAN, "text": Kind.TEXT}.get(kinds[name])
    return Term(VOID.sql, kind) if kind else number(VOID.sql, 6, 0, 10**18 - 1)


def answer(node: Any, scope: UnitScope) -> Any:
    if node.function.name == "most":
        found = interval(node.arguments[0], scope).high
        return UNKNOWN if found is None else found
    return evaluate(node, scope, POLICY)


def columns_of(engine: Engine, library: Library, rule: Rule) -> OfRule:
    facts = {path: fact_term(fact, syntax.column(".".join(path))) for path, fact in library.facts.items()}
    names = {"办理日期": ON, "办理地区": "621025"}
    return OfRule(
        engine.dialect, facts, names, like=lambda node: asked_term(library, node), library=library, rule=rule
    )


@dataclass
class Given:
    """The facts that a row was given, beside the scope that derives the others."""

    scope: UnitScope

    def fact(self, entity: str, key: str) -> Any:
        return self.scope.entry(entity).facts.get(key, UNKNOWN)


# ---- the comparison


@dataclass
class Group:
    """Expressions under the same switches, lowered over one set of columns."""

    engine: Engine
    library: Library
    members: Sequence[Expression]
    only_values: bool = False

    def __post_init__(self) -> None:
        self.columns = columns_of(self.engine, self.library, self.members[0].rule)
        self.terms = [lower(fold(one.node), self.columns) for one in self.members]
        self.flags: list[tuple[tuple[str, Any], ...]] = [() for _ in self.members]
        self.bounds = [VOID for _ in self.members]
        if not self.only_values:
            self.flags = [missing(fold(one.node), self.columns) for one in self.members]
            self.bounds = [self.bound(one) for one in self.members]

    def bound(self, one: Expression) -> Term:
        found = upper(fold(one.node), self.columns) if one.quantum else VOID
        return typed(found, Kind.NUMBER)

    def statement(self) -> tuple[list[str], str]:
        chosen = projected(self.terms)
        chosen |= {f"upper {name}": sql for name, sql in projected(self.bounds).items()}
        for n, (one, term, found) in enumerate(zip(self.members, self.terms, self.flags, strict=True)):
            chosen |= {f"{n} {key}": flag for key, flag in found}
            if one.quantum:
                chosen[f"money {n}"] = arithmetic.money(term, one.quantum, self.engine.dialect)
        return ["row", *chosen], self.columns.statement(chosen)

    def compare(self, cases: Sequence[Case]) -> int:
        """Run on all cases, and give how many values were equal."""
        scopes = [[scope_of(self.library, one.rule, case) for one in self.members] for case in cases]
        names, sql = self.statement()
        load(self.engine, self.columns, [one[0] for one in scopes], given=Given, answer=answer)
        count = 0
        for own, row in zip(scopes, self.engine.rows(sql), strict=True):
            count += self.compare_row(own, dict(zip(names, row, strict=True)))
        return count

    def compare_row(self, scopes: Sequence[UnitScope], row: dict[str, Any]) -> int:
        found, count = values(self.terms, row), 0
        bounds = values(self.bounds, {k.removeprefix("upper "): v for k, v in row.items() if "upper" in k})
        for n, (one, scope) in enumerate(zip(self.members, scopes, strict=True)):
            wanted = known(evaluate(one.node, scope, POLICY))
            assert agree(found[n], wanted), (str(one), found[n], wanted, scope.case)
            count += 1
            if self.only_values:
                continue
            absent = {key for key, _ in self.flags[n] if row[f"{n} {key}"]}
            assert absent == asked(one.node, scope), (str(one), scope.case)
            count += len(self.flags[n])
            if one.quantum:
                paid = None if wanted is None else round_money(wanted, one.quantum)
                assert row[f"money {n}"] == paid, (str(one), wanted)
                high = interval(one.node, scope).high
                assert agree(bounds[n], high, 25), (str(one), bounds[n], high, scope.case)
                count += 2
        return count


def asked(node: Node, scope: UnitScope) -> set[str]:
    """What the interpreter waits for, but for the facts of other rows."""
    return {key for key in interpreted_missing(node, scope) if not key.startswith("rows.")}


@pytest.fixture(scope="module")
def all_groups(library: Library) -> list[list[Expression]]:
    return groups(library)


def test_duckdb_gives_every_value(
    duckdb_engine: Engine, library: Library, all_groups: list[list[Expression]], compared: Counter[str]
) -> None:
    cases = [random_case(library, Random(seed)) for seed in range(ROWS)]
    for group in all_groups:
        compared["duckdb"] += Group(duckdb_engine, library, group).compare(cases)


@pytest.mark.parametrize("name", ["spark", "postgres"])
def test_another_engine_gives_the_values_of_a_region(
    name: str, request: pytest.FixtureRequest, library: Library, all_groups: Any, compared: Counter[str]
) -> None:
    engine = request.getfixturevalue(f"{name}_engine")
    cases = [random_case(library, Random(seed)) for seed in range(20)]
    group = max(all_groups, key=len)[:: 3 if name == "spark" else 1]
    compared[name] += Group(engine, library, group, only_values=name == "spark").compare(cases)


def test_the_sql_of_the_whole_library_is_no_longer_than_a_person_can_read(
    duckdb_engine: Engine, library: Library, all_groups: Any
) -> None:
    """Nothing is written twice: no expression is many times as long as its own text."""
    for group in all_groups:
        for one in group:
            columns = columns_of(duckdb_engine, library, one.rule)
            sql = duckdb_engine.dialect.sql(lower(fold(one.node), columns).sql)
            assert len(sql) < 200 + 12 * len(to_feel(one.node)), (str(one), sql)


def test_fractions_are_compared_exactly() -> None:
    assert agree(Fraction(1, 2), Decimal("0.5"))
    assert not agree(Fraction(1, 2), Decimal("0.5000000000000000000001"))
