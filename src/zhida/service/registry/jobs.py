"""What workers do for the registry."""

from __future__ import annotations

from typing import Any

from zhida.service.registry.batches import Batch
from zhida.service.registry.imports.applying import apply
from zhida.service.registry.imports.staging import stage
from zhida.service.work.handlers import handles


@handles("registry/import")
def read_or_apply(payload: dict[str, Any]) -> None:
    """One run of a batch, whichever half it is in; a run that was taken over does nothing."""
    state = Batch.objects.values_list("state", flat=True).get(pk=payload["batch"])
    if state == Batch.State.READING:
        stage(payload["batch"], payload["run"])
    elif state == Batch.State.APPLYING:
        apply(payload["batch"], payload["run"])
