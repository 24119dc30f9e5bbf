"""Putting work into the queue, taking it out, and saying how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from zhida.service.work.models import Job, State

LEASE = timedelta(minutes=10)
FIRST_DELAY = timedelta(seconds=30)
"""After the first failure; it doubles with each."""
LONGEST_ERROR = 2000


def enqueue(
    kind: str, key: str, payload: dict[str, Any] | None = None, *, due_at: datetime | None = None
) -> Job:
    """The job under `key`, made if it is new, in the caller's transaction: it comes with the write."""
    job, _ = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": payload or {}, "due_at": due_at or timezone.now()}
    )
    return job


def take(worker: str, *, at: datetime) -> Job | None:
    """The next job that is due, leased to `worker`; a dead worker's is taken over when its lease ends."""
    with transaction.atomic():
        _give_up(at)
        job = _locked(_available(at)).first()
        if job is None:
            return None
        job.state, job.worker, job.leased_until = State.RUNNING, worker, at + LEASE
        job.attempts += 1
        job.save(update_fields=("state", "worker", "leased_until", "attempts"))
    return job


def _available(at: datetime) -> QuerySet[Job]:
    due = Q(state=State.WAITING, due_at__lte=at) | Q(state=State.RUNNING, leased_until__lt=at)
    return Job.objects.filter(due, attempts__lt=F("attempts_allowed"))


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Rows that other workers are taking are passed over where the database can; SQLite has one writer."""
    return jobs.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)


def _give_up(at: datetime) -> None:
    """Jobs that took their worker with them on the last attempt."""
    spent = Job.objects.filter(state=State.RUNNING, leased_until__lt=at, attempts__gte=F("attempts_allowed"))
    spent.update(state=State.FAILED, finished_at=at, error="The worker did not come back.")


def finish(job: Job, *, at: datetime) -> None:
    _mine(job).update(state=State.DONE, finished_at=at, leased_until=None, error="")


def fail(job: Job, error: str, *, at: datetime) -> None:
    """Again later while attempts are left, twice as long each time; else failed, for the administrator."""
    told = {"leased_until": None, "error": error[:LONGEST_ERROR]}
    if job.attempts < job.attempts_allowed:
        delay = FIRST_DELAY * 2 ** (job.attempts - 1)
        _mine(job).update(state=State.WAITING, due_at=at + delay, **told)
    else:
        _mine(job).update(state=State.FAILED, finished_at=at, **told)


def retry(job: Job, *, at: datetime) -> None:
    """A failed job once more from the beginning, because somebody mended its cause."""
    Job.objects.filter(pk=job.pk, state=State.FAILED).update(
        state=State.WAITING, attempts=0, due_at=at, finished_at=None
    )


def _mine(job: Job) -> QuerySet[Job]:
    """Only while the lease is this taking's: a worker that slept too long has lost it to another."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)
