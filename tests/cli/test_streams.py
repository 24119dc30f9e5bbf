"""Failures outside the program, and in it, on one line."""

from __future__ import annotations

import pytest

from zhida.cli import app, streams


def test_an_error_of_the_system_names_the_file() -> None:
    error = OSError(28, "No space left on device", "/data/case.yaml")
    assert streams.one_line(error) == "zhida: No space left on device: /data/case.yaml"


def test_a_bug_is_one_line_with_a_way_to_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> None:
        raise ValueError("two\nlines")

    monkeypatch.setattr(app, "app", broken)
    monkeypatch.delenv("ZHIDA_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as caught:
        app.main()
    assert str(caught.value).startswith("zhida: internal error, please report it: ValueError: two lines (")
    monkeypatch.setenv("ZHIDA_TRACEBACK", "1")
    with pytest.raises(ValueError, match="two"):
        app.main()
