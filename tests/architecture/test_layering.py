"""The contracts between packages, as pyproject.toml states them."""

import subprocess
import sys
from pathlib import Path


def test_every_import_contract_is_kept(root: Path):
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
