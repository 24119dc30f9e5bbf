"""Who sees which rows: the one scoped queryset, role × region and below × office; applicants see their own.

A model says how it is reached, and uses the queryset as its manager:

    class Case(models.Model):
        reach = Reach(region=("region",), office="office", owner="package__user")
        objects = ScopedQuerySet.as_manager()

    Case.objects.visible_to(user, "see cases")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import models
from django.db.models import Q

from zhida.service.accounts.permissions import Somebody, appointments_for
from zhida.service.accounts.roles import Role

EVERYTHING = Q(pk__isnull=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """Paths of lookups from a row to what decides who sees it.

    `region`: one of them in the appointment's region is enough; `office`: to the Office that has the row;
    `owner`: to the User whose own it is, where `owner_when` holds too (a representation that is verified).
    Without a path, officials (region) or applicants (owner) see none of the rows; without `office`, the
    region alone decides.
    """

    region: tuple[str, ...] = ()
    office: str | None = None
    owner: str | None = None
    owner_when: Mapping[str, Any] = field(default_factory=dict)


class ScopedQuerySet(models.QuerySet):
    """Every list, search, count, export, download and call of the API starts with `visible_to`."""

    def visible_to(self, user: Somebody, action: str) -> Self:
        """The rows on which the user may do `action`; none without a fitting appointment."""
        reach: Reach = getattr(self.model, "reach")  # noqa: B009
        return self.reached_by(reach, user, action)

    def reached_by(self, reach: Reach, user: Somebody, action: str) -> Self:
        """The same, for a model of an app below this one, which cannot say its reach itself."""
        found: Q | None = None
        for appointment in appointments_for(user, action):
            part = self._within(reach, appointment)
            if part is not None:
                found = part if found is None else found | part
        return self.none() if found is None else self.filter(found)

    def _within(self, reach: Reach, appointment: Any) -> Q | None:
        if appointment.role == Role.APPLICANT:
            if reach.owner is None:
                return None
            return self._rows({reach.owner: appointment.user_id, **reach.owner_when})
        if not reach.region:
            return None
        seen = Q(pk__in=())
        for path in reach.region:
            seen |= self._rows(within(path, appointment.region))
        if reach.office is not None and appointment.office_id is not None:
            seen &= self._rows({reach.office: appointment.office_id})
        return seen

    def _rows(self, lookups: Mapping[str, Any]) -> Q:
        """The rows that these lookups reach; those over relations by a subquery, so that none comes twice."""
        if not lookups:
            return EVERYTHING
        found = Q(**lookups)
        if any(self._crosses(path) for path in lookups):
            return Q(pk__in=self.model._base_manager.filter(found).values("pk"))
        return found

    def _crosses(self, path: str) -> bool:
        first = self.model._meta.get_field(path.split("__")[0])
        return bool(first.one_to_many or first.many_to_many)


def within(path: str, region: str) -> dict[str, Any]:
    """The lookups for a region code at `path` in `region` or below it: a range, which an index serves."""
    prefix = subtree_prefix(region)
    if not prefix:
        return {}
    if len(prefix) == len(region):
        return {path: region}
    return {f"{path}__range": (prefix.ljust(len(region), "0"), prefix.ljust(len(region), "9"))}


def subtree_prefix(region: str) -> str:
    """What the codes of a region and of all below it start with: `621000` → `6210`, `000000` → nothing."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def covers(region: str, other: str) -> bool:
    """Whether `other` is `region` or below it."""
    return other.startswith(subtree_prefix(region))
