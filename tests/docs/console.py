"""The commands of the README and what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.docs.markdown import ROOT, Block, blocks

PAGES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
COLUMNS = "100"
_LIBRARY = re.compile(r"政策库 [0-9a-f]{12}")


def command_of(block: Block) -> str:
    """The one command of a `console` block, without its prompt."""
    first = block.text.splitlines()[0]
    assert first.startswith("$ zhida "), first
    return first.removeprefix("$ zhida ")


def printed(command: str) -> str:
    """What the command prints at the root of the repository; the library's hash is left out."""
    inherited = {name: value for name, value in os.environ.items() if name != "ZHIDA_LIBRARY"}
    run = subprocess.run(
        [sys.executable, "-m", "zhida", *command.split()],
        cwd=ROOT,
        env={**inherited, "COLUMNS": COLUMNS, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lines = _LIBRARY.sub("政策库 …", run.stdout).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def with_output(page: Path) -> str:
    """The page with every whole `console` block as it is printed now."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(page, "console"):
        if not block.label:
            fresh = f"$ zhida {command_of(block)}\n{printed(command_of(block))}"
            text = text.replace(f"```console\n{block.text}```", f"```console\n{fresh}```")
    return text
