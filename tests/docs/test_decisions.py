"""Decision records stay short, have their three parts, and are all listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.markdown import DOCS

FOLDER = DOCS / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
LINES = 25


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_is_short_and_has_its_parts(path: Path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LINES
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequence"]


def test_the_records_are_numbered_and_listed_in_order():
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in RECORDS]
    assert [name[:4] for name in listed] == [f"{n:04d}" for n in range(1, len(listed) + 1)]
