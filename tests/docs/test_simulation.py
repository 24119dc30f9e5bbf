"""The page on two versions of the law is carried out as it is written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.docs.markdown import DOCS, ROOT, Block, blocks
from zhida.cli.diff_wording import NAMES

PAGE = DOCS / "simulation.md"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both libraries and the population of the page."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("policies", "proposed"):
        shutil.copytree(ROOT / "policies", folder / name, ignore=shutil.ignore_patterns("cases"))
    changed = folder / "proposed" / "documents" / "621025" / "ZN91.yaml"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("    每人标准: 1000\n", "    每人标准: 1200\n", 1), encoding="utf-8")
    for block in blocks(PAGE, "csv"):
        path = folder / block.label
        path.parent.mkdir(exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    return folder


def printed(desk: Path, block: Block, expected_exit: int) -> str:
    command = block.text.splitlines()[0].removeprefix("$ zhida ").split()
    run = subprocess.run(
        [sys.executable, "-m", "zhida", *command],
        cwd=desk,
        env=os.environ | {"ZHIDA_LIBRARY": "policies", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == expected_exit, run.stderr
    return "\n".join(line.rstrip() for line in run.stdout.splitlines()) + "\n"


def test_the_difference_is_what_the_page_shows(desk: Path):
    [block] = [block for block in blocks(PAGE, "console") if block.label == "exit 1"]
    assert printed(desk, block, 1) == block.text.partition("\n")[2]


def test_the_simulation_is_what_the_page_shows(desk: Path):
    [block] = [block for block in blocks(PAGE, "console") if block.label == "excerpt"]
    rest = printed(desk, block, 0)
    parts = re.split(r"^…\n", block.text.partition("\n")[2], flags=re.MULTILINE)
    for part in filter(None, parts):
        assert part in rest, part
        rest = rest.partition(part)[2]
    named = {name for row in table(PAGE, "| file in") for name in re.findall(r"`([\w./]+)`", row[0])}
    written = {f"{p.name}/" if p.is_dir() else p.name for p in (desk / "what-if").iterdir()}
    assert named == written


def test_the_columns_of_the_files_are_named(desk: Path):
    rows = {row[0].strip("`"): row[1] for row in table(PAGE, "| file in")}
    folder = desk / "what-if"
    with duckdb.connect() as connection:
        for name, exempt in (("payees", ()), ("units", ("verdict", "reason", "amount"))):
            query = f"DESCRIBE SELECT * FROM '{folder}/{name}.parquet'"
            columns = [row[0] for row in connection.execute(query).fetchall()]
            told = re.findall(r"`(\w+)`", rows[f"{name}.parquet"])
            assert told == [c for c in columns if c.rpartition("_")[0] not in exempt]


def test_every_group_of_a_difference_is_named():
    rows = table(PAGE, "| 类别")
    assert [name for row in rows for name in row[0].split(", ")] == list(NAMES.values())


def table(page: Path, head: str) -> list[list[str]]:
    """The rows of the table whose head begins so."""
    text = page.read_text(encoding="utf-8").partition("\n" + head)[2]
    lines = text.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
