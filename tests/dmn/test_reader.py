"""What is refused as no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhida.dmn.reader import DmnError, read_model

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><definitions>&b;</definitions>'


@pytest.mark.parametrize(
    "content",
    ["", "no xml", "<definitions>", "<other/>", BOMB, BOMB.replace("<!ENTITY", "<!ELEMENT"), "<a>" * 5000],
)
def test_it_refuses(tmp_path: Path, content: str) -> None:
    path = tmp_path / "m.dmn"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DmnError):
        read_model(path)


def test_an_empty_model_is_one(tmp_path: Path) -> None:
    path = tmp_path / "m.dmn"
    path.write_text("<definitions/>", encoding="utf-8")
    assert read_model(path).elements == {}
