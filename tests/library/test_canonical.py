"""Canonical policy files: one way to write the same data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhida.library.canonical import canonical, scalar, to_yaml
from zhida.library.model import MeasureDef, TableDef
from zhida.library.yaml_source import read_yaml

POLICIES = sorted((Path(__file__).parents[2] / "policies").rglob("*.yaml"))

texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=12)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    texts,
    st.dates(min_value=date(1900, 1, 1)),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
    st.sampled_from(
        ["621025", "0.2", "2022-10-01", "true", "null", "~", "1e3", "0x1F", "- a", "a: b", "a #b", "<<"]
    ),
)
keys = texts.filter(bool)
mappings = st.dictionaries(
    keys,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_size=5,
)


@settings(deadline=None)
@given(mappings)
def test_what_is_written_is_read_back(data: dict[str, object]) -> None:
    text = to_yaml(data)
    source = read_yaml(text, trusted=True)
    assert not source.diagnostics, text
    assert source.data == data
    assert to_yaml(source.data) == text
    assert not [line for line in text.splitlines() if line.endswith(" ")]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_library_keeps_its_data(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = canonical(text, str(path), None)
    assert isinstance(found, str)
    assert read_yaml(found, trusted=True).data == read_yaml(text, trusted=True).data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("一次性吸纳就业补贴", "一次性吸纳就业补贴"),
        ("list contains(适用学历, 个人.学历)", "list contains(适用学历, 个人.学历)"),
        ("孵化成功率是多少（如 30%）？", "孵化成功率是多少（如 30%）？"),
        ("621025", '"621025"'),
        ("0.055", '"0.055"'),
        ("2022-10-01", '"2022-10-01"'),
        ("true", '"true"'),
        ("on", "on"),  # a text in YAML 1.2
        ("", '""'),
        ("a: b", '"a: b"'),
        ('"甲" = 乙', "'\"甲\" = 乙'"),
        (date(2022, 10, 1), "2022-10-01"),
        (Decimal("0.20"), "0.20"),
        (True, "true"),
        (None, "null"),
    ],
)
def test_quotes_only_where_yaml_needs_them(value: object, text: str) -> None:
    assert scalar(value) == text


def test_keys_take_the_order_of_the_model() -> None:
    text = "kind: one-off\nname: 某补贴\nmeasure: some\n"
    assert canonical(text, "m.yaml", MeasureDef) == "measure: some\nname: 某补贴\nkind: one-off\n"


def test_small_records_take_one_line_and_conditions_several() -> None:
    text = (
        "parameters:\n- key: a\n  name: 甲\n  type: money\n"
        "conditions:\n- {id: x, label: 某, when: 个人.未就业}\n"
    )
    assert canonical(text, "m.yaml", MeasureDef) == (
        "parameters:\n- {key: a, name: 甲, type: money}\n"
        "conditions:\n- id: x\n  label: 某\n  when: 个人.未就业\n"
    )


def test_long_lists_take_a_line_for_each_item() -> None:
    kinds = [f"第{n}类困难人员和家庭" for n in range(8)]
    assert to_yaml({"适用人员": kinds}) == "适用人员:\n" + "".join(f"- {kind}\n" for kind in kinds)


def test_rows_of_a_table_take_one_line_however_long() -> None:
    row = {f"第{n}列": "某个说明" for n in range(12)}
    text = to_yaml({"rows": [row]}, TableDef)
    assert len(text.splitlines()) == 2


def test_expressions_of_several_lines_are_literal_blocks() -> None:
    text = to_yaml({"amount": {"value": "甲\n  + 乙  "}}, MeasureDef)
    assert text == "amount:\n  value: |-\n    甲\n      + 乙\n"


@pytest.mark.parametrize("text", ["# why\nname: 某\n", "name: 某  # why\n", "a:\n- x\n# why\n- y\n"])
def test_a_comment_is_refused_with_its_place(text: str) -> None:
    found = canonical(text, "m.yaml", None)
    assert isinstance(found, list)
    assert found[0].code == "format/comment"
    assert found[0].line == next(n for n, line in enumerate(text.splitlines(), 1) if "#" in line)


def test_a_sign_inside_a_text_is_no_comment() -> None:
    assert canonical("name: '甲 # 乙'\n", "m.yaml", None) == 'name: "甲 # 乙"\n'


def test_broken_yaml_is_reported_and_not_rewritten() -> None:
    found = canonical("name: [某\n", "m.yaml", None)
    assert isinstance(found, list)
    assert found[0].code == "yaml/syntax"


@pytest.mark.parametrize("text", ["[]", "[1, 2]", "3", "false", '""', "文字"])
def test_what_is_no_mapping_is_not_rewritten(text: str) -> None:
    found = canonical(text, "x.yaml", MeasureDef)
    assert isinstance(found, list)
    assert [problem.code for problem in found] == ["shape/value"]


def test_an_empty_record_in_a_list_stays_where_it_is() -> None:
    found = canonical("conditions: [{}]", "x.yaml", MeasureDef)
    assert found == "conditions:\n- {}\n"
