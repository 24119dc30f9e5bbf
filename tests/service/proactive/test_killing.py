"""免申即享 killed at its writes: the same list, the same cases, none lost, none twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from tests.service.killing import Scenario, killer
from tests.service.proactive.conftest import ON
from tests.service.proactive.registry import MEASURE, REGION, county

from zhida.service.audit.verification import verify
from zhida.service.cases.models import Case, Package
from zhida.service.proactive import services
from zhida.service.proactive.models import Block, Candidate, Claim, Run
from zhida.service.proactive.sealing import findings
from zhida.service.work.models import Job
from zhida.service.work.worker import run_all

__all__ = ["killer"]


def work() -> None:
    """A worker comes: the lease of the one that died is over, and nothing waits for its next day."""
    Job.objects.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))
    run_all("worker")


class Listing(Scenario):
    """From the click to the frozen list."""

    def prepare(self, folder: Path) -> None:
        county()

    def act(self, folder: Path) -> None:
        settings.MEDIA_ROOT = folder
        if not Run.objects.exists():
            services.start(MEASURE, REGION, ON, "reviewer")
        work()

    def check(self, folder: Path) -> Any:
        run = Run.objects.get()
        assert (run.state, run.error) == ("frozen", "")
        assert not Job.objects.exclude(state="done").exists()
        assert list(findings()) == list(verify()) == []
        told = ("number", "unit", "verdict", "state", "digest")
        lines = Candidate.objects.order_by("number").values_list(*told)
        return [list(map(str, line)) for line in lines], Block.objects.count(), run.digest


class Opening(Scenario):
    """From the frozen list to cases that wait for their first review."""

    def prepare(self, folder: Path) -> None:
        Listing().prepare(folder)
        Listing().act(folder)

    def act(self, folder: Path) -> None:
        settings.MEDIA_ROOT = folder
        run = Run.objects.get()
        if run.state == "frozen":
            services.open_cases(run, "reviewer")
        work()

    def check(self, folder: Path) -> Any:
        run = Run.objects.get()
        assert run.state == "opened"
        opened = Candidate.objects.filter(state="opened")
        assert not Candidate.objects.filter(state__in=("ready", "confirmed")).exists()
        assert opened.count() == Package.objects.count() == Case.objects.count() == Claim.objects.count()
        assert list(verify()) == []
        cases = opened.order_by("number").values_list("unit", "case__state", "case__amount", "amount")
        assert all(paid == frozen for _, _, paid, frozen in cases)
        return [list(map(str, line)) for line in cases]


@pytest.mark.parametrize("scenario", [Listing(), Opening()], ids=lambda s: type(s).__name__)
def test_killed_anywhere_nothing_is_lost_and_nothing_twice(killer, scenario):
    deaths = killer(scenario, most=12)
    assert deaths.kills >= min(12, deaths.writes) - 1
