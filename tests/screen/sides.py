"""Both sides of parity: a population's rows as the sheets say them, and as the interpreter does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zhida.decide import Case, build_case
from zhida.decide.case import SINGLETONS
from zhida.decide.decision import UnitResult
from zhida.decide.scope import UnitScope
from zhida.decide.verdict import decide_unit, round_money
from zhida.library import Library, Rule
from zhida.library.rule import Opening
from zhida.population import open_population
from zhida.population.cases import Cases
from zhida.screen.context import Context
from zhida.screen.dialects import DUCKDB
from zhida.screen.duckdb_engine import KEEPS_SIDES, DuckTables, setting
from zhida.screen.facts import reading
from zhida.screen.plan import statement
from zhida.screen.regions import Area, areas
from zhida.screen.screening import places
from zhida.screen.units import Judged, Sheet
from zhida.screen.units import sheet as sheet_of

ZERO = Decimal(0)
PASSES = 99

Said = tuple[str, int, Decimal | None, frozenset[str], Decimal | None]
"""Of one unit by one rule: verdict, number of the first failing condition, amount, missing facts, and the
most that it can come to while it waits for them."""
Choice = Callable[[Rule], Rule | None]
"""Which rules are compared, and under which opening."""


def open_on(on: date, measures: Collection[str] = ()) -> Choice:
    """The rules that are open on a day."""

    def choose(rule: Rule) -> Rule | None:
        return rule if rule.opening.is_open(on) and (not measures or rule.measure in measures) else None

    return choose


def opened(rule: Rule) -> Rule:
    """Every rule, as if it were open: what is deferred or a draft has conditions too."""
    return replace(rule, opening=Opening(None, None))


@dataclass(frozen=True)
class Difference:
    """One unit on which both sides disagree."""

    rule: str
    unit: Any
    interpreter: Any
    screening: Any
    case: Any = None

    def __str__(self) -> str:
        both = f"  interpreter {self.interpreter}\n  screening   {self.screening}"
        return f"{self.rule} of {self.unit}:\n{both}\n  {self.case}"


@dataclass
class Comparison:
    """What was compared: `rows` of units by rules, each in verdict, reason, amount and missing facts."""

    rows: int = 0
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    failing: set[tuple[str, str, int]] = field(default_factory=set)
    passed_over: int = 0
    differences: list[Difference] = field(default_factory=list)

    def __add__(self, other: Comparison) -> Comparison:
        return Comparison(
            self.rows + other.rows,
            self.verdicts + other.verdicts,
            self.failing | other.failing,
            self.passed_over + other.passed_over,
            self.differences + other.differences,
        )

    def report(self) -> str:
        shown = "\n".join(map(str, self.differences[:5]))
        return f"{len(self.differences)} differences in {self.rows:,} rows\n{shown}"


Seen = Callable[[Rule, str, Said], None]
"""Told what screening says of each unit."""


@dataclass
class Sides:
    """One population on one day, asked for in one region."""

    connection: Any
    library: Library
    folder: Path
    region: str
    on: date
    decider: Any = None
    """Another engine than DuckDB: `tables(files)` and `write(query, path)`."""

    def __post_init__(self) -> None:
        self.population = open_population(self.connection, self.library, self.folder)
        self.tables = DuckTables(self.connection, self.population)
        self.cases = Cases(self.connection, self.library, self.population, self.region, self.on)

    def sheets(self, choose: Choice) -> Iterator[Sheet]:
        """The sheets of all areas and kinds of units, of the chosen rules."""
        present = places(self.tables, self.region)
        tables = self.tables if self.decider is None else self.decider.tables(self.tables)
        context = Context(self.library, self.on, self.region, tables, present)
        for area in areas(self.library, self.region, self.on, present):
            by_kind: dict[str, list[Rule]] = {}
            for rule in area.rules:
                chosen = choose(rule)
                if chosen is not None and context.has(rule.unit):
                    by_kind.setdefault(rule.unit, []).append(chosen)
            for kind, rules in by_kind.items():
                yield sheet_of(reading(context), area, kind, rules)

    def run(self, sheet: Sheet) -> list[tuple[Any, ...]]:
        """The rows of a sheet, as the engine decides them, in the order of the files."""
        if self.decider is None:
            with setting(self.connection, "disabled_optimizers", KEEPS_SIDES):
                return self.connection.execute(DUCKDB.sql(statement(sheet.query))).fetchall()
        with TemporaryDirectory() as folder:
            path = Path(folder) / "sheet.parquet"
            self.decider.write(sheet.query, path)
            columns = ", ".join(f'"{name}"' for name in sheet.query.columns)
            return self.connection.execute(f"SELECT {columns} FROM '{path}'").fetchall()

    def compare(self, choose: Choice, seen: Seen | None = None) -> Comparison:
        """Every row of every sheet by every rule, decided by both sides."""
        found = Comparison()
        for sheet in self.sheets(choose):
            rows = self.said(sheet)
            expected = set(self.units(sheet.kind, sheet.area))
            if rows.keys() != expected:
                odd = sorted(map(str, rows.keys() ^ expected))[:5]
                found.differences.append(Difference(sheet.area.region, sheet.kind, "other units", odd))
            for unit, by_rule in rows.items():
                self.compare_unit(sheet, unit, by_rule, found)
                for judged in sheet.judged if seen else ():
                    seen(judged.rule, unit, by_rule[1][judged.label])
        return found

    def units(self, kind: str, area: Area) -> Iterator[str]:
        """The units that belong to an area, each where its case is."""
        inside = (area.region.rstrip("0"), *(f"-{code.rstrip('0')}" for code in area.without))
        asked = self.region.removesuffix("00").removesuffix("00").removesuffix("00")
        for id, case in self.cases.all(kind):
            region = case["region"]
            within = _is_in(region, area.region) and not any(_is_in(region, c) for c in area.without)
            if inside and within and region.startswith(asked) and self.has_owner(kind, case):
                yield str(id)

    def rows(self, entity: str) -> list[dict[str, Any]]:
        """The rows of an entity as they are in the population."""
        source = self.population.sources[entity]
        return self.connection.sql(source.select(source.columns)).to_arrow_table().to_pylist()

    def has_owner(self, kind: str, case: Mapping[str, Any]) -> bool:
        return kind not in ("hire", "internship", "placement", "base") or "employer" in case

    def said(self, sheet: Sheet) -> dict[str, tuple[Any, dict[str, Said]]]:
        """What the sheet says of each unit: its region, and by each rule's label."""
        names = list(sheet.query.columns)
        found = {}
        for values in self.run(sheet):
            row = dict(zip(names, values, strict=True))
            by_rule = {judged.label: _said(judged, row) for judged in sheet.judged}
            found[str(row["unit"])] = (row["region"], by_rule)
        return found

    def compare_unit(
        self, sheet: Sheet, unit: str, said: tuple[Any, dict[str, Said]], found: Comparison
    ) -> None:
        data = self.cases.of(sheet.kind, unit)
        case, problems = build_case(self.library, data)
        if case is None:
            found.passed_over += 1
            assert not _is_bug(problems), f"{sheet.kind} {unit}: {problems[0]}"
            return
        region, by_rule = said
        if region != case.region:
            found.differences.append(Difference("region", unit, case.region, region, data))
        shared: dict[Any, Any] = {}
        for judged in sheet.judged:
            rule = judged.rule
            result = self.decided(case, rule, sheet.kind, unit, shared)
            expected = _expected(self.library, rule, result)
            found.rows += 1
            found.verdicts[rule.row, rule.measure, expected[0]] += 1
            if expected[1] != PASSES:
                found.failing.add((rule.row, rule.measure, expected[1]))
            actual = by_rule[judged.label]
            if expected != actual:
                label = f"{rule.document} {rule.row} {rule.measure} on {self.on}"
                found.differences.append(Difference(label, unit, expected, actual, data))

    def decided(self, case: Case, rule: Rule, kind: str, unit: str, shared: dict[Any, Any]) -> UnitResult:
        """The interpreter's view of the unit, before limits."""
        entries = case.units(kind) or ()
        name = SINGLETONS.get(kind, unit)
        entry = next(entry for entry in entries if entry.id == name)
        scope = UnitScope(self.library, rule, case, entry, case.person_of(entry), shared=shared)
        return decide_unit(rule, scope)


def _said(judged: Judged, row: Mapping[str, Any]) -> Said:
    verdict, fails, amount, bits, upper = (
        row[f"{judged.label}.{name}"] for name in ("verdict", "fails", "amount", "missing", "upper")
    )
    missing = frozenset(key for n, key in enumerate(judged.keys) if bits >> n & 1)
    return verdict, fails, amount, missing, upper if missing else None


def _expected(library: Library, rule: Rule, unit: UnitResult) -> Said:
    fails = next((n for n, truth in enumerate(unit.truths) if truth is False), PASSES)
    if unit.verdict == "ineligible":
        return unit.verdict, fails, ZERO, frozenset(), None
    amount = None if unit.verdict == "unknown" else _rounded(rule, unit.worth)
    high = unit.span.high if amount is None and unit.missing and unit.span else None
    missing = frozenset(bulk_key(library, rule.unit, key) for key in unit.missing)
    return unit.verdict, fails, amount, missing, _rounded(rule, high)


def _rounded(rule: Rule, amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round_money(amount, rule.quantum)


def bulk_key(library: Library, kind: str, key: str) -> str:
    """How screening calls a missing fact: by entities instead of ids of rows."""
    first, *rest = key.split(".")
    entity = library.entity_by_case_key(first)
    if entity is None or not rest:
        return key
    if "person" in rest[:-1]:
        return f"person.{rest[-1]}"
    if entity.rows is not None and entity.entity != kind:
        return f"{first}.{rest[-1]}"
    return f"{entity.entity}.{rest[-1]}"


def _is_in(code: str, region: str) -> bool:
    return code.startswith(region.removesuffix("00").removesuffix("00").removesuffix("00"))


def _is_bug(problems: Collection[Any]) -> bool:
    """Whether a case cannot be read for another reason than dates that contradict each other."""
    return any(not problem.code.startswith("date/") for problem in problems)
