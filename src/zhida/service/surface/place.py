"""Where and when a page is read: `?region=621025&on=2022-10-01`, otherwise the site's home and today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest

from zhida.decide.fact_values import Wrong, parse_date
from zhida.guide import wording
from zhida.guide.catalogue import documented_regions
from zhida.service import clock
from zhida.service.law import library
from zhida.standards.regions import is_region_code

NAMES = ("region", "on")


@dataclass(frozen=True, slots=True)
class Place:
    """A region and a day, and how both are carried from page to page."""

    region: str
    on: date

    @property
    def name(self) -> str:
        return wording.place_name(library(), self.region)

    @property
    def query(self) -> str:
        """`?region=…&on=…`, of which only what differs from home and today; often nothing."""
        parts = {}
        if self.region != settings.ZHIDA_HOME_REGION:
            parts["region"] = self.region
        if self.on != clock.today():
            parts["on"] = self.on.isoformat()
        return f"?{urlencode(parts)}" if parts else ""

    @property
    def is_today(self) -> bool:
        return self.on == clock.today()


def home() -> Place:
    return Place(settings.ZHIDA_HOME_REGION, clock.today())


def of(request: HttpRequest) -> Place:
    """The place of a request. Raises BadRequest where the region or the day is none."""
    known = vars(request)
    if "_place" not in known:
        known["_place"] = read(request.GET)
    found: Place = known["_place"]
    return found


def show(request: HttpRequest, at: Place) -> None:
    """The page is about this place, whatever its address says; it cannot be switched there."""
    vars(request)["_place"], vars(request)["_place_is_fixed"] = at, True


def is_fixed(request: HttpRequest) -> bool:
    return "_place_is_fixed" in vars(request)


def read(query: Mapping[str, str]) -> Place:
    """The place that a query names. Raises BadRequest."""
    at = home()
    region = query.get("region") or at.region
    if not is_region_code(region):
        raise BadRequest("region")
    try:
        on = parse_date(query["on"]) if query.get("on") else at.on
    except Wrong:
        raise BadRequest("on") from None
    return Place(region, on)


@cache
def regions() -> tuple[tuple[str, str], ...]:
    """The regions with documents of their own, code and name, from the top down."""
    return tuple((code, wording.place_name(library(), code)) for code in documented_regions(library()))
