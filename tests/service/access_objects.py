"""What the pages of one object need: for each kind named in access.csv, how one is made.

A maker gets the World and returns the arguments of the URL. What it makes belongs to `world.owner` (an
applicant), lies in `world.region` and is the business of `world.office`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.casework.objects import work
from tests.service.notices.objects import notices
from tests.service.payments.objects import money
from tests.service.proactive.objects import proactive

from zhida.service import clock
from zhida.service.accounts.models import Appointment, Office, User
from zhida.service.applications import drafts
from zhida.service.applications.attachments import take
from zhida.service.applications.models import Attachment, Draft
from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit
from zhida.service.registry.models import Batch, Employer, Person
from zhida.service.registry.representing import claim
from zhida.service.secrecy.sealing import keyed_hash

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


def an_open_draft(world: World) -> Arguments:
    """One that belongs to nobody yet: whoever has the link opens it."""
    draft, token = drafts.start(world.region, clock.today(), "employer")
    drafts.change(draft, chosen=["pension-deferral:ZN91-025"])
    return {"token": token}


def a_draft(world: World) -> Arguments:
    arguments = an_open_draft(world)
    drafts.adopt(Draft.objects.get(), world.owner)
    return arguments


def a_file_of_a_draft(world: World) -> Arguments:
    arguments = a_draft(world)
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    return {**arguments, "public": take(Draft.objects.get(), "营业执照", upload).public}


def a_package(world: World) -> Arguments:
    an_open_draft(world)
    draft = Draft.objects.get()
    drafts.adopt(draft, world.owner)
    who = {"name": "好味餐厅", "number": "91621025MA7XXXXX0M", "contact": "李梅", "phone": "13900001234"}
    drafts.change(draft, applicant=who)
    drafts.answer(draft, "employer.org_type", "企业")
    package = submit(draft, world.owner, review_of(draft).commitment, "key")
    return {"number": package.number}


def a_file_of_a_package(world: World) -> Arguments:
    arguments = a_package(world)
    draft = Draft.objects.get()
    Draft.objects.update(package=None)
    file = take(draft, "营业执照", SimpleUploadedFile("a.pdf", b"%PDF-1.4"))
    Attachment.objects.update(package=draft.package)
    return {**arguments, "public": file.public}


def an_employer(world: World) -> Arguments:
    return {"number": Employer.objects.create(number="91621025MA7XXXXX0M", region=world.region).number}


def a_registered_person(world: World) -> Arguments:
    number = "621025199001010018"
    person = Person.objects.create(number=number, number_hash=keyed_hash(number), region=world.region)
    return {"pk": person.pk}


def a_batch(world: World) -> Arguments:
    """A file that waits to be confirmed."""
    batch = Batch.objects.create(
        kind="employers", region=world.region, user=world.owner, name="a.csv", size=1, on=clock.today(),
        state=Batch.State.STAGED,
    )  # fmt: skip
    return {"pk": batch.pk}


def a_claim(world: World) -> Arguments:
    made = claim(world.owner, "employer", "91621025MA7XXXXX0M", "好味餐厅", world.region)
    return {"pk": made.pk}


OBJECTS: Mapping[str, Callable[[World], Arguments]] = {
    "agency": an_agency,
    "office": an_office,
    "person": a_person,
    "appointment": an_appointment,
    "open draft": an_open_draft,
    "draft": a_draft,
    "answer of a draft": lambda world: {**a_draft(world), "key": "employer.org_type"},
    "measure": lambda world: {"key": "job-retention-refund"},
    "file of a draft": a_file_of_a_draft,
    "package": a_package,
    "file of a package": a_file_of_a_package,
    "employer": an_employer,
    "registered person": a_registered_person,
    "batch": a_batch,
    "batch as a file": lambda world: {**a_batch(world), "form": "csv"},
    "claim": a_claim,
    "file": lambda world: {"form": "csv"},
    "kind of import": lambda world: {"kind": "employers"},
    "served": lambda world: {"key": "industry-H62"},
    **money(a_package),
    **proactive(),
    **notices(a_package),
    **work(a_package),
    "package of the API": lambda world: {"number": "621025-221010-K7MQ2XRD"},
    "measure of the API": lambda world: {"measure": "job-retention-refund"},
}
