"""The entries of the header: each app lists its own in `AppConfig.navigation`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Entry:
    """`view` is the URL's name, `label` what is read; with `action`, only for those who may do it.

    `carries_place`: the address takes the region and the day along.
    """

    view: str
    label: Any
    action: str = ""
    carries_place: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    label: str
    current: bool
    carries_place: bool


def links(request: HttpRequest) -> Iterator[Link]:
    """What the user may go to, in the order of the apps; addresses that do not exist yet are left out.

    Of those that lead to the page, the one that says most is current: /notices/manage/, not /notices/.
    """
    found = list(_addresses(request))
    current = max((at for _, at in found if request.path.startswith(at)), key=len, default="")
    for entry, address in found:
        yield Link(address, str(entry.label), address == current, entry.carries_place)


def _addresses(request: HttpRequest) -> Iterator[tuple[Entry, str]]:
    for app in reversed(list(apps.get_app_configs())):
        for entry in getattr(app, "navigation", ()):
            if not entry.action or _may(request, entry.action):
                try:
                    yield entry, reverse(entry.view)
                except NoReverseMatch:
                    continue


def _may(request: HttpRequest, action: str) -> bool:
    """Asked of `request.may`, which the app of accounts puts there: this app knows no roles."""
    may = getattr(request, "may", None)
    return bool(may and may(action))
