"""A folder is there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhida.folder import FolderExists, new_folder


def write(target: Path, text: str, replace: bool = False) -> None:
    with new_folder(target, replace) as folder:
        (folder / "file").write_text(text)


def test_it_is_there_at_the_end_and_nothing_beside_it(tmp_path: Path):
    with new_folder(tmp_path / "out") as folder:
        (folder / "file").write_text("new")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "file").read_text() == "new"
    assert os.listdir(tmp_path) == ["out"]


def test_folders_above_it_are_made(tmp_path: Path):
    write(tmp_path / "a" / "b", "new")
    assert (tmp_path / "a" / "b" / "file").read_text() == "new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_after_an_interruption_there_is_nothing(tmp_path: Path, error: type[BaseException]):
    with pytest.raises(error), new_folder(tmp_path / "out") as folder:
        (folder / "file").write_text("half")
        raise error
    assert os.listdir(tmp_path) == []


def test_what_is_there_is_refused_before_anything_is_written(tmp_path: Path):
    write(tmp_path / "out", "old")
    with pytest.raises(FolderExists), new_folder(tmp_path / "out"):
        raise AssertionError
    assert (tmp_path / "out" / "file").read_text() == "old"


def test_what_is_there_is_replaced_whole_where_that_is_wanted(tmp_path: Path):
    write(tmp_path / "out", "old")
    (tmp_path / "out" / "more").write_text("old")
    write(tmp_path / "out", "new", replace=True)
    assert os.listdir(tmp_path / "out") == ["file"]
    assert os.listdir(tmp_path) == ["out"]


def test_an_interrupted_replacement_keeps_what_was_there(tmp_path: Path):
    write(tmp_path / "out", "old")
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "out", replace=True):
        raise KeyboardInterrupt
    assert (tmp_path / "out" / "file").read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]


KILLED = """
import os, signal, sys
from pathlib import Path
from zhida.folder import new_folder
with new_folder(Path(sys.argv[1])) as folder:
    (folder / "file").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_cleared_by_the_next(tmp_path: Path):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "out")], check=False)
    [left] = os.listdir(tmp_path)
    assert left.endswith(".partial")
    write(tmp_path / "out", "new")
    assert os.listdir(tmp_path) == ["out"]


def test_another_that_is_still_writing_is_left_alone(tmp_path: Path):
    other = tmp_path / f".out.{os.getppid()}.partial"
    other.mkdir()
    write(tmp_path / "out", "new")
    assert other.exists()
