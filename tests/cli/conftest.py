"""The command line run inside the test process, with the library loaded once."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.decide.cases import EMPLOYER
from typer.testing import CliRunner, Result

from zhida.cli import inputs
from zhida.cli.app import app
from zhida.library import load

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
MEASURES = sorted(path.stem for path in (ROOT / "policies" / "measures").glob("*.yaml"))
Run = Callable[..., Result]
Write = Callable[[Any], str]

RESTAURANT = EMPLOYER

_load_once = functools.cache(load)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("decide", path, input=…)`: the built-in library is checked once for all tests."""
    monkeypatch.setattr(inputs, "load_cached", lambda root, environment: _load_once(root))
    monkeypatch.delenv("ZHIDA_LIBRARY", raising=False)

    def invoke(*arguments: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments], input=input)

    return invoke


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A case file: text and bytes as they are, other data as JSON."""

    def to_file(content: Any) -> str:
        path = tmp_path / "case.yaml"
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            content = json.dumps(content, ensure_ascii=False).encode()
        path.write_bytes(content)
        return str(path)

    return to_file


@pytest.fixture
def restaurant(write: Write) -> str:
    return write(RESTAURANT)
