"""Two screenings compared: costs, winners and losers, verdicts that changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from zhida.simulate.effects import effects
from zhida.simulate.outcome import BANDS, Balance, Cost, Effects, Grant

from .results import Unit, population, result

GRANTS = (
    Grant("m", "one-off", "employer"),
    Grant("n", "one-off", "employer"),
    Grant("loan", "loan", "employer"),
    Grant("wait", "deferral", "employer"),
)
NOTHING: list[Unit] = []


@pytest.fixture
def compare(tmp_path: Path):
    def run(before: Sequence[Unit], after: Sequence[Unit]) -> Effects:
        with duckdb.connect() as connection:
            folder = population(connection, tmp_path / "population")
            first, second = (
                result(connection, tmp_path / name, units) for name, units in (("b", before), ("a", after))
            )
            employers = f"SELECT id, size, industry FROM '{folder}/employers.parquet'"
            return effects(connection, employers, first, second, GRANTS, tmp_path)

    return run


def rows(tmp_path: Path, name: str, columns: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM '{tmp_path / name}.parquet'").fetchall()


def yuan(found: Sequence[Cost]) -> list[tuple[tuple[str, ...], int, int]]:
    return [(cost.key, int(cost.before), int(cost.after)) for cost in found]


BEFORE: list[Unit] = [
    ("m", "1", "eligible", "100"),
    ("m", "2", "eligible", "200"),
    ("m", "3", "ineligible", None),
    ("m", "4", "unknown", None),
    ("n", "1", "eligible", "50"),
]
AFTER: list[Unit] = [
    ("m", "1", "eligible", "150"),
    ("m", "2", "ineligible", None),
    ("m", "3", "eligible", "1000"),
    ("m", "4", "unknown", None),
    ("n", "1", "eligible", "50"),
]


def test_the_same_results_change_nothing(compare, tmp_path: Path):
    found = compare(BEFORE, BEFORE)
    assert (found.changed_units, found.changed_awards, found.gains, found.losses) == (0, 0, (), ())
    assert found.balance.winners == found.balance.losers == 0
    assert found.total.before == found.total.after == Decimal("350.00")
    assert {(t.before, t.after) for t in found.transitions} == {
        ("eligible", "eligible"),
        ("ineligible", "ineligible"),
        ("unknown", "unknown"),
    }


def test_cost_before_and_after_by_provision(compare):
    found = compare(BEFORE, AFTER)
    assert yuan(found.provisions) == [(("m", "M-1"), 300, 1150), (("n", "M-1"), 50, 50)]
    assert found.total.difference == 850
    assert (found.total.awards_before, found.total.awards_after) == (3, 3)


def test_cost_by_region_size_and_industry_section(compare):
    found = compare(BEFORE, AFTER)
    assert yuan(found.regions) == [(("621025",), 350, 200), (("621026",), 0, 1000)]
    assert yuan(found.sizes) == [(("",), 0, 1000), (("小型",), 200, 0), (("微型",), 150, 200)]
    assert yuan(found.sections) == [(("C",), 200, 1000), (("H",), 150, 200)]


def test_a_section_is_a_letter_of_the_classification_or_nothing(compare):
    found = compare(NOTHING, [("m", "4", "eligible", "1"), ("m", "5", "eligible", "2")])
    assert yuan(found.sections) == [(("",), 0, 1), (("S",), 0, 2)]


def test_every_grouping_adds_up_to_the_total(compare):
    found = compare(BEFORE, AFTER)
    for group in (found.provisions, found.regions, found.sizes, found.sections):
        assert sum(cost.before for cost in group) == found.total.before
        assert sum(cost.after for cost in group) == found.total.after
    for balances in (found.region_balances, found.size_balances, found.section_balances, found.band_balances):
        assert sum(b.gained - b.lost for b in balances) == found.total.difference
        assert sum(b.winners for b in balances) == found.balance.winners


def test_winners_and_losers_by_payee(compare, tmp_path: Path):
    found = compare(BEFORE, AFTER)
    assert found.balance == Balance(("",), 2, Decimal("1050.00"), 1, Decimal("200.00"))
    assert [(p.id, p.difference) for p in found.gains] == [("3", Decimal(1000)), ("1", Decimal(50))]
    assert [(p.id, p.size, p.section, p.difference) for p in found.losses] == [
        ("2", "小型", "C", Decimal(-200))
    ]
    columns = "measure, payee_id, size, amount_before, amount_after, difference"
    assert rows(tmp_path, "payees", columns) == [
        ("m", 1, "微型", 100, 150, 50),
        ("m", 2, "小型", 200, None, -200),
        ("m", 3, "", None, 1000, 1000),
    ]


def test_a_payee_who_gains_here_and_loses_as_much_there_is_neither(compare):
    found = compare(
        [("m", "1", "eligible", "100"), ("n", "1", "eligible", "50")],
        [("m", "1", "eligible", "50"), ("n", "1", "eligible", "100")],
    )
    assert found.changed_awards == 2
    assert (found.balance.winners, found.balance.losers) == (0, 0)


@pytest.mark.parametrize("gain, band", [("99.99", 0), ("100", 1), ("999.99", 1), ("1000", 2), ("1000000", 5)])
def test_bands_begin_at_their_first_yuan(compare, gain: str, band: int):
    assert len(BANDS) == 6
    [found] = compare(NOTHING, [("m", "1", "eligible", gain)]).band_balances
    assert (found.key, found.winners, found.losers) == ((str(band),), 1, 0)
    [found] = compare([("m", "1", "eligible", gain)], NOTHING).band_balances
    assert (found.key, found.winners, found.losers) == ((str(band),), 0, 1)


def test_units_that_change_are_written_with_both_verdicts(compare, tmp_path: Path):
    compare(BEFORE, AFTER)
    columns = (
        "unit_id, verdict_before, verdict_after, reason_before, reason_after, amount_before, amount_after"
    )
    assert rows(tmp_path, "units", columns) == [
        (1, "eligible", "eligible", None, None, 100, 150),
        (2, "eligible", "ineligible", None, "too-big", 200, None),
        (3, "ineligible", "eligible", "too-big", None, None, 1000),
    ]


def test_transitions_count_every_unit_once(compare):
    found = compare(BEFORE, AFTER)
    assert [(t.measure, t.before, t.after, t.units) for t in found.transitions] == [
        ("m", "eligible", "eligible", 1),
        ("m", "eligible", "ineligible", 1),
        ("m", "ineligible", "eligible", 1),
        ("m", "unknown", "unknown", 1),
        ("n", "eligible", "eligible", 1),
    ]


def test_a_new_provision_has_units_that_were_not_there(compare):
    found = compare(NOTHING, [("m", "1", "eligible", "10"), ("m", "2", "ineligible", None)])
    assert [(t.before, t.after, t.units) for t in found.transitions] == [
        (None, "eligible", 1),
        (None, "ineligible", 1),
    ]


def test_a_provision_that_goes_leaves_losers(compare):
    found = compare([("m", "1", "eligible", "10")], NOTHING)
    assert (found.balance.losers, found.total.after) == (1, 0)
    assert [(t.before, t.after, t.units) for t in found.transitions] == [("eligible", None, 1)]


def test_loans_are_no_cost_but_have_their_own_line(compare):
    found = compare([("loan", "1", "eligible", "300000")], [("loan", "1", "eligible", "500000")])
    assert (found.total.before, found.balance.winners) == (0, 0)
    assert yuan(found.provisions) == [(("loan", "M-1"), 300000, 500000)]
    assert found.regions == () and found.changed_awards == 1


def test_amounts_that_nobody_knows_are_counted_apart(compare):
    found = compare([("m", "1", "eligible", None)], [("m", "1", "eligible", "10")])
    assert (found.total.unpriced_before, found.total.unpriced_after) == (1, 0)
    assert found.total.difference == 10


def test_what_never_has_an_amount_lacks_none(compare):
    [found] = compare([("wait", "1", "eligible", None)], NOTHING).provisions
    assert (found.awards_before, found.unpriced_before) == (1, 0)


def test_nobody_at_all(compare):
    found = compare(NOTHING, NOTHING)
    assert (found.total.before, found.provisions, found.transitions) == (0, (), ())


def test_the_written_files_are_the_same_each_time(compare, tmp_path: Path):
    compare(BEFORE, AFTER)
    first = [(tmp_path / f"{name}.parquet").read_bytes() for name in ("units", "payees")]
    compare(BEFORE, AFTER)
    assert first == [(tmp_path / f"{name}.parquet").read_bytes() for name in ("units", "payees")]
