"""docs/semantics.md: its cases are decided, its tables of codes and of keys are complete."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.decide.cases import decision, outcome
from tests.docs.markdown import DOCS, ROOT, Example, blocks, examples, table_after
from zhida.decide.decision import money, plain, to_json
from zhida.library import Library
from zhida.library.yaml_source import read_yaml

PAGE = DOCS / "semantics.md"
TEXT = PAGE.read_text(encoding="utf-8")
MEASURE = "job-retention-refund"
[CASE] = [dict(read_yaml(block.text).data) for block in blocks(PAGE, "yaml")]
CODE = re.compile(r'"((?:[a-z]+)/[a-z]+(?:-[a-z]+)*)"')


def rows(language: str) -> Any:
    return pytest.mark.parametrize(
        "row", [pytest.param(row, id=str(row)) for row in examples(PAGE, language)]
    )


def changes(row: Example) -> dict[str, Any]:
    source = read_yaml(row.expression)
    assert not source.diagnostics
    return dict(source.data)


@rows("decide")
def test_a_case_is_decided_as_the_page_says(library: Library, row: Example):
    found = decision(outcome(library, CASE, changes(row)), MEASURE)
    said = f"{found.verdict} {money(found.amount) or 'null'}"
    if span := found.amount_range:
        said += f" [{money(span.low)}, {money(span.high)}]"
    if found.missing:
        said += f" missing {', '.join(found.missing)}"
    assert said == row.value


@rows("change")
def test_the_smallest_change_is_the_one_that_the_page_gives(library: Library, row: Example):
    found = decision(outcome(library, CASE, changes(row)), MEASURE).change
    said = "null"
    if found:
        said = f"{found.fact} from {plain(found.before)} to {plain(found.after)}, {money(found.amount)}"
    assert said == row.value


@pytest.mark.parametrize("part", ["outcome", "decision", "condition"])
def test_every_key_of_the_answer_is_documented(library: Library, part: str):
    shown = to_json(outcome(library, CASE))
    [decided] = [found for found in shown["decisions"] if found["measure"] == MEASURE]
    actual = {"outcome": shown, "decision": decided, "condition": decided["conditions"][0]}[part]
    keys = [key for row in table_after(TEXT, f"<!-- json: {part} -->") for key in names(row[0])]
    assert keys == list(dict.fromkeys(keys))
    assert set(keys) == set(actual)


def names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_every_error_code_is_documented():
    folders = ("feel", "profile", "library", "decide", "cli")
    sources = [p for folder in folders for p in (ROOT / "src/zhida" / folder).rglob("*.py")]
    codes = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert "choice/unknown" in codes
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    assert not sorted(code for code in codes if f"`{code}`" not in pages)
