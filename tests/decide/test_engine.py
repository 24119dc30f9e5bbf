"""The contract's example and the meaning of each verdict."""

from decimal import Decimal

from tests.decide.cases import EMPLOYER, decision, outcome
from zhida.decide import to_json
from zhida.library import Library

REFUND = "job-retention-refund"


def test_the_example_of_the_contract(library: Library) -> None:
    shown = to_json(outcome(library, EMPLOYER))
    refund = next(d for d in shown["decisions"] if d["measure"] == REFUND)
    assert refund["document"] == "正人社发〔2022〕91号"
    assert (refund["clause"], refund["row"]) == ("一(十)", "ZN91-030")
    assert (refund["verdict"], refund["amount"]) == ("eligible", "11111.10")
    assert refund["units"] == [{"id": "employer", "verdict": "eligible", "amount": "11111.10"}]
    assert refund["schedule"] == {"kind": "one-off"}
    assert shown["package"]["total"] == "12611.10"
    assert [(g["measure"], g["unit"]) for g in shown["package"]["given_up"]] == [("hiring-subsidy", "h1")]


def test_every_figure_in_a_condition_names_document_and_clause(library: Library) -> None:
    shown = to_json(outcome(library, EMPLOYER))
    layoff = next(
        c
        for d in shown["decisions"]
        if d["measure"] == REFUND
        for c in d["conditions"]
        if c["id"] == "layoff-rate"
    )
    small = layoff["parameters"]["layoff_ceiling_small"]
    assert (small["value"], small["document"], small["clause"]) == (
        "0.2",
        "正人社发〔2022〕91号",
        "一(十)",
    )
    assert layoff["parameters"]["A02"]["interpretation"] == "A02"


def test_an_unknown_size_leaves_an_eligible_firm_between_half_and_nine_tenths(library: Library) -> None:
    found = decision(outcome(library, EMPLOYER, {"employer.size": None}), REFUND)
    assert (found.verdict, found.amount) == ("eligible", None)
    assert found.amount_range is not None
    assert (found.amount_range.low, found.amount_range.high) == (Decimal("6172.84"), Decimal("11111.10"))
    assert found.missing[:2] == ("employer.size", "employer.industry")


def test_one_failing_condition_settles_it_whatever_is_unknown(library: Library) -> None:
    changes = {"employer.layoff_rate_last_year": "0.3", "employer.seriously_dishonest": None}
    found = decision(outcome(library, EMPLOYER, changes), REFUND)
    assert (found.verdict, found.missing) == ("ineligible", ())


def test_an_absent_list_is_unknown_and_an_empty_one_is_none(library: Library) -> None:
    absent = decision(outcome(library, EMPLOYER, {"hires": None}), "hiring-subsidy")
    assert (absent.verdict, absent.missing) == ("unknown", ("hires",))
    assert decision(outcome(library, EMPLOYER, {"hires": []}), "hiring-subsidy").verdict == "ineligible"


def test_outside_the_window_nothing_is_looked_at(library: Library) -> None:
    found = decision(outcome(library, EMPLOYER, {"on": "2023-02-01"}), REFUND)
    assert (found.verdict, found.units, found.amount) == ("not_open", (), None)
    assert "2022-12-31" in (found.amount_note or "")


def test_a_railway_firm_has_no_class_and_goes_to_review(library: Library) -> None:
    changes = {"employer.size": None, "employer.industry": "G53"}
    assert decision(outcome(library, EMPLOYER, changes), REFUND).verdict == "review"


def test_a_region_without_documents_has_no_decisions(library: Library) -> None:
    assert outcome(library, EMPLOYER, {"region": "440305"}).decisions == ()


def test_a_given_size_against_its_own_figures_is_used_and_warned_about(library: Library) -> None:
    changes = {"employer.industry": "H62", "employer.employees": 5, "employer.revenue": 500000}
    found = outcome(library, EMPLOYER, changes)
    assert decision(found, REFUND).amount == Decimal("11111.10")
    assert "employer.size: warning/contradiction: found 小型, derived 微型" in found.warnings[0]


def test_a_standard_that_is_not_in_the_tables_leaves_the_amount_open_with_a_note(library: Library) -> None:
    migrant = {
        "region": "621025",
        "on": "2022-08-15",
        "applicant": {
            "became_unemployed_on": "2022-05-01",
            "groups": ["农民工"],
            "unemployment_insured_months": 8,
            "receiving_unemployment_benefit": False,
        },
    }
    found = decision(outcome(library, migrant), "temporary-living-allowance")
    assert (found.verdict, found.amount) == ("eligible", None)
    assert found.missing == ("standards.urban-minimum-living",)
    assert "城市低保标准" in (found.amount_note or "")


def test_unknown_units_widen_the_range(library: Library) -> None:
    second = {**EMPLOYER["hires"][0], "id": "h2", "person": {"graduated_on": "2022-06-30"}}
    changes = {"hires": [EMPLOYER["hires"][0], second]}
    found = decision(outcome(library, EMPLOYER, changes), "hiring-expansion")
    assert (found.verdict, found.amount) == ("eligible", Decimal("1500.00"))
    assert found.amount_range is not None
    assert (found.amount_range.low, found.amount_range.high) == (Decimal(1500), Decimal(3000))
