"""Runs over a small county, done by the queue's own worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.service.proactive.registry import MEASURE, REGION, county

from zhida.service.proactive import services
from zhida.service.proactive.models import Run
from zhida.service.registry.models import Employer
from zhida.service.work.worker import run_all

ON = date(2022, 10, 10)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def employers(db: None) -> dict[str, Employer]:
    return county()


@pytest.fixture
def screened(employers: dict[str, Employer]) -> Callable[..., Run]:
    """`screened()`: a run whose list stands."""

    def done(measure: str = MEASURE, region: str = REGION) -> Run:
        run = services.start(measure, region, ON, "reviewer")
        run_all("test")
        run.refresh_from_db()
        return run

    return done


@pytest.fixture
def officials(appoint: Callable[..., Any]) -> Callable[[str], Any]:
    """`officials("621025").first_review` …: one of each role for a region."""

    def of(region: str) -> Any:
        roles = ("intake", "first-review", "second-review", "final-review", "finance")
        return SimpleNamespace(**{role.replace("-", "_"): appoint(role, region) for role in roles})

    return of
