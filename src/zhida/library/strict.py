"""The base of every model of a policy file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Base of every policy file model: frozen, and no key that we do not know.

    Validators are built when they are first needed: a library from the cache needs hardly any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
