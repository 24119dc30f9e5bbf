"""The wheel is complete: `pip install` alone gives a working command with its policies."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    [built] = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_it_holds_every_policy_file(root: Path, wheel: set[str]):
    policies = {f"zhida/{p.relative_to(root)}" for p in (root / "policies").rglob("*.yaml")}
    assert "zhida/policies/standards/sizing.yaml" in policies
    assert policies <= wheel


def test_it_holds_every_module_and_nothing_else_of_the_repository(root: Path, wheel: set[str]):
    modules = {str(p.relative_to(root / "src")) for p in (root / "src").rglob("*.py")}
    assert modules <= wheel
    assert {name.split("/")[0].split("-")[0] for name in wheel} == {"zhida"}


def test_it_says_that_it_is_typed_and_under_which_licence(wheel: set[str]):
    assert "zhida/py.typed" in wheel
    assert any(name.endswith("/licenses/LICENSE") for name in wheel)
