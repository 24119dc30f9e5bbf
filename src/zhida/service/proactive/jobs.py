"""Work of 免申即享 in the background."""

from __future__ import annotations

from typing import Any

from zhida.service.proactive.phases import JOB, carry_on
from zhida.service.work.handlers import handles


@handles(JOB)
def phase_of_a_run(payload: dict[str, Any]) -> None:
    carry_on(payload["run"], payload["state"], payload["after"])
