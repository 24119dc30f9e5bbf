"""Fixtures that every test may use: the project's own library, loaded once."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from zhida.library import Library, load

POLICIES = Path(__file__).parents[1] / "policies"

# In CI every run of one version tries the same examples; at a desk each run tries others.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI", "").lower() == "true":
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def library() -> Library:
    loaded, diagnostics = load(POLICIES)
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return loaded
