"""The OpenAPI document, and schemathesis asking by it what nobody thought of asking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from zhida.service.config.wsgi import application

pytestmark = pytest.mark.django_db
EXAMPLES = 8


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """Requests stay in the test's own transaction, as those of Django's test client do."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def described(*, every_boundary: bool) -> Any:
    """The document; schemathesis tries every boundary of every fact too, or only draws at random."""
    found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    # What a schema cannot say: check digits, a birth before a hiring. And what is both wrong and too long.
    found.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "404", "409", "422"]
    found.config.checks.negative_data_rejection.expected_statuses = ["4xx"]
    found.config.phases.coverage.enabled = every_boundary
    return found


# A case has the same form wherever it is sent: its boundaries are tried once.
WITH_CASE = r"/(next-question|packages|packages/review)$"
wide = described(every_boundary=True).exclude(path_regex=WITH_CASE)
deep = described(every_boundary=False).include(path_regex=WITH_CASE)
drawn = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@wide.parametrize()
@drawn
def test_whatever_is_asked_the_answer_is_one_of_those_described(case: Any, token: str) -> None:
    check(case, token)


@deep.parametrize()
@drawn
def test_whatever_case_is_sent_the_answer_is_one_of_those_described(case: Any, token: str) -> None:
    check(case, token)


def check(case: Any, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}", "Host": "localhost"})
