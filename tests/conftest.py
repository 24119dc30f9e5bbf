"""Fixtures that every test may use: the project's own library, loaded once."""

from pathlib import Path

import pytest

from zhida.library import Library, load

POLICIES = Path(__file__).parents[1] / "policies"


@pytest.fixture(scope="session")
def library() -> Library:
    loaded, diagnostics = load(POLICIES)
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return loaded
