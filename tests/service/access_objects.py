"""What the pages of one object need: for each kind named in access.csv, how one is made.

A maker gets the World and returns the arguments of the URL. What it makes belongs to `world.owner` (an
applicant), lies in `world.region` and is the business of `world.office`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhida.service.accounts.models import Office, User

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """Who and where an object's own people are."""

    owner: User
    region: str
    office: Office


def an_agency(world: World) -> Arguments:
    return {"pk": world.office.agency_id}


OBJECTS: Mapping[str, Callable[[World], Arguments]] = {
    "agency": an_agency,
}
