"""Model fields whose column holds sealed text."""

from __future__ import annotations

import json
from typing import Any

from django.core import checks
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from zhida.service.secrecy.sealing import seal, unseal


class SealedTextField(models.TextField):
    """Text, SM4 in the column. It cannot be searched or unique: keep a keyed hash beside it for that."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return unseal(value) if value else value

    def get_prep_value(self, value: Any) -> str | None:
        return seal(str(value)) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed: search its keyed hash instead.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise TypeError(f"{self.name} is sealed: nothing can be computed of it in the database.")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index"):  # noqa: B009 — the stubs forget it
            text = (
                "A sealed field cannot be unique or an index: the same text is sealed differently each time."
            )
            found.append(checks.Error(text, obj=self, id="secrecy.E001"))
        return found


class SealedJSONField(SealedTextField):
    """A JSON value, SM4 in the column."""

    # What the stubs of Django take for the types of its value.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(unseal(value)) if value else None

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else seal(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False))
