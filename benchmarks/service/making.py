"""Many employers and cases: one package submitted as anybody submits, and copies of it made in bulk."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from zhida.service import clock
from zhida.service.accounts.models import Appointment, User
from zhida.service.applications import drafts
from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit
from zhida.service.cases import numbers
from zhida.service.cases.models import Case, Move, Package, Step
from zhida.service.registry.models import Employer
from zhida.standards.identifiers import id_number_check_character, uscc_check_character

REGION, PASSWORD = "621025", "正宁-Zhengning-2022"
BATCH = 2000
PACKAGES_PER_USER = 25
FACTS = {
    "employer": {
        "org_type": "企业",
        "industry": "H62",
        "size": "小型",
        "insured_last_year_end": "10",
        "insured_last_year_start": "10",
        "insured_now": "11",
        "unemployment_contributions_last_year": "12000",
        "unemployment_contribution_months_last_year": "12",
        "layoff_rate_last_year": "0",
        "seriously_dishonest": False,
        "labour_dispatch": False,
    },
    "hires": [
        {
            "id": "h1",
            "hired_on": "2022-07-10",
            "contract_months": "12",
            "unemployment_insured_months": "3",
            "person": {"education": "本科", "graduated_on": "2022-06-30", "unemployed": True},
        }
    ],
}
CHOSEN = ["job-retention-refund:ZN91-030", "hiring-subsidy:ZN91-002"]


def uscc(number: int) -> str:
    first = f"91621025M{number:08d}"
    return first + uscc_check_character(first)


def person(username: str, name: str, role: str) -> User:
    user = User.objects.create_user(username, name, PASSWORD)
    Appointment.objects.create(user=user, role=role, region=REGION)
    return user


def employers(count: int) -> None:
    """Small ones, each with the facts of the example."""
    rows = (
        Employer(
            number=uscc(n),
            name=f"正宁县第{n}餐厅",
            region=REGION,
            facts=FACTS["employer"],
            phone="0934-0000000",
        )
        for n in range(count)
    )
    for batch in batches(rows):
        Employer.objects.bulk_create(batch)


def template(user: User) -> Package:
    """A package of two cases, as the service makes it."""
    first = "62102519990702001"
    draft, _ = drafts.start(REGION, clock.today(), "employer", (), FACTS)
    drafts.adopt(draft, user)
    drafts.change(
        draft,
        chosen=CHOSEN,
        applicant={"name": "正宁县好味餐厅", "number": uscc(0), "contact": "李梅", "phone": "13900001234"},
        rows={"hires.h1": {"name": "张三", "number": first + id_number_check_character(first)}},
    )
    return submit(draft, user, review_of(draft).commitment, draft.public.hex)


def copies(package: Package, users: list[User], count: int) -> None:
    """So many more cases like those of the package, `PACKAGES_PER_USER` packages for each user."""
    cases = list(package.cases.prefetch_related("steps", "moves"))
    for group in batches(range(1, count // len(cases) + 1), BATCH // len(cases)):
        with transaction.atomic():
            _copy(package, cases, users, group)


def _copy(package: Package, cases: list[Case], users: list[User], group: list[int]) -> None:
    made = Package.objects.bulk_create(
        copy(
            package,
            number=numbers.package_number(REGION, package.on),
            key=f"copy-{n}",
            user=users[n // PACKAGES_PER_USER % len(users)],
            submitted_at=package.submitted_at - timedelta(minutes=n),
        )
        for n in group
    )
    pairs = [(new, place, old) for new in made for place, old in enumerate(cases, 1)]
    fresh = Case.objects.bulk_create(
        copy(old, package=new, number=numbers.case_number(new.number, place), opened_at=new.submitted_at)
        for new, place, old in pairs
    )
    for model, name in ((Step, "steps"), (Move, "moves")):
        model.objects.bulk_create(
            (
                copy(row, case=new)
                for new, (_, _, old) in zip(fresh, pairs, strict=True)
                for row in getattr(old, name).all()
            ),
            batch_size=BATCH,
        )


def copy(row: Any, **other: Any) -> Any:
    """A new row like another, but for some fields."""
    fields = (f for f in row._meta.concrete_fields if not f.primary_key and f.name not in other)
    same = {f.attname: getattr(row, f.attname) for f in fields if not isinstance(f, models.AutoField)}
    return type(row)(**same, **other)


def batches(rows: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(itertools.islice(left, size)):
        yield batch
