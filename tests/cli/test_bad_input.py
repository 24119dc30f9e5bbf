"""Bad input: exit 2, nothing on stdout, one line for each error and all of them at once."""

from __future__ import annotations

import copy
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from .conftest import RESTAURANT, Run, Write


def refused(run: Run, path: object, *options: str) -> list[str]:
    """The lines on stderr; checks everything that holds for all bad input."""
    result = run("decide", path, *options)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines
    for line in lines:
        assert ": found " in line and ", expected " in line, line
        assert line.count(": ") >= 2, line
    return lines


def changed(**changes: Any) -> dict[str, Any]:
    """The restaurant with dotted keys (`__` for a dot) set."""
    case = copy.deepcopy(RESTAURANT)
    for dotted, value in changes.items():
        *way, last = dotted.split("__")
        target: Any = case
        for step in way:
            target = target[int(step[1:])] if step[0] == "_" else target.setdefault(step, {})
        target[last] = value
    return case


@pytest.mark.parametrize(
    ("case", "line"),
    [
        (changed(employer__sise="小型"), "employer.sise: key/unknown: found sise, expected a key"),
        (changed(employers={}), "employers: key/unknown: found employers, expected a key"),
        (changed(employer__size="小形"), "employer.size: choice/unknown: found 小形, expected one of 大型"),
        (
            changed(employer__insured_last_year_end=-3),
            "employer.insured_last_year_end: number/negative: found -3, expected a number from 0 up",
        ),
        (
            changed(employer__insured_last_year_end="２８"),
            "employer.insured_last_year_end: number/full-width: found ２８, expected half-width digits",
        ),
        (
            changed(employer__unemployment_contributions_last_year="NaN"),
            "employer.unemployment_contributions_last_year: number/not-finite: found NaN, expected a finite",
        ),
        (changed(on="2022-02-30"), "on: date/no-such-day: found 2022-02-30, expected a day that exists"),
        (
            changed(_0=None, hires=[{"id": "h1", "hired_on": "2022-02-30"}]),
            "hires.h1.hired_on: date/no-such-day: found 2022-02-30",
        ),
        (changed(employer__uscc="91621025MA71234567"), "employer.uscc: code/invalid: found"),
        (changed(applicant__id_number="110101199003070000"), "applicant.id_number: code/invalid: found"),
        (
            changed(hires=[{"id": "h1", "hired_on": "2022-07-10", "person": {"born_on": "2022-08-01"}}]),
            "hires.h1.hired_on: date/before-birth: found 2022-07-10, expected a day after birth (2022-08-01)",
        ),
        (changed(hires=[{"id": "h1"}, {"id": "h1"}]), "hires[1].id: id/duplicate: found h1, expected an id"),
        (
            changed(history=[{"measure": "hiring-subsidy", "subject": "h9"}]),
            "history[0].subject: id/unknown: found h9, expected the id of something in this case",
        ),
        (
            changed(hires=[{"id": "h1", "hired_on": "2022-12-01"}]),
            "hires.h1.hired_on: date/after-decision: found 2022-12-01, expected a day not after 2022-10-01",
        ),
        (changed(employer=["企业"]), "employer: type/mapping: found a list, expected a mapping"),
        (changed(hires={}), "hires: type/list: found a mapping, expected a list"),
        (changed(employer__labour_dispatch="否"), "employer.labour_dispatch: type/boolean: found 否"),
        (changed(region="62102"), "region: region/malformed: found 62102, expected six digits"),
    ],
)
def test_each_error_names_the_key_what_was_found_and_what_is_expected(
    run: Run, write: Write, case: dict[str, Any], line: str
) -> None:
    case.pop("_0", None)
    lines = refused(run, write(case))
    assert [found for found in lines if found.startswith(line)], lines
    assert len(lines) == 1


def test_all_errors_come_at_once_with_those_of_the_options(run: Run, write: Write) -> None:
    case = changed(employer__size="小形", employer__revenue=-1, foo=1)
    lines = refused(run, write(case), "--region", "正宁", "--on", "2022-13-01", "--measure", "hiring-subsidi")
    assert [line.partition(": found")[0] for line in lines] == [
        "--region: region/malformed",
        "--on: date/no-such-day",
        "--measure: option/unknown-measure",
        "foo: key/unknown",
        "employer.revenue: number/negative",
        "employer.size: choice/unknown",
    ]
    assert "did you mean hiring-subsidy?" in lines[2]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "file/shape: found nothing, expected a mapping of facts"),
        ("[1, 2]", "file/shape: found a list, expected a mapping of facts"),
        ("- 1\n- 2\n", "file/shape: found a list, expected a mapping of facts"),
        ("just text", "file/shape: found just text, expected a mapping of facts"),
        ('{"region": 1,}', "file/json: found "),
        ('{"on": 1, "on": 2}', "file/duplicate-key: found on twice, expected each key once"),
        ("on: 1\non: 2\n", "yaml/duplicate-key: found 'on' twice, expected"),
        ("a: &a [1]\nb: *a\n", "yaml/alias: found an alias (*name), expected write the value out"),
        ("a: [1\n", "yaml/syntax: found "),
        (b"\xff\xfe\x00\x81", "file/encoding: found unreadable bytes, expected UTF-8 or GBK"),
        (b"on: \x00\n", "file/encoding: found unreadable bytes, expected UTF-8 or GBK"),
    ],
)
def test_a_broken_file_is_one_line(run: Run, write: Write, content: Any, line: str) -> None:
    path = write(content)
    lines = refused(run, path)
    assert len(lines) == 1
    assert lines[0].startswith(path) and line in lines[0]


def test_a_number_that_is_none_is_told_with_its_key_and_all_else(run: Run, write: Write) -> None:
    text = '{"region": NaN, "on": "2022-10-01", "employer": {"revenue": Infinity, "employees": -1}}'
    lines = refused(run, write(text))
    assert [line.partition(": ")[0] for line in lines] == ["region", "employer.employees", "employer.revenue"]


def test_yaml_aliases_cannot_explode(run: Run, write: Write) -> None:
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    lines = refused(run, write("\n".join(bomb)))
    assert all("yaml/alias" in line for line in lines)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_refused(run: Run, write: Write, opening: str) -> None:
    lines = refused(run, write('{"a": ' + opening * 100_000))
    assert len(lines) == 1


def test_deeply_nested_yaml_is_refused(run: Run, write: Write) -> None:
    assert len(refused(run, write("a: " + "[" * 5_000))) == 1
    indented = "\n".join(f"{' ' * n}a:" for n in range(300))
    assert refused(run, write(indented))


def test_a_file_of_50_mb_is_not_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert refused(run, path) == [
        f"{path}: file/too-large: found 50,000,000 bytes, expected at most 5,000,000 (one case)"
    ]


def test_standard_input_is_read_up_to_the_limit(run: Run) -> None:
    result = run("decide", "-", input=b" " * 6_000_000)
    assert result.exit_code == 2
    assert result.stderr.startswith("stdin: file/too-large: found 5,000,001 bytes")


def test_a_directory_and_a_missing_file_are_named(run: Run, tmp_path: Path) -> None:
    assert refused(run, tmp_path)[0].startswith(f"{tmp_path}: file/directory: found a directory, expected")
    missing = tmp_path / "none.yaml"
    assert refused(run, missing)[0].startswith(f"{missing}: file/missing: found no such file, expected")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(run: Run, restaurant: str) -> None:
    os.chmod(restaurant, stat.S_IWUSR)
    assert "file/unreadable: found Permission denied" in refused(run, restaurant)[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030"])
def test_a_bom_and_gbk_are_read(run: Run, write: Write, encoding: str) -> None:
    text = "region: 621025\non: 2022-10-01\nemployer: {org_type: 企业, name: 正宁县饭庄}\n"
    result = run("decide", write(text.encode(encoding)), "--json")
    assert result.exit_code == 0, result.output
