"""Employers and persons as rows of a file; those of employers can be imported again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhida.guide.wording import fact_name
from zhida.service.law import library
from zhida.service.registry import masking
from zhida.service.registry.imports.kinds import KINDS, Column
from zhida.service.registry.models import Employer, Person
from zhida.service.sheets.writing import Value

CHUNK = 2_000
Table = tuple[list[str], Iterator[list[Value]]]


def employer_rows(found: QuerySet[Employer]) -> Table:
    """Facts and what stands in public registers; neither contacts nor accounts."""
    columns = [column for column in KINDS["employers"].columns if column.fact]
    headings = ["统一社会信用代码", "单位名称", _("经办地区"), *(str(column.name) for column in columns)]

    def rows() -> Iterator[list[Value]]:
        for employer in found.iterator(CHUNK):
            facts = [_value(column, employer.facts.get(column.key)) for column in columns]
            yield [employer.number, employer.name, employer.region, *facts]

    return headings, rows()


def person_rows(found: QuerySet[Person]) -> Table:
    """Nobody can be told by it: names and numbers masked."""
    facts = [fact for fact in library().entities["person"].facts if fact.key in SHOWN]
    headings = [_("姓名"), _("证件末四位"), _("经办地区"), *map(fact_name, facts)]

    def rows() -> Iterator[list[Value]]:
        for person in found.iterator(CHUNK):
            values = [_plain(person.facts.get(fact.key)) for fact in facts]
            yield [masking.name(person.name), masking.number(person.number)[-4:], person.region, *values]

    return headings, rows()


SHOWN = ("groups", "education", "graduated_on", "unemployed", "registered_unemployed", "flexibly_employed")
"""Of a person's facts, what plans are made with; not the birth date, not what tells of hardship alone."""


def _value(column: Column, value: Any) -> Value:
    if value is not None and column.form in ("money", "number", "rate"):
        return Decimal(value)
    return _plain(value)


def _plain(value: Any) -> Value:
    return "、".join(map(str, value)) if isinstance(value, list) else value
