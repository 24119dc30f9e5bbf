"""Reads the tables `expression → value` that the language's tests are written in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def rows(path: Path) -> Any:
    """Parametrises a test with the (expression, value) pairs of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [line.split(" → ") for line in lines if line and not line.startswith("#")]
    assert found and all(len(row) == 2 for row in found)
    return pytest.mark.parametrize(("expression", "value"), found, ids=[row[0] for row in found])
