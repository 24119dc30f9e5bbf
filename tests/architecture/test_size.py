"""Modules stay short enough to read."""

from pathlib import Path

MODULE_LINES = 500
LANGUAGE_LINES = 1500


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_longer_than_500_lines(root: Path):
    found = (p for folder in ("src", "tests", "benchmarks") for p in (root / folder).rglob("*.py"))
    modules = [path for path in found if path.parent.name != "migrations"]  # Django writes those
    assert modules
    long = {str(p.relative_to(root)): lines(p) for p in modules if lines(p) > MODULE_LINES}
    assert not long


def test_the_whole_language_is_shorter_than_1500_lines(root: Path):
    counts = {p.name: lines(p) for p in (root / "src/zhida/feel").glob("**/*.py")}
    assert sum(counts.values()) < LANGUAGE_LINES, counts
