"""Work that payments do in the background."""

from __future__ import annotations

from typing import Any

from zhida.service.cases.models import Case
from zhida.service.payments.following import follow
from zhida.service.work.handlers import handles


@handles("payments of a case")
def payments_of_a_case(payload: dict[str, Any]) -> None:
    """After a case has moved: its payments move with it. What waits for a person is no failure."""
    follow(Case.objects.get(pk=payload["case"]))
