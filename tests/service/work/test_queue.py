"""The queue: every job is done, at least once, and none for ever."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from zhida.service.work import queue
from zhida.service.work.handlers import HANDLERS, handles
from zhida.service.work.models import Job, State
from zhida.service.work.queue import enqueue, take
from zhida.service.work.worker import run, run_all, run_one

NO_NETWORK = "ValueError: no network"
pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    """Payloads that the kind `test` was called with; one that says so fails."""
    calls: list[dict] = []

    def handler(payload):
        calls.append(payload)
        if "error" in payload:
            raise ValueError(payload["error"])

    monkeypatch.setitem(HANDLERS, "test", handler)
    return calls


def job(key="k") -> Job:
    return Job.objects.get(key=key)


def test_a_job_is_done_once(done):
    enqueue("test", "k", {"n": 1})
    assert run_all("w") == 1
    assert run_all("w") == 0
    assert done == [{"n": 1}]
    assert job().state == State.DONE


def test_the_same_key_is_the_same_job(done):
    enqueue("test", "k", {"n": 1})
    enqueue("test", "k", {"n": 2})
    run_all("w")
    assert done == [{"n": 1}]


def test_a_job_goes_with_the_transaction_that_it_was_put_in(done):
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("test", "k")
        raise RuntimeError
    assert not Job.objects.exists()


def test_work_waits_for_its_time(done):
    enqueue("test", "k", due_at=timezone.now() + timedelta(hours=1))
    assert run_all("w") == 0


def test_failed_work_is_tried_again_later_and_later(done):
    enqueue("test", "k", {"error": "no network"})
    for attempt, seconds in ((1, 30), (2, 60), (3, 120), (4, 240)):
        before = timezone.now()
        assert run_one("w")
        found = job()
        assert (found.state, found.attempts, found.error) == (
            State.WAITING,
            attempt,
            "ValueError: no network",
        )
        assert timedelta(seconds=seconds - 1) < found.due_at - before < timedelta(seconds=seconds + 5)
        Job.objects.update(due_at=before)
    run_one("w")
    assert job().state == State.FAILED
    assert not run_one("w")


def test_a_failed_job_can_be_asked_for_again(done):
    Job.objects.create(kind="test", key="k", state=State.FAILED, attempts=5, due_at=timezone.now())
    queue.retry(job(), at=timezone.now())
    assert run_all("w") == 1
    assert job().state == State.DONE


def test_work_that_nobody_handles_is_a_failure_with_its_reason():
    enqueue("unheard of", "k")
    run_one("w")
    assert job().error == "LookupError: nothing handles 'unheard of'"


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends():
    enqueue("test", "k")
    now = timezone.now()
    assert take("first", at=now) is not None
    assert take("second", at=now + queue.LEASE) is None
    taken = take("second", at=now + queue.LEASE + timedelta(seconds=1))
    assert taken is not None
    assert (taken.worker, taken.attempts) == ("second", 2)


def test_a_worker_that_lost_its_lease_cannot_say_how_the_job_ended():
    enqueue("test", "k")
    now = timezone.now()
    slow = take("first", at=now)
    take("second", at=now + queue.LEASE * 2)
    queue.fail(slow, "too slow", at=now + queue.LEASE * 2)
    assert (job().state, job().worker, job().error) == (State.RUNNING, "second", "")


def test_work_that_kills_every_worker_fails_in_the_end():
    enqueue("test", "k")
    now = timezone.now()
    for attempt in range(5):
        assert take(f"w{attempt}", at=now + attempt * 2 * queue.LEASE) is not None
    assert take("w5", at=now + 10 * queue.LEASE) is None
    assert job().state == State.FAILED


def test_a_kind_has_one_handler(monkeypatch):
    monkeypatch.setitem(HANDLERS, "test", print)
    with pytest.raises(ValueError, match="two handlers"):
        handles("test")(repr)


@pytest.mark.django_db(transaction=True)
def test_four_workers_do_forty_jobs_once_each(done):
    for number in range(40):
        enqueue("test", f"k{number}", {"n": number})
    stop = threading.Event()

    def work():
        try:
            run(stop, pause=0.01)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for _ in range(2000):
        if len(done) >= 40:
            break
        stop.wait(0.01)
    stop.set()
    for worker in workers:
        worker.join()
    assert sorted(call["n"] for call in done) == list(range(40))
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}
