"""How a bank wants its files, and how it answers: one TOML file for each form."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

Value = Literal["number", "holder", "account", "bank", "amount", "purpose"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    title: str
    value: Value


class Result(Strict):
    """Headings under which the answer may have each column, and the words it uses."""

    number: tuple[str, ...]
    amount: tuple[str, ...]
    outcome: tuple[str, ...]
    reason: tuple[str, ...]
    paid: frozenset[str]
    returned: frozenset[str]


class Profile(Strict):
    """`total` is the word that begins the line of sums at the end of both files; none where it is empty."""

    name: str
    name_en: str
    kind: Literal["csv", "xlsx"]
    encoding: str = "utf-8"
    suffix: str
    columns: tuple[Column, ...]
    total: str = ""
    result: Result


@cache
def profiles() -> dict[str, Profile]:
    """Every profile by its key, which is the name of its file."""
    folder = files("zhida.service.payments.bank") / "profiles"
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    return {
        entry.name.removesuffix(".toml"): Profile.model_validate(tomllib.loads(entry.read_text("utf-8")))
        for entry in found
    }
