"""A worker: takes jobs and does them until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid

from django.db import close_old_connections
from django.utils import timezone

from zhida.service.work.handlers import HANDLERS
from zhida.service.work.queue import fail, finish, take

log = logging.getLogger(__name__)


def worker_name() -> str:
    """Another one for each start, even of the same process number on the same machine."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_one(worker: str) -> bool:
    """Do one job that is due; whether there was one. Whatever goes wrong in it is the job's failure."""
    job = take(worker, at=timezone.now())
    if job is None:
        return False
    handler = HANDLERS.get(job.kind)
    try:
        if handler is None:
            raise LookupError(f"nothing handles {job.kind!r}")
        handler(job.payload)
    except Exception as error:  # of whatever kind: the worker goes on with the next
        log.exception("job failed", extra={"job": job.pk, "kind": job.kind, "attempt": job.attempts})
        fail(job, f"{type(error).__name__}: {error}", at=timezone.now())
    else:
        finish(job, at=timezone.now())
    return True


def run_all(worker: str, limit: int = 10_000) -> int:
    """Do what is due now; how many that were."""
    done = 0
    while done < limit and run_one(worker):
        done += 1
    return done


def run(stop: threading.Event, pause: float = 1.0) -> None:
    """Work until `stop` is set, resting `pause` seconds when there is nothing to do."""
    name = worker_name()
    while not stop.is_set():
        close_old_connections()
        if not run_one(name):
            stop.wait(pause)
