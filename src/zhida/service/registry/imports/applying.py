"""Confirmed rows into the registry, a chunk a transaction: what is done stays done, and is done once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import override

from zhida.service.audit.chain import record
from zhida.service.registry.batches import Batch, StagedRow
from zhida.service.registry.imports.rows import Row
from zhida.service.registry.imports.staging import Superseded
from zhida.service.registry.imports.targets import Merged, RowRefused, Target, column_name, save, target_of

CHUNK = 500
TRIES = 3
"""Of a chunk that meets rows which somebody else has just written."""
PENDING = (StagedRow.Outcome.NEW, StagedRow.Outcome.CHANGED)


def apply(batch_id: int, run: int) -> None:
    """Apply what is still staged; rows that meanwhile fit no more become wrong ones."""
    batch = Batch.objects.get(pk=batch_id)
    if (batch.state, batch.runs) != (Batch.State.APPLYING, run):
        return
    with override(batch.language):
        target = target_of(batch)
        try:
            while _apply_chunk(batch, target):
                pass
        except Superseded:
            return


def _apply_chunk(batch: Batch, target: Target) -> bool:
    """Whether there was anything left to do."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                locked = _locked(batch)
                staged = list(locked.rows.filter(outcome__in=PENDING).order_by("number")[:CHUNK])
                if not staged:
                    _finish(locked)
                    return False
                _apply_rows(locked, target, staged)
                return True
        except IntegrityError:
            if attempt == TRIES:
                raise
    return False


def _locked(batch: Batch) -> Batch:
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if (locked.state, locked.runs) != (Batch.State.APPLYING, batch.runs):
        raise Superseded
    return locked


def _apply_rows(batch: Batch, target: Target, staged: Sequence[StagedRow]) -> None:
    rows = [_row(entry) for entry in staged]
    target.look_up(rows)
    merged: list[Merged] = []
    refused: list[StagedRow] = []
    for entry, row in zip(staged, rows, strict=True):
        try:
            merged.append(target.merge(row))
        except RowRefused as reason:
            entry.outcome = StagedRow.Outcome.WRONG
            entry.content = {
                "problems": [[column_name(batch.kind, reason.column), str(reason)]],
                "cells": [],
            }
            refused.append(entry)
    save(merged)
    StagedRow.objects.bulk_update(refused, ("outcome", "content"))
    gone = {entry.pk for entry in staged} - {entry.pk for entry in refused}
    batch.rows.filter(pk__in=gone).delete()
    batch.done += len(staged)
    batch.wrong += len(refused)
    batch.save(update_fields=("done", "wrong", "moved_at"))
    counts = Counter("new" if each.is_new else "changed" if each.changes else "unchanged" for each in merged)
    rows_told = f"{staged[0].number}-{staged[-1].number}"
    record(
        "registry/import",
        actor=batch.user.username,
        subject=f"batch:{batch.pk}",
        region=batch.region,
        detail={"kind": batch.kind, "rows": rows_told, **counts},
    )


def _row(entry: StagedRow) -> Row:
    content = entry.content
    return Row(
        entry.number,
        (),
        content["identity"],
        content["beside"],
        content["facts"],
        content["cleared"],
    )


def _finish(batch: Batch) -> None:
    batch.rows.filter(outcome=StagedRow.Outcome.UNCHANGED).delete()
    batch.state, batch.done = Batch.State.APPLIED, batch.new + batch.changed
    batch.save()
    record(
        "registry/import finished",
        actor=batch.user.username,
        subject=f"batch:{batch.pk}",
        region=batch.region,
        detail={"kind": batch.kind, "new": batch.new, "changed": batch.changed, "wrong": batch.wrong},
    )
