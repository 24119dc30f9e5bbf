"""Bad input: every problem at once, one line each, naming the key, what was found and expected."""

from typing import Any

import pytest

from tests.decide.cases import EMPLOYER
from zhida.decide import build_case, read_case
from zhida.decide.worked import changed
from zhida.library import Library


def problems(library: Library, changes: dict[str, Any]) -> list[str]:
    case, found = build_case(library, changed(EMPLOYER, changes))
    assert (case is None) == bool(found)
    return [str(problem) for problem in found]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"employer.org_typ": "企业"}, "employer.org_typ: key/unknown: found org_typ"),
        ({"employer.org_type": "企 业"},
         "employer.org_type: choice/unknown: found 企 业, expected one of 企业"),
        ({"employer.insured_last_year_end": -1}, "employer.insured_last_year_end: number/negative: found -1"),
        ({"employer.insured_last_year_end": "2.5"}, "employer.insured_last_year_end: number/not-whole"),
        ({"employer.insured_last_year_end": "２８"},
         "employer.insured_last_year_end: number/full-width: found ２８, expected half-width digits"),
        ({"employer.revenue": "NaN"}, "employer.revenue: number/not-finite: found NaN"),
        ({"employer.layoff_rate_last_year": 10}, "employer.layoff_rate_last_year: rate/too-large: found 10"),
        ({"employer.seriously_dishonest": "否"}, "employer.seriously_dishonest: type/boolean: found 否"),
        ({"hires.h1.hired_on": "2022-02-30"}, "hires.h1.hired_on: date/no-such-day: found 2022-02-30"),
        ({"hires.h1.hired_on": "2022-10-02"}, "hires.h1.hired_on: date/after-decision: found 2022-10-02"),
        ({"hires.h1.person.born_on": "2022-07-11"}, "hires.h1.hired_on: date/before-birth: found 2022-07-10"),
        ({"employer.uscc": "91620000000000000X"}, "employer.uscc: code/invalid: found check character"),
        ({"hires.h1.person.id_number": "621025199001011234"},
         "hires.h1.person.id_number: code/invalid: found check character"),
        ({"hires": [{"id": "a"}, {"id": "a"}]}, "hires[1].id: id/duplicate: found a"),
        ({"hires": [{}]}, "hires[0].id: id/missing: found nothing"),
        ({"history": [{"measure": "skill-upgrade", "subject": "nobody"}]},
         "history[0].subject: id/unknown: found nobody"),
        ({"history": [{"measure": "skil-upgrade", "subject": "h1"}]},
         "history[0].measure: code/unknown: found skil-upgrade"),
        ({"region": "62102"}, "region: region/malformed: found 62102"),
        ({"on": None}, "on: type/date: found nothing"),
        ({"employers": {}}, "employers: key/unknown: found employers"),
        ({"employer": []}, "employer: type/mapping: found a list"),
    ],
)  # fmt: skip
def test_one_line_says_what_is_wrong(library: Library, changes: dict[str, Any], line: str) -> None:
    assert any(found.startswith(line) for found in problems(library, changes)), problems(library, changes)


def test_all_problems_are_told_at_once(library: Library) -> None:
    changes = {"region": "x", "employer.size": "巨型", "hires.h1.contract_months": -3, "fnud": {}}
    assert len(problems(library, changes)) == 4


def test_a_growing_firm_may_have_a_negative_layoff_rate(library: Library) -> None:
    assert problems(library, {"employer.layoff_rate_last_year": "-0.05"}) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_json_in_the_encodings_people_have(library: Library, encoding: str) -> None:
    text = '{"region": "621025", "on": "2022-10-01", "employer": {"org_type": "企业", "revenue": 1.10}}'
    case, found = read_case(library, text.encode(encoding), "case.json")
    assert case is not None, found
    assert case.entries["employer"].facts["org_type"] == "企业"
    assert str(case.entries["employer"].facts["revenue"]) == "1.10"


def test_on_is_a_key_in_yaml(library: Library) -> None:
    case, found = read_case(library, b"region: '621025'\non: 2022-10-01\n", "case.yaml")
    assert case is not None, found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a": 1, "a": 2}', "file/duplicate-key"),
        (b'{"region": "621025", "on": "2022-10-01", "employer": {"revenue": NaN}}', "number/not-finite"),
        (b"{" * 100_000, "file/"),
        (b"[" * 100_000, "file/"),
        (b"a: &x [1]\nb: *x\n", "yaml/alias"),
        (b"a: [1, 2\n", "yaml/syntax"),
        (b"- " * 10_000 + b"1", "yaml/"),
        (b"\xff\xfe\x00\x01", "file/encoding"),
        (b"", "file/shape"),
        (b"just text", "file/shape"),
        (b" " * 6_000_000, "file/too-large"),
    ],
)
def test_files_that_cannot_be_a_case(library: Library, content: bytes, code: str) -> None:
    case, found = read_case(library, content, "case")
    assert case is None
    assert any(problem.code.startswith(code) for problem in found), found
