"""The files of the repository, as tests about the whole tree see them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNTRACKED = {".git", ".venv", "build", "dist", "__pycache__"}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file under version control; every file but build products where there is no git."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    names = [root / name for name in listing.stdout.split("\0") if name]
    found = names or [p for p in root.rglob("*") if not UNTRACKED & set(p.relative_to(root).parts)]
    return [path for path in found if path.is_file()]
