"""Where the library is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhida.library import location


def test_what_the_user_names_comes_first() -> None:
    environment = {"ZHIDA_LIBRARY": "/from/environment"}
    assert location.find_library("/given", environment) == Path("/given")
    assert location.find_library(None, environment) == Path("/from/environment")


def test_a_packed_library_comes_before_the_checkout_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "src" / "zhida"
    package.mkdir(parents=True)
    monkeypatch.setattr(location, "PACKAGE", package)
    assert location.find_library(None, {}) == tmp_path / "policies"
    (package / "policies").mkdir()
    assert location.find_library(None, {}) == package / "policies"
