"""What a place publishes: its measures, whom they serve, who handles them (政策、服务对象、经办机构清单).

Names are published of organisations only: their registration is public (企业信息公示暂行条例 第六条).
Businesses of one person (个体工商户) often bear their owner's name, and are counted, as persons are. A count
under five could tell who is meant, and is not given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhida.guide import wording
from zhida.guide.headline import headline
from zhida.guide.provision import guide_of
from zhida.library import Rule, resolve
from zhida.service.accounts.models import Agency
from zhida.service.accounts.scope import within
from zhida.service.law import library
from zhida.service.registry.models import Employer, Person
from zhida.standards.regions import ancestors

FEWEST = 5
KEPT = 10 * 60
"""Seconds for which counts are remembered: they take a look at every row of the place."""
CHUNK = 5_000
HARDSHIP = {"特困5": "五个特困行业", "扩围17": "扩围的十七个行业"}
COUNTED_ONLY = "个体工商户"


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One provision in the list of measures."""

    measure: str
    title: str
    english: str
    audience: str
    amount: str
    window: str
    is_open: bool
    document: str
    clause: str
    office: str
    phone: str


def measure_lines(region: str, on: date) -> list[MeasureLine]:
    """Every provision of the place's documents, for employers first."""
    rules = sorted(resolve(library(), region, on), key=lambda rule: rule.payee != "employer")
    return [_measure_line(rule, on) for rule in rules]


def _measure_line(rule: Rule, on: date) -> MeasureLine:
    guide = guide_of(library(), rule, on)
    return MeasureLine(
        rule.measure,
        rule.title,
        rule.definition.english,
        guide.who.audience,
        headline(library(), rule),
        guide.when.status,
        guide.when.is_open,
        rule.document,
        rule.clause,
        guide.office,
        guide.phone.number,
    )


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of those served: how many there are, and whether their names are published."""

    key: str
    group: str
    name: str
    count: int | None
    names: bool


def categories(region: str) -> list[Category]:
    """Employers by industry in hardship, by type and by recognition; persons by group, counted only."""
    kept = f"registry/served/{region}/{get_language()}"
    found: list[Category] | None = cache.get(kept)
    if found is None:
        found = [*_industries(region), *_types(region), *_recognised(region), *_groups(region)]
        cache.set(kept, found, KEPT)
    return found


def _employers(region: str) -> QuerySet[Employer]:
    return Employer.objects.filter(**within("region", region)).order_by("number")


def _industries(region: str) -> Iterator[Category]:
    found = _employers(region).order_by().values_list("facts__industry").annotate(Count("pk"))
    counts: Counter[str] = Counter()
    for code, number in found:
        if key := _industry_of(code or ""):
            counts[key] += number
    for key, (group, name) in _industry_table().items():
        if counts[key]:
            yield Category(f"industry-{key}", HARDSHIP[group], name, counts[key], True)


def _industry_table() -> Mapping[str, tuple[str, str]]:
    rows = next(t for t in library().tables.values() if t.definition.table == "industries").definition.rows
    return {str(row["行业"]): (str(row["类别"]), str(row["名称"])) for row in rows if row["类别"] in HARDSHIP}


def _industry_of(code: str) -> str:
    """The row of the table that a code falls under: the longest beginning."""
    return max((key for key in _industry_table() if code.startswith(key)), key=len, default="")


def _types(region: str) -> Iterator[Category]:
    found = _employers(region).order_by().values_list("facts__org_type").annotate(Count("pk"))
    counts = {kind: number for kind, number in found if kind}
    for kind in library().facts["employer", "org_type"].values:
        if kind in counts:
            yield Category(f"type-{kind}", _("单位类型"), kind, counts[kind], False)


RECOGNISED = ("recognised_workshop", "licensed_intermediary", "returnee_base_recognised")
"""What an authority has recognised, in public."""


def _recognised(region: str) -> Iterator[Category]:
    for key in RECOGNISED:
        number = _employers(region).filter(**{f"facts__{key}": True}).count()
        if number:
            name = wording.fact_name(library().facts["employer", key])
            yield Category(f"recognised-{key}", _("认定的单位"), name, number, True)


def _groups(region: str) -> Iterator[Category]:
    people = Person.objects.filter(**within("region", region)).order_by()
    counts: Counter[str] = Counter()
    for groups in people.values_list("facts__groups", flat=True).iterator(CHUNK):
        counts.update(groups or ())
    for group in library().facts["person", "groups"].values:
        if counts[group]:
            yield Category(f"group-{group}", _("个人"), group, _told(counts[group]), False)


def _told(number: int) -> int | None:
    return number if number >= FEWEST else None


def named(region: str, key: str) -> QuerySet[Employer] | None:
    """The organisations of a category whose names are published; None where they are not."""
    organisations = (
        _employers(region).exclude(facts__org_type=COUNTED_ONLY).filter(facts__org_type__isnull=False)
    )
    head, _dash, rest = key.partition("-")
    if head == "industry" and rest in _industry_table():
        longer = [other for other in _industry_table() if other != rest and other.startswith(rest)]
        found = organisations.filter(facts__industry__startswith=rest)
        for other in longer:
            found = found.exclude(facts__industry__startswith=other)
        return found.only("name", "number", "facts")
    if head == "recognised" and rest in RECOGNISED:
        return organisations.filter(**{f"facts__{rest}": True}).only("name", "number", "facts")
    return None


def agencies(region: str) -> QuerySet[Agency]:
    """Those of the place, of what lies below it, and of what it belongs to."""
    near = Q(**within("region", region)) | Q(region__in=ancestors(region))
    return Agency.objects.filter(near).prefetch_related("offices").order_by("-region", "pk")


def agency_rows(region: str) -> Iterator[list[Any]]:
    for agency in agencies(region):
        for office in agency.offices.all() or (None,):
            place = wording.place_name(library(), agency.region)
            own = [office.name, office.phone or agency.phone] if office else ["", agency.phone]
            yield [place, agency.name, *own, agency.address, agency.hours]
