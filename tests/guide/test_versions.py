"""Where else and when else a measure is enacted."""

from __future__ import annotations

from datetime import date

from zhida.guide.versions import versions_of
from zhida.library import Library, resolve

from .conftest import DAY


def test_a_measure_is_listed_by_place_and_day(library: Library) -> None:
    found = versions_of(library, "hiring-subsidy", DAY)
    assert [v.place.name for v in found] == ["包头市", "辽宁省", "平凉市", "平凉市", "正宁县"]
    here = found[-1]
    assert (here.document, here.row) == ("正人社发〔2022〕91号", "ZN91-002")
    assert (here.is_open, here.status, here.day) == (True, "开放到 2023-01-31", DAY)


def test_the_day_of_a_version_leads_to_its_rule(library: Library) -> None:
    for on in (date(2019, 1, 1), DAY, date(2030, 1, 1)):
        for measure in library.measures:
            for version in versions_of(library, measure, on):
                rules = resolve(library, version.place.code, version.day)
                assert (measure, version.row, version.clause) in [(r.measure, r.row, r.clause) for r in rules]


def test_a_deferred_version_says_what_it_waits_for(library: Library) -> None:
    liaoning = versions_of(library, "hiring-subsidy", DAY)[1]
    assert (liaoning.is_open, liaoning.status) == (False, "暂缓：等辽宁省一次性吸纳就业补贴标准")
