"""A run from click to frozen list, and from list to cases: each phase a job that may be done again.

A phase works from what the phase before left, and finds done what an earlier attempt of its own did. So a
run that is killed anywhere goes on where it was, and gives the same list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
from django.db import transaction

from zhida.population import PopulationError
from zhida.screen.screening import screen as screen_population
from zhida.service.audit import chain
from zhida.service.law import library
from zhida.service.proactive import comparing, freezing, opening, screened, snapshot
from zhida.service.proactive.freezing import Superseded, Unusable
from zhida.service.proactive.models import Run
from zhida.service.proactive.needs import needs_of
from zhida.service.proactive.states import RunState
from zhida.service.work.queue import enqueue

JOB = "proactive/phase"
LONGEST_ERROR = 2000
Cursor = int | None
"""After which line a phase goes on in its next job; None when it is through."""


@dataclass(frozen=True, slots=True)
class Phase:
    """`work` does a run's phase from a line on; `then` is the state after it."""

    state: RunState
    work: Callable[[Run, int], Cursor]
    then: RunState


def export(run: Run, after: int) -> Cursor:
    """The registry as a population, and its digest."""
    rules = [
        rule for at in snapshot.places_of(run.region) for rule in screened.rules_of(run.measure, at, run.on)
    ]
    folder = snapshot.folder_of(run.pk) / screened.POPULATION
    run.digest = snapshot.export(run.region, folder, needs_of(rules))
    Run.objects.filter(pk=run.pk, state=RunState.EXPORT).update(digest=run.digest)
    return None


def screen(run: Run, after: int) -> Cursor:
    """Every unit of the population decided at once, with the library that the run began with."""
    folder = snapshot.folder_of(run.pk)
    freezing.check_snapshot(run)
    manifest = screen_population(
        library(),
        folder / screened.POPULATION,
        run.region,
        run.on,
        folder / screened.RESULT,
        measures=(run.measure,),
    )
    found = {"manifest": manifest, "screened": screened.verdicts(folder)}
    expected = sum(1 for _ in screened.lines(folder))
    Run.objects.filter(pk=run.pk, state=RunState.SCREEN).update(**found, expected=expected)
    return None


PHASES: Mapping[str, Phase] = {
    phase.state: phase
    for phase in (
        Phase(RunState.EXPORT, export, RunState.SCREEN),
        Phase(RunState.SCREEN, screen, RunState.FREEZE),
        Phase(RunState.FREEZE, freezing.freeze, RunState.COMPARE),
        Phase(RunState.COMPARE, comparing.compare, RunState.FROZEN),
        Phase(RunState.OPEN, opening.open_cases, RunState.ADVANCE),
        Phase(RunState.ADVANCE, opening.advance, RunState.OPENED),
    )
}
"""In their order; an official's word stands between FROZEN and OPEN."""


def carry_on(pk: int, state: str, after: int = 0) -> None:
    """Do one phase of a run, and put the next into the queue. What is done already is left alone."""
    run = Run.objects.get(pk=pk)
    if run.state != state:
        return
    phase = PHASES[state]
    try:
        cursor = phase.work(run, after)
    except Superseded:
        return
    except (PopulationError, screened.Unequal, Unusable, duckdb.InvalidInputException) as reason:
        _stop(run, str(reason))
        return
    if cursor is None:
        _step(run, phase)
    else:
        put(run, RunState(state), cursor)


def _step(run: Run, phase: Phase) -> None:
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state != phase.state:
            return
        fresh.state = phase.then
        fresh.save(update_fields=["state"])
        if phase.then in PHASES:
            put(fresh, phase.then)


def put(run: Run, state: RunState, after: int = 0) -> None:
    """The job of a phase, once."""
    key = f"proactive {run.pk} {run.rounds} {state} {after}"
    enqueue(JOB, key, {"run": run.pk, "state": str(state), "after": after})


def _stop(run: Run, reason: str) -> None:
    """The run ends here; what is frozen of its list is no list."""
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(pk=run.pk)
        if fresh.state != run.state:
            return
        fresh.state, fresh.error = RunState.FAILED, reason[:LONGEST_ERROR]
        fresh.save(update_fields=["state", "error"])
        chain.record("screening stopped", actor="", subject=str(fresh), region=fresh.region)
