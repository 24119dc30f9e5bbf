"""What the pages of the workbench need, for access_objects.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from zhida.service import clock
from zhida.service.accounts.models import Appointment, User
from zhida.service.cases.models import Case
from zhida.service.casework.answers import keep_file
from zhida.service.casework.models import Check, Sample
from zhida.service.casework.sampling import frame_hash
from zhida.service.casework.services import perform

Maker = Callable[[Any], Mapping[str, Any]]


def work(a_package: Maker) -> dict[str, Maker]:
    """Kinds of objects by their names in access.csv, from the maker of a package."""

    def case_of(world: Any) -> Case:
        a_package(world)
        Case.objects.update(office=world.office)
        return Case.objects.get()

    def clerk(world: Any) -> User:
        made = User.objects.create_user("a-clerk", "受理员")
        Appointment.objects.create(user=made, role="intake", region=world.region)
        return made

    def told(world: Any) -> Case:
        return perform(case_of(world), "ask for more", clerk(world), text="缺合同")

    def refused(world: Any) -> Case:
        why = {"clause": "一(八)", "reason": "行业不符", "remedy": "可以复议"}
        return perform(case_of(world), "not accept", clerk(world), **why)

    def a_file(world: Any) -> Mapping[str, Any]:
        case = case_of(world)
        kept = keep_file(case.package, "营业执照", SimpleUploadedFile("a.pdf", b"%PDF-1.4"))
        return {"number": case.number, "public": kept.public}

    def sample(world: Any) -> Sample:
        number, today = case_of(world).number, clock.today()
        return Sample.objects.create(
            seed="s", region=world.region, closed_from=today, closed_to=today, frame=[number],
            frame_hash=frame_hash([number]), size=1, drawn_by="x", drawn_at=clock.now(),
        )  # fmt: skip

    def check(world: Any) -> Mapping[str, Any]:
        made = Check.objects.create(sample=sample(world), case=Case.objects.get(), number=1)
        return {"pk": made.pk}

    def own(case: Case, **more: Any) -> Mapping[str, Any]:
        return {"number": case.package.number, "case": case.number, **more}

    return {
        "case": lambda world: {"number": case_of(world).number},
        "case told": lambda world: {"number": told(world).number, "place": 1},
        "case refused": lambda world: {"number": refused(world).number},
        "file of a case": a_file,
        "somebody's history": lambda world: {"hash": case_of(world).package.applicant_hash},
        "sample": lambda world: {"pk": sample(world).pk},
        "check": check,
        "own case": lambda world: own(case_of(world)),
        "own case told": lambda world: own(told(world), place=1),
        "own case refused": lambda world: own(refused(world)),
    }
