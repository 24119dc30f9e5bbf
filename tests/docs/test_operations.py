"""The operator's page names every variable that the service reads, and none that it does not."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.markdown import ROOT, table_after

PAGE = ROOT / "docs" / "operations.md"
READ = re.compile(r'(?:\benv\.\w+\(|environ\.get\(|environ\[)\s*"([A-Z_]+)"')
ELSEWHERE = {"DJANGO_SETTINGS_MODULE"}
"""Read by Django."""


def variables_read() -> set[str]:
    folders = (ROOT / "src/zhida/service", ROOT / "src/zhida/cli")
    texts = (path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))
    return {name for text in texts for name in READ.findall(text)}


def test_every_variable_is_told_once():
    rows = table_after(PAGE.read_text(encoding="utf-8"), "<!-- environment -->")
    told = [row[0].strip("`") for row in rows]
    assert len(told) == len(set(told))
    assert set(told) == variables_read() | ELSEWHERE


def test_every_file_that_it_names_is_there():
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(deploy/[\w./-]+)`", text))
    assert named == {f"deploy/{path.name}" for path in (ROOT / "deploy").iterdir()}
    assert all((ROOT / "docs" / page).exists() for page in re.findall(r"\]\(([\w-]+\.md)", text))


def test_every_command_that_it_names_exists():
    from zhida.cli.app import app

    commands = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    commands |= {group.name or "" for group in app.registered_groups}
    named = set(re.findall(r"zhida ([a-z]+)(?= |`|$)", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named - {"zhida"} <= commands | {"from"}, named - commands


def test_the_page_is_found_from_the_readme():
    for page in ("README.md", "README.zh-CN.md"):
        assert "docs/operations.md" in Path(ROOT / page).read_text(encoding="utf-8")
