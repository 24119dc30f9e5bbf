"""Rules of a region and day: figures with their source, windows, layers and switches."""

from datetime import date

import pytest

from zhida.feel.nodes import Literal
from zhida.library import Library, Rule, resolve

ON = date(2022, 10, 1)


def rule(library: Library, measure: str, region: str = "621025", on: date = ON) -> Rule:
    return next(r for r in resolve(library, region, on) if r.measure == measure)


def test_a_county_document_does_not_reach_its_prefecture(library: Library) -> None:
    measures = {r.measure for r in resolve(library, "621025", ON) if r.region == "621025"}
    assert measures
    assert not [r for r in resolve(library, "621000", ON) if r.region == "621025"]


def test_figures_are_substituted_with_their_source(library: Library) -> None:
    figure = rule(library, "hiring-subsidy").figures["每人标准"]
    assert str(figure.value.value) == "1000"  # type: ignore[attr-defined]
    assert (figure.source.document, figure.source.clause) == ("正人社发〔2022〕91号", "一(一)")


def test_a_figure_from_another_document_cites_that_one(library: Library) -> None:
    figure = rule(library, "startup-grant").figures["返乡人员登记起始日"]
    assert figure.value == Literal(date(2019, 4, 22))
    assert figure.source.document == "甘财社〔2019〕33号"


def test_a_switch_keeps_its_default_until_a_document_overrides_it(library: Library) -> None:
    own = rule(library, "hiring-expansion").figures["身份使用范围"]
    assert own.value == Literal("年度")
    assert (own.source.interpretation, own.source.document) == ("A28", "正人社发〔2022〕91号")
    method = rule(library, "startup-loan-micro").figures["划型办法"]
    assert method.value == Literal("国统字〔2017〕213号")


@pytest.mark.parametrize(
    ("measure", "day", "is_open"),
    [
        ("job-retention-refund", date(2021, 12, 31), False),
        ("job-retention-refund", date(2022, 1, 1), True),
        ("job-retention-refund", date(2022, 12, 31), True),
        ("job-retention-refund", date(2023, 1, 1), False),
        ("hiring-subsidy", date(2023, 1, 31), True),
        ("hiring-subsidy", date(2023, 2, 1), False),
        ("unemployment-rate-cut", date(2023, 4, 30), True),
        ("unemployment-rate-cut", date(2023, 5, 1), False),
        ("startup-grant", date(2030, 1, 1), True),
    ],
)
def test_windows_hold_on_both_sides(library: Library, measure: str, day: date, is_open: bool) -> None:
    assert rule(library, measure, on=day).opening.is_open(day) is is_open


@pytest.mark.parametrize(("zone", "prefecture"), [("150271", "150200"), ("620871", "620800")])
def test_a_zone_without_a_code_of_its_own_has_the_rules_of_its_prefecture(
    library: Library, zone: str, prefecture: str
) -> None:
    assert resolve(library, zone, ON) == resolve(library, prefecture, ON)
    [row] = library.tables["地区名称"].rows[zone,]
    assert "高新" in row.values["名称"]
