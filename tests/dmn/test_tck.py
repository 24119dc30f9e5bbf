"""The runner itself, and the public suite where ZHIDA_TCK says where it is."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from tests.dmn.models import decision, literal, read

from zhida.dmn.tck import format_report, matches, run

SUITE = os.environ.get("ZHIDA_TCK", "")
LEAST = Decimal("0.99")
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>
<testCase id="right"><resultNode name="a"><expected><value xsi:type="xsd:decimal">2</value></expected>
</resultNode></testCase>
<testCase id="wrong"><resultNode name="a"><expected><list><item><value xsi:type="xsd:decimal">2</value></item>
</list></expected></resultNode></testCase>
<testCase id="null"><resultNode name="b" errorResult="true"><expected><value xsi:nil="true"/></expected>
</resultNode></testCase>
<testCase id="missing"><resultNode name="c"><expected><value xsi:type="xsd:date">2022-01-01</value></expected>
</resultNode></testCase>
</testCases>"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "compliance-level-3" / "0001-sums"
    folder.mkdir(parents=True)
    read(folder, decision("a", literal("1 + 1")) + decision("b", literal("1 / 0")))
    (folder / "test.xml").write_text(CASES, encoding="utf-8")
    (folder / "broken.xml").write_text("<testCases", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("below", ["", "compliance-level-3", "compliance-level-3/0001-sums"])
def test_it_counts_by_directory(suite: Path, below: str) -> None:
    counts = {"passed": 2, "failed": 2, "value_expected": {"passed": 1, "failed": 2}}
    report = run(suite / below)
    assert report.to_json() == {"directories": {"0001-sums": counts}, "total": counts}
    assert len(report.failures) == 2
    assert "0001-sums" in format_report(report)


def test_an_empty_directory_has_no_tests(tmp_path: Path) -> None:
    assert run(tmp_path).to_json()["total"]["passed"] == 0
    assert "total" in format_report(run(tmp_path))


def test_numbers_match_as_far_as_they_are_written() -> None:
    third = Decimal(1) / Decimal(3)
    assert matches(Decimal("0.33333333"), third)
    assert not matches(Decimal("0.3333"), third)
    assert matches([Decimal(1), {"a": None}], [Decimal("1.0"), {"a": None}])
    assert not matches(Decimal(1), None)
    assert not matches(None, False)


@pytest.mark.skipif(not SUITE, reason="set ZHIDA_TCK to the folder of the DMN TCK")
def test_the_public_suite_passes() -> None:
    total = run(Path(SUITE)).total.value_expected
    assert total.passed > 0
    assert Decimal(total.passed) / (total.passed + total.failed) >= LEAST
