"""Reported figures carry their arithmetic: where a document contradicts itself the library does not load."""

from decimal import Decimal

import pytest
from tests.library.broken import broken

from zhida.library import Library
from zhida.library.model import ReportedDef
from zhida.library.reported import failure

GZR = "documents/520000/GZR.yaml"


def entry(library: Library, row: str) -> ReportedDef:
    return next(e for document, _ in library.documents for e in document.reported if e.row == row)


def figures(library: Library, row: str) -> dict[str, Decimal]:
    return {figure.name: figure.number for figure in entry(library, row).figures}


@pytest.mark.parametrize(
    ("row", "parts", "whole"),
    [
        ("GZR-002", ["国家级", "省级", "州级", "县级"], "基地"),
        ("GZR-003", ["省级", "县级"], "示范园"),
        ("GZR-006", ["退役军人", "高校毕业生", "农民工"], "笔数"),
        ("GZR-006", ["退役军人金额", "高校毕业生金额", "农民工金额"], "金额"),
        ("GZR-007", ["就业困难人员", "退役军人", "农民工"], "笔数"),
        ("GZR-007", ["就业困难人员金额", "退役军人金额", "农民工金额"], "金额"),
        ("GZR-013", ["企业", "事业单位"], "参保"),
        ("GZR-013", ["企业减负", "事业单位减负"], "减负"),
    ],
)
def test_parts_add_up(library: Library, row: str, parts: list[str], whole: str) -> None:
    found = figures(library, row)
    assert sum(found[part] for part in parts) == found[whole]
    assert f"{' + '.join(parts)} = {whole}" in entry(library, row).checks


def test_levels_that_contain_each_other_are_marked_and_not_added(library: Library) -> None:
    points = figures(library, "GZR-004")
    assert points["省级"] + points["州级"] != points["示范点"] == points["州级"]
    assert entry(library, "GZR-004").overlaps


def test_averages_are_plausible(library: Library) -> None:
    refunds, skills = figures(library, "GZR-012"), figures(library, "GZR-017")
    assert round(refunds["返还金额"] * 10000 / refunds["单位"], 2) == Decimal("9867.77")
    assert Decimal(1000) <= skills["金额"] * 10000 / skills["人数"] <= Decimal(2000)
    plan = figures(library, "GZR-015")
    assert plan["职工"] * plan["每人"] == plan["金额"]


def test_the_repetition_is_carried_without_its_figures(library: Library) -> None:
    again = entry(library, "GZR-019")
    assert again.duplicate_of == "GZR-013"
    assert not again.figures


def test_every_check_of_the_library_holds(library: Library) -> None:
    entries = [e for document, _ in library.documents for e in document.reported]
    assert sum(len(e.checks) for e in entries) >= 15
    assert not [failure(e, check) for e in entries for check in e.checks if failure(e, check)]


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("number: 428,", "number: 429,", None),
        ("name: 国家级, number: 1,", "name: 国家级, number: 2,", "does not hold"),
        ("checks: [国家级 + 省级", "checks: [国级 + 省级", "unknown figure"),
        ("duplicate_of: GZR-013", "duplicate_of: GZR-099", "GZR-099"),
        ("name: 直播企业,", "name: 用工需求,", "twice"),
    ],
)
def test_a_wrong_figure_stops_the_library(tmp_path, old: str, new: str, part: str | None) -> None:
    found = [d for d in broken(tmp_path, GZR, old, new) if d.code == "document/reported"]
    assert [part in d.message for d in found] == ([True] if part else [])
