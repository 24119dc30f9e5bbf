"""What no file of the repository may contain."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

SOURCES_OF_PACKAGES = (
    "pyproject.toml",
    "constraints.txt",
    "Makefile",
    ".ci/run",
)


@pytest.mark.parametrize("name", SOURCES_OF_PACKAGES)
def test_no_package_index_is_named(root: Path, name: str):
    text = (root / name).read_text(encoding="utf-8")
    assert not re.findall(r"\w+://\S+", text)
    assert not re.findall(r"--(?:extra-)?index-url|--find-links|--trusted-host", text)


def test_every_constraint_is_one_exact_version(root: Path):
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert line.startswith("#") or re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), line


def test_no_file_names_the_machine_it_was_written_on(root: Path, tracked: list[Path]):
    places = {f"{folder}/" for folder in (root, root.parent, Path.home()) if len(folder.parts) > 1}
    personal = re.compile(r"/(?:home|Users)/\w")
    for path in tracked:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [place for place in places if place in text], path
        assert not personal.search(text), path


def test_text_files_end_in_one_newline_and_have_no_carriage_returns(tracked: list[Path]):
    text_like = {".py", ".yaml", ".yml", ".toml", ".md", ".txt", ".json", ".csv", ""}
    for path in tracked:
        if path.suffix in text_like and (content := path.read_bytes()):
            assert b"\r" not in content, path
            assert content.endswith(b"\n") and not content.endswith(b"\n\n"), path


def test_policy_files_are_yaml_without_code(root: Path):
    files = [path for path in (root / "policies").rglob("*") if path.is_file()]
    assert files
    for path in files:
        if path.name == "ledger.csv":
            continue
        assert path.suffix == ".yaml", path
        YAML(typ="safe").load(path)
