"""Reading an uploaded file into staged rows: what each would change, or what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import override

from zhida.service.audit.chain import record
from zhida.service.law import library
from zhida.service.registry.batches import Batch, StagedRow
from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.imports.rows import Row, RowReader, shown
from zhida.service.registry.imports.targets import RowRefused, Target, column_name, target_of
from zhida.service.sheets.opening import open_sheet
from zhida.service.sheets.sheet import FileRefused, Sheet

T = TypeVar("T")
CHUNK = 1_000
NEW, CHANGED = StagedRow.Outcome.NEW, StagedRow.Outcome.CHANGED
UNCHANGED, WRONG = StagedRow.Outcome.UNCHANGED, StagedRow.Outcome.WRONG


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


class Superseded(Exception):
    """The batch was dropped, or another run has taken it up: this one ends."""


def path_of(batch: Batch) -> Path:
    return Path(settings.MEDIA_ROOT) / batch.file


def stage(batch_id: int, run: int) -> None:
    """Read the whole file anew: what an interrupted reading left is thrown away."""
    batch = Batch.objects.get(pk=batch_id)
    if (batch.state, batch.runs) != (Batch.State.READING, run):
        return
    with override(batch.language):
        try:
            _read(batch, open_sheet(path_of(batch), batch.name))
        except FileRefused as reason:
            _refuse(batch, str(reason))
        except Superseded:
            return
    remove_file(batch)


def remove_file(batch: Batch) -> None:
    """What was uploaded is not kept: its rows are, sealed."""
    if batch.file:
        path_of(batch).unlink(missing_ok=True)


def _refuse(batch: Batch, reason: str) -> None:
    with transaction.atomic():
        locked = _locked(batch)
        locked.rows.all().delete()
        locked.state, locked.refusal = Batch.State.REFUSED, reason[:500]
        locked.save()
        record(
            "registry/import refused",
            actor=batch.user.username,
            subject=f"batch:{batch.pk}",
            region=batch.region,
        )


def _read(batch: Batch, sheet: Sheet) -> None:
    reader = RowReader(library(), KINDS[batch.kind], sheet.headings, batch.region, batch.on)
    with transaction.atomic():
        locked = _locked(batch)
        locked.rows.all().delete()
        locked.total, locked.done = sheet.count, 0
        locked.headings, locked.ignored = list(sheet.headings), reader.ignored
        locked.save()
    target = target_of(batch)
    seen: dict[str, list[int]] = defaultdict(list)
    for chunk in chunks(sheet.rows(), CHUNK):
        rows = [reader.read(number, cells) for number, cells in chunk]
        staged = list(_staged(batch, target, rows, seen))
        with transaction.atomic():
            locked = _locked(batch)
            StagedRow.objects.bulk_create(staged, batch_size=500)
            locked.done += len(staged)
            locked.save(update_fields=("done", "moved_at"))
    if not seen and not batch.rows.exists():
        raise FileRefused(_("文件是空的：只有列名，没有内容。"))
    _mark_duplicates(batch, sheet, {key: rows for key, rows in seen.items() if len(rows) > 1})
    _finish(batch)


def _locked(batch: Batch) -> Batch:
    """The batch, if this run is still the one that reads it. Raises Superseded."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if (locked.state, locked.runs) != (Batch.State.READING, batch.runs):
        raise Superseded
    return locked


def _staged(
    batch: Batch, target: Target, rows: Sequence[Row], seen: dict[str, list[int]]
) -> Iterator[StagedRow]:
    target.look_up([row for row in rows if not row.problems])
    for row in rows:
        if not row.problems:
            key = target.identity(row)
            seen[key].append(row.number)
            if len(seen[key]) == 1:
                yield _merged(batch, target, row)
                continue
        yield wrong(batch, row)


def _merged(batch: Batch, target: Target, row: Row) -> StagedRow:
    try:
        merged = target.merge(row)
    except RowRefused as reason:
        row.problems.append((column_name(batch.kind, reason.column), str(reason)))
        return wrong(batch, row)
    outcome = NEW if merged.is_new else CHANGED if merged.changes else UNCHANGED
    content: dict[str, Any] = {
        name: getattr(row, name) for name in ("identity", "beside", "facts", "cleared")
    }
    if outcome == CHANGED:
        content["changes"] = merged.changes
    return StagedRow(batch=batch, number=row.number, outcome=outcome, content=content)


def wrong(batch: Batch, row: Row) -> StagedRow:
    content = {"problems": row.problems, "cells": [shown(cell) for cell in row.cells]}
    return StagedRow(batch=batch, number=row.number, outcome=WRONG, content=content)


def _mark_duplicates(batch: Batch, sheet: Sheet, duplicates: dict[str, list[int]]) -> None:
    """Rows that say the same identifier are all wrong: nobody knows which of them is meant."""
    if not duplicates:
        return
    others = {number: numbers for numbers in duplicates.values() for number in numbers}
    cells = {number: row for number, row in sheet.rows() if number in others}
    for numbers in chunks(sorted(others), CHUNK):
        staged = list(batch.rows.filter(number__in=numbers))
        for row in staged:
            told = "、".join(str(n) for n in others[row.number][:5] if n != row.number)
            row.outcome = WRONG
            row.content = {
                "problems": [["", _("与第 {rows} 行重复，请只留一行").format(rows=told)]],
                "cells": [shown(cell) for cell in cells[row.number]],
            }
        with transaction.atomic():
            _locked(batch)
            StagedRow.objects.bulk_update(staged, ("outcome", "content"), batch_size=500)


def _finish(batch: Batch) -> None:
    with transaction.atomic():
        locked = _locked(batch)
        count_outcomes(locked)
        locked.state = Batch.State.STAGED
        locked.done = locked.total = locked.new + locked.changed + locked.unchanged + locked.wrong
        locked.save()
        detail = {name: getattr(locked, name) for name in ("new", "changed", "unchanged", "wrong")}
        record(
            "registry/import staged",
            actor=batch.user.username,
            subject=f"batch:{batch.pk}",
            region=batch.region,
            detail=detail,
        )


def count_outcomes(batch: Batch) -> None:
    counts = dict(_outcomes(batch))
    batch.new, batch.changed = counts.get(NEW, 0), counts.get(CHANGED, 0)
    batch.unchanged, batch.wrong = counts.get(UNCHANGED, 0), counts.get(WRONG, 0)


def _outcomes(batch: Batch) -> Iterable[tuple[str, int]]:
    return batch.rows.values_list("outcome").annotate(Count("id")).order_by()
