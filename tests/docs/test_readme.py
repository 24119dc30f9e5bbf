"""The READMEs show what the commands print, and name every command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.docs.console import PAGES, command_of, printed
from tests.docs.markdown import ROOT, Block, blocks, table_after
from zhida.cli.app import app

EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def shown(label: str) -> Any:
    found = [(page, block) for page in PAGES for block in blocks(page, "console") if block.label == label]
    assert found
    ids = [f"{page.name}:{block.line}" for page, block in found]
    return pytest.mark.parametrize(("page", "block"), found, ids=ids)


@shown("")
def test_a_command_prints_what_the_page_shows(page: Path, block: Block):
    assert block.text == f"$ zhida {command_of(block)}\n{printed(command_of(block))}"


@shown("excerpt")
def test_an_excerpt_is_in_what_the_command_prints_in_that_order(page: Path, block: Block):
    rest = printed(command_of(block))
    for part in re.split(r"^…\n", block.text.partition("\n")[2], flags=re.MULTILINE):
        assert part in rest, part
        rest = rest.partition(part)[2]


@EACH_PAGE
def test_every_command_is_named(page: Path):
    rows = table_after(page.read_text(encoding="utf-8"), "<!-- commands -->")
    named = {found[1] for row in rows if (found := re.match(r"`zhida (\w+)", row[0]))}
    commands = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert named == commands | {group.name for group in app.registered_groups}


@EACH_PAGE
def test_the_case_is_the_one_in_the_examples(page: Path):
    [case] = blocks(page, "yaml")
    text = (ROOT / case.label).read_text(encoding="utf-8")
    assert case.text == "".join(line for line in text.splitlines(True) if not line.startswith("#"))


def test_both_pages_show_the_same_case_and_the_same_output():
    first, second = (
        [block.text for language in ("yaml", "console") for block in blocks(page, language)] for page in PAGES
    )
    assert first == second
