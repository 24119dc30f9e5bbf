"""Awards of a population are what limits and package make of its units, across employers and persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import strategies as st
from tests.screen.parties import Parties, Provision, drawn
from tests.screen.populations import Rows, Settler, id_number, uscc
from tests.screen.sides import Sides, open_on
from tests.screen.worked import worked_cases

from zhida.decide import build_case
from zhida.decide.case import Case, Grant
from zhida.decide.decision import Decision, UnitResult
from zhida.decide.limits import apply_limits
from zhida.decide.package import best_package
from zhida.decide.verdict import round_money
from zhida.library import Library, Rule, resolve
from zhida.screen.screening import screen

DAY = date(2022, 10, 1)
REGION = "621025"
GRADUATE = {
    "graduated_on": date(2022, 6, 30), "education": "本科", "unemployed": True, "born_on": date(1999, 9, 9),
}  # fmt: skip
HIRE = {
    "hired_on": date(2022, 7, 10), "contract_months": 12, "unemployment_insured_months": 3,
    "identity_used_expansion": False,
}  # fmt: skip
FIRM = {"org_type": "企业", "size": "小型", "insured_region": REGION}
BIG = {"org_type": "企业", "size": "大型", "insured_region": REGION}
HIRING = ("hiring-subsidy", "hiring-expansion")
Award = tuple[str, str, int, Decimal | None, Decimal]
"""Measure, payee, units, amount, given up."""


@dataclass
class Town:
    """A small population of one county, and what a screening of it awards."""

    library: Library
    folder: Path

    def __post_init__(self) -> None:
        self.rows = Rows()

    def hire(self, id: str, employer: str, person: str | None, **facts: Any) -> None:
        self.rows.add("hire", id, employer_id=employer, person_id=person, **(HIRE | facts))

    def certificate(self, id: str, person: str, level: str, trade: str = "育婴员", **facts: Any) -> None:
        given = {"issued_on": date(2022, 5, 10), "trade": trade, "level": level}
        self.rows.add("certificate", id, person_id=person, **(given | facts))

    def screened(self, *measures: str, on: date = DAY) -> Path:
        self.rows.write(self.library, self.folder / "population")
        out = self.folder / "out"
        screen(self.library, self.folder / "population", REGION, on, out, measures)
        return out

    def awards(self, *measures: str, on: date = DAY) -> list[Award]:
        path = self.screened(*measures, on=on) / "awards.parquet"
        return duckdb.sql(
            f"SELECT measure, payee_id, units, amount, given_up FROM '{path}' ORDER BY ALL"
        ).fetchall()


@pytest.fixture
def town(library: Library, tmp_path: Path) -> Town:
    return Town(library, tmp_path)


def yuan(text: str) -> Decimal:
    return Decimal(text)


def test_a_person_hired_by_two_employers_is_paid_once_to_the_one_that_gets_more(town: Town) -> None:
    town.rows.add("employer", "small", **FIRM)
    town.rows.add("employer", "large", **BIG)
    town.rows.add("person", "p", **GRADUATE)
    town.hire("h1", "small", "p", unemployment_insured_months=0)
    town.hire("h2", "large", "p")
    assert town.awards(*HIRING) == [
        ("hiring-expansion", "large", 1, yuan("1500.00"), yuan("0.00")),
        ("hiring-subsidy", "small", 0, yuan("0.00"), yuan("1000.00")),
    ]


def test_two_employers_of_one_legal_representative_are_paid_once_the_larger_grant(town: Town) -> None:
    grown = {"org_type": "企业", "region": REGION, "insured_region": REGION, "founder_groups": []}
    town.rows.add("employer", "few", **grown, jobs_created=5, legal_representative_id="L")
    town.rows.add("employer", "many", **grown, jobs_created=25, legal_representative_id="L")
    town.rows.add("employer", "other", **grown, jobs_created=5, legal_representative_id="M")
    paid = [(payee, units) for _, payee, units, _, _ in town.awards("startup-employment-grant")]
    assert paid == [("many", 1), ("other", 1)]


def test_two_ids_with_one_identity_number_are_one_person(town: Town) -> None:
    town.rows.add("employer", "one", **FIRM)
    town.rows.add("employer", "two", **FIRM)
    for id in ("p", "q"):
        town.rows.add("person", id, **GRADUATE, id_number=id_number(1))
    town.hire("h1", "one", "p")
    town.hire("h2", "two", "q")
    assert sum(award[2] for award in town.awards(*HIRING)) == 1


def test_an_identity_number_that_the_hire_itself_carries_counts_as_much(town: Town) -> None:
    town.rows.add("employer", "one", **FIRM)
    town.rows.add("employer", "two", **FIRM)
    carried = {f"person__{key}": value for key, value in (GRADUATE | {"id_number": id_number(1)}).items()}
    town.hire("h1", "one", None, **carried)
    town.hire("h2", "two", None, **carried)
    assert sum(award[2] for award in town.awards(*HIRING)) == 1


def test_hires_whose_person_nobody_knows_are_persons_of_their_own(town: Town) -> None:
    town.rows.add("employer", "one", **FIRM)
    carried = {f"person__{key}": value for key, value in GRADUATE.items()}
    town.hire("h1", "one", None, **carried)
    town.hire("h2", "one", None, **carried)
    assert sum(award[2] for award in town.awards(*HIRING)) == 2


@pytest.mark.parametrize("subject", ["p", "h1", id_number(1)])
def test_history_knows_a_person_by_id_by_number_and_by_the_unit(town: Town, subject: str) -> None:
    town.rows.add("employer", "one", **FIRM)
    town.rows.add("person", "p", **GRADUATE, id_number=id_number(1))
    town.hire("h1", "one", "p")
    town.rows.add("history", measure="hiring-subsidy", subject=subject, on=date(2022, 3, 1))
    awarded = {award[0]: award[2:] for award in town.awards(*HIRING)}
    assert "hiring-subsidy" not in awarded
    assert awarded["hiring-expansion"] == (0, yuan("0.00"), yuan("1500.00"))


def test_a_grant_to_one_unit_leaves_room_for_another_of_the_same_person(town: Town) -> None:
    town.rows.add("employer", "one", **FIRM)
    town.rows.add("person", "p", **GRADUATE)
    town.hire("h1", "one", "p")
    town.hire("h2", "one", "p")
    town.rows.add("history", measure="hiring-subsidy", subject="h1", on=date(2022, 3, 1))
    assert town.awards("hiring-subsidy") == [("hiring-subsidy", "one", 1, yuan("1000.00"), yuan("0.00"))]


@pytest.mark.parametrize(
    ("grant", "units"),
    [
        ({"on": date(2022, 1, 1)}, 0),
        ({"on": date(2021, 12, 31)}, 1),
        ({"period": "2022-05"}, 0),
        ({"period": "2021", "on": date(2022, 1, 5)}, 1),
        ({}, 0),
    ],
)
def test_a_yearly_limit_counts_by_period_then_by_day_and_rows_that_say_neither(
    town: Town, grant: dict[str, Any], units: int
) -> None:
    town.rows.add("employer", "one", **FIRM)
    town.rows.add("person", "p", **GRADUATE)
    town.hire("h1", "one", "p")
    town.rows.add("history", measure="hiring-subsidy", subject="p", **grant)
    assert sum(award[2] for award in town.awards("hiring-subsidy")) == units


@pytest.mark.parametrize("subject", ["firm", uscc(7)])
def test_an_employer_is_known_by_id_and_by_its_code(town: Town, subject: str) -> None:
    town.rows.add("employer", "firm", **refundable(), uscc=uscc(7))
    town.rows.add("employer", "other", **refundable(), uscc=uscc(8))
    town.rows.add("history", measure="job-retention-refund", subject=subject, on=date(2022, 2, 1))
    assert [award[1] for award in town.awards("job-retention-refund")] == ["other"]


def refundable() -> dict[str, Any]:
    return FIRM | {
        "insured_last_year_end": 28, "layoff_rate_last_year": "0.10", "seriously_dishonest": False,
        "unemployment_contributions_last_year": "12345.67", "labour_dispatch": False,
        "unemployment_contribution_months_last_year": 12,
    }  # fmt: skip


def test_a_representative_who_was_paid_with_one_employer_is_not_with_another(town: Town) -> None:
    founded = FIRM | {"legal_representative_id": "L"}
    town.rows.add("employer", "one", **founded, jobs_created=10, founder_groups=["返乡创业农民工"])
    town.rows.add("employer", "two", **founded, jobs_created=10, founder_groups=["返乡创业农民工"])
    town.rows.add("history", measure="startup-employment-grant", subject="L", on=date(2022, 2, 1))
    assert town.awards("startup-employment-grant") == []


def test_a_higher_level_bars_a_lower_one_of_the_same_trade_only(town: Town) -> None:
    worker = {"groups": ["企业在职职工"], "receiving_unemployment_benefit": False}
    town.rows.add("person", "p", insured_region=REGION, unemployment_insured_months=40, **worker)
    town.certificate("c1", "p", "高级")
    town.certificate("c2", "p", "初级")
    town.certificate("c3", "p", "初级", trade="焊工")
    assert town.awards("skill-upgrade") == [("skill-upgrade", "p", 2, yuan("3000.00"), yuan("0.00"))]


def of_parties(library: Library, folder: Path) -> None:
    """Parties of all measures of a county with limits; some share persons and numbers."""
    rules = [rule for rule in resolve(library, REGION, DAY) if rule.limits or rule.exclusion]
    cases = tuple(worked_cases())
    parties, settler = Parties(library, cases, rules, DAY), Settler(library)
    for rule in rules:
        own = [w for w in cases if (w.measure, w.row) == (rule.measure, rule.row)]
        own = [w for w in own if w.case.expect.verdict in ("eligible", "review")]
        for case in drawn(parties.parties(Provision(rule, own, REGION)), 30 if rule.unit == "hire" else 12):
            settler.settle(case, rule.unit)
    merge(settler.rows)
    settler.rows.write(library, folder)


def merge(rows: Rows) -> None:
    """Let some hires be of persons whom others hired, and some persons have others' numbers."""
    hires, persons = rows.tables["hire"], rows.tables["person"]
    pairs = st.tuples(st.integers(0, len(hires) - 1), st.integers(0, len(hires) - 1))
    for one, other in drawn(pairs, 25):
        hires[one]["person_id"] = hires[other]["person_id"]
    for person in persons:
        if person.get("born_on", DAY) > date(2000, 1, 1):
            person.pop("born_on", None)
    twins = st.tuples(st.integers(0, len(persons) - 1), st.integers(0, len(persons) - 1))
    for number, (one, other) in enumerate(drawn(twins, 15)):
        persons[one]["id_number"] = persons[other]["id_number"] = id_number(800 + number)


@dataclass
class Reference:
    """The awards of a population by the interpreter's own limits and package, over all units at once."""

    sides: Sides

    def awards(self) -> dict[tuple[str, str, str], tuple[int, Decimal | None, Decimal]]:
        every = [u for sheet in self.sides.sheets(open_on(DAY)) for u in self.of_sheet(sheet)]
        decisions, exact, payees = [], {}, {}
        for rule, units in every:
            decisions.append(Decision(rule, "eligible", tuple(unit for unit, _ in units)))
            for unit, payee in units:
                payees[id(unit)] = payee
                if unit.verdict == "eligible" and unit.barred_by is None:
                    exact[id(unit)] = (rule, unit, unit.amount)
                unit.amount = None if unit.amount is None else round_money(unit.amount, rule.quantum)
        package = best_package(self.sides.library, decisions)
        lost = {(g.measure, g.unit): g.amount for g in package.given_up}
        found: dict[Any, list[Any]] = defaultdict(list)
        for rule, unit, amount in exact.values():
            given_up = lost.get((rule.measure, unit.id)) if amount else None
            found[rule.measure, rule.row, payees[id(unit)]].append((rule, amount, given_up))
        return {key: summed(values) for key, values in found.items()}

    def of_sheet(self, sheet: Any) -> Iterator[tuple[Rule, list[tuple[UnitResult, str]]]]:
        ids = [str(values[0]) for values in self.sides.run(sheet)]
        data = {id: self.sides.cases.of(sheet.kind, id) for id in ids}
        rows = {str(row["id"]): row for row in self.sides.rows(sheet.kind)}
        history = self.history()
        for judged in sheet.judged:
            rule, units = judged.rule, []
            together: list[UnitResult] = []
            for id in ids:
                case, problems = build_case(self.sides.library, data[id])
                assert case is not None, problems
                unit = self.sides.decided(case, rule, sheet.kind, id, {})
                unit.id = id
                units.append((unit, payee_of(rule, sheet.kind, rows[id])))
                if all(limit.per == "person" for limit in rule.limits):
                    assert unit.scope is not None
                    unit.scope = replace(unit.scope, case=replace(case, history=tuple(history)))
                    together.append(unit)
                else:
                    apply_limits(rule, case, [unit])
            if together:
                apply_limits(rule, Case(REGION, DAY, {}, {}, tuple(history)), together)
            yield rule, units

    def history(self) -> list[Grant]:
        return [
            Grant(**{key: value for key, value in row.items() if value is not None})
            for row in self.sides.rows("history")
        ]


def payee_of(rule: Rule, kind: str, row: Any) -> str:
    column = {"employer": "employer_id", "person": "person_id"}.get(rule.payee)
    return str(row["id"] if column is None or kind == rule.payee else row.get(column))


def summed(values: list[Any]) -> tuple[int, Decimal | None, Decimal]:
    won = [(rule, amount) for rule, amount, given_up in values if given_up is None]
    lost = sum((given_up for _, _, given_up in values if given_up is not None), Decimal(0))
    if any(amount is None for _, amount in won):
        return len(won), None, lost
    whole = sum((amount for _, amount in won), Decimal(0))
    return len(won), round_money(whole, values[0][0].quantum), lost


def test_awards_are_what_limits_and_package_make_of_all_units(
    library: Library, screening_connection: Any, tmp_path: Path
) -> None:
    of_parties(library, tmp_path / "population")
    screen(library, tmp_path / "population", REGION, DAY, tmp_path / "out")
    expected = Reference(Sides(screening_connection, library, tmp_path / "population", REGION, DAY)).awards()
    path = tmp_path / "out" / "awards.parquet"
    rows = duckdb.sql(f"SELECT measure, \"row\", payee_id, units, amount, given_up FROM '{path}'").fetchall()
    found = {(m, r, str(p)): (units, amount, lost) for m, r, p, units, amount, lost in rows}
    differ = {key: (expected.get(key), found.get(key)) for key in expected.keys() | found.keys()
              if expected.get(key) != found.get(key)}  # fmt: skip
    assert differ == {}, differ
    assert sum(lost for _, _, lost in found.values()) > 0
