"""What the pages of one object need: for each kind named in access.csv, how one is made.

A maker gets the World and returns the arguments of the URL. What it makes belongs to `world.owner` (an
applicant), lies in `world.region` and is the business of `world.office`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhida.service.accounts.models import Appointment, Office, User

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """Who and where an object's own people are."""

    owner: User
    region: str
    office: Office


def an_agency(world: World) -> Arguments:
    return {"pk": world.office.agency_id}


def an_office(world: World) -> Arguments:
    return {"pk": world.office.pk}


def a_person(world: World) -> Arguments:
    return {"pk": an_appointment(world)["pk"]}


def an_appointment(world: World) -> Arguments:
    clerk = User.objects.create_user("somebody", "某人")
    held = Appointment.objects.create(user=clerk, role="intake", region=world.region, office=world.office)
    return {"pk": clerk.pk, "appointment": held.pk}


OBJECTS: Mapping[str, Callable[[World], Arguments]] = {
    "agency": an_agency,
    "office": an_office,
    "person": a_person,
    "appointment": an_appointment,
}
