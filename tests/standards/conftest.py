"""The tables of policies/standards, read as plain YAML: these tests need no other part of Zhida."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

STANDARDS = Path(__file__).resolve().parents[2] / "policies" / "standards"


@pytest.fixture(scope="session")
def standard() -> Callable[[str], Any]:
    """The content of one file of policies/standards, by its name without `.yaml`."""
    read: dict[str, Any] = {}

    def load(name: str) -> Any:
        if name not in read:
            read[name] = YAML(typ="safe").load(STANDARDS / f"{name}.yaml")
        return read[name]

    return load
