"""Sealing everything anew with the newest key, so that an older one can be thrown away.

Put the new key in front of `ZHIDA_KEYS`, restart, call `reseal`, then take out the old keys: all but the
last, which also makes the keyed hashes and the audit chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from zhida.service.secrecy.fields import SealedTextField
from zhida.service.secrecy.keys import keyring
from zhida.service.secrecy.sealing import seal, unseal

BATCH = 500


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many values of one field were sealed anew."""

    field: str
    count: int


def reseal() -> Iterator[Resealed]:
    """Every sealed field of every model, in batches; what is sealed with the newest key is passed over.

    It can be stopped at any time and started again. Raises Unreadable at a value that no key opens.
    """
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedTextField):
                yield Resealed(f"{model._meta.label}.{field.name}", sum(_batches(model, field.name)))


def _batches(model: type[models.Model], field: str) -> Iterator[int]:
    newest = f"{keyring().newest}:"
    rows: Any = model._base_manager.annotate(sealed=Cast(field, TextField())).order_by("pk")
    outdated = rows.exclude(sealed=None).exclude(sealed="").exclude(sealed__startswith=newest)
    after: Any = None
    while True:
        page = outdated if after is None else outdated.filter(pk__gt=after)
        found = list(page.values_list("pk", "sealed")[:BATCH])
        if not found:
            return
        with transaction.atomic():
            count = sum(_reseal_row(rows, field, pk, sealed) for pk, sealed in found)
        yield count
        after = found[-1][0]


def _reseal_row(rows: Any, field: str, pk: Any, sealed: str) -> int:
    """1, or 0 where somebody wrote another value meanwhile: that one is sealed with the newest key."""
    anew = Value(seal(unseal(sealed)), output_field=TextField())
    return rows.filter(pk=pk, sealed=sealed).update(**{field: anew})
