"""The worked cases of the library, as plain cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.conftest import POLICIES

from zhida.decide.worked import WorkedCase, WorkedCases, changed
from zhida.library.yaml_source import read_yaml_file


@dataclass(frozen=True)
class Worked:
    """One case of one provision: what is put in, and what has to come out."""

    measure: str
    row: str
    case: WorkedCase
    data: dict[str, Any]

    @property
    def region(self) -> str:
        return str(self.data["region"])

    @property
    def on(self) -> date:
        on = self.data["on"]
        return on if isinstance(on, date) else date.fromisoformat(str(on))


def worked_cases() -> Iterator[Worked]:
    for path in sorted((POLICIES / "cases").rglob("*.yaml")):
        file = WorkedCases.model_validate(read_yaml_file(path).data)
        for case in file.cases:
            yield Worked(file.measure, file.row, case, changed(file.base, case.changes))
