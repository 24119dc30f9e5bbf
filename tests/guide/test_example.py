"""One worked case as an example."""

from __future__ import annotations

import re
from datetime import date

from zhida.guide.example import example_of
from zhida.library import Library, resolve

from .conftest import RuleOf


def test_the_example_starts_from_the_plain_case_of_its_file(library: Library, rule_of: RuleOf) -> None:
    example = example_of(library, rule_of("job-retention-refund"))
    assert example is not None
    assert example.title == "三十人以下裁员率百分之十，中小微企业返还九成"
    assert (example.amount, example.region_name, example.on) == ("11,111.10 元", "正宁县", date(2022, 10, 1))
    assert ("单位", "上年末参保人数", "28 人") in [(f.owner, f.name, f.value) for f in example.facts]
    assert example.cites == "正人社发〔2022〕91号 一(十)"


def test_facts_say_whose_they_are(library: Library, rule_of: RuleOf) -> None:
    example = example_of(library, rule_of("hiring-subsidy"))
    assert example is not None
    owners = {fact.key: fact.owner for fact in example.facts}
    assert owners["employer.size"] == "单位"
    assert owners["hires.h1.hired_on"] == "招用"
    assert owners["hires.h1.person.education"] == "个人"
    assert "hires.h1.id" not in owners


def test_an_amount_that_is_settled_is_preferred(library: Library, rule_of: RuleOf) -> None:
    example = example_of(library, rule_of("unemployment-assistance"))
    assert example is not None
    assert "元/月" in example.amount
    assert example.schedule


def test_a_provision_that_waits_has_no_example(library: Library) -> None:
    on = date(2021, 1, 1)
    rule = next(r for r in resolve(library, "210000", on) if r.measure == "hiring-subsidy")
    assert example_of(library, rule) is None


def test_files_of_worked_cases_are_found_by_their_name(library: Library) -> None:
    for path in (library.root / "cases").rglob("*.yaml"):
        measure = re.search(r"^measure: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert measure is not None
        assert path.stem.startswith(measure.group(1))
