"""Who logs in to the demo county: one official for each role, some applicants; the agencies they work in."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.accounts.roles import Role
from zhida.service.audit.chain import record
from zhida.service.config.demo.names import demo_phone
from zhida.service.config.demo.registered import GRADUATE_BORN, id_number_of
from zhida.service.config.demo_accounts import ACCOUNTS, AGENT, GRADUATE, NEWCOMER, PASSWORD, RESTAURANT
from zhida.service.registry.models import Employer, Person, Representation
from zhida.service.registry.representing import claim, verify
from zhida.service.secrecy.sealing import keyed_hash

AGENCIES = (
    ("正宁县人力资源和社会保障局（演示）", ("就业股", "人事管理股", "受理窗口")),
    ("正宁县就业服务局（演示）", ("就业股", "劳务股")),
    ("正宁县社会保险事业管理局（演示）", ("待遇核发股", "基数核定股")),
)

OFFICIALS = (
    ("shouli", "演示受理", Role.INTAKE),
    ("chushen", "演示初审", Role.FIRST_REVIEW),
    ("fushen", "演示复审", Role.SECOND_REVIEW),
    ("zhongshen", "演示终审", Role.FINAL_REVIEW),
    ("caiwu", "演示财务", Role.FINANCE),
    ("zhengce", "演示政策管理", Role.POLICY),
    ("ducha", "演示督查", Role.SUPERVISION),
    ("shenji", "演示审计", Role.AUDIT),
    ("guanli", "演示系统管理", Role.ADMINISTRATION),
)


APPLICANTS = {
    RESTAURANT: "演示餐馆老板",
    AGENT: "演示代办人",
    GRADUATE: "演示毕业生",
    NEWCOMER: "演示新用户",
}
REPRESENTED = 24
"""Employers that the agent acts for."""


def appoint(region: str) -> None:
    """Agencies, and everybody who logs in. One hash for all: it is the same password."""
    password = make_password(PASSWORD)
    with transaction.atomic():
        for place, (name, offices) in enumerate(AGENCIES):
            agency = Agency.objects.create(
                name=name,
                region=region,
                address=f"正宁县城演示路 {place + 1} 号",
                phone=f"{demo_phone(100 * (place + 1))}（演示）",
                hours="工作日 8:30–12:00，14:30–18:00",
            )
            for number, office in enumerate(offices, start=1):
                phone = f"{demo_phone(100 * (place + 1) + number)}（演示）"
                Office.objects.create(agency=agency, name=office, phone=phone)
        for username, name, role in OFFICIALS:
            _user(username, name, password, role, region)
        for username, name in APPLICANTS.items():
            _user(username, name, password, Role.APPLICANT, region)
        record("demo built", actor="", region=region, detail={"accounts": len(ACCOUNTS)})


def _user(username: str, name: str, password: str, role: Role, region: str) -> None:
    user = User.objects.create(username=username, name=name, password=password)
    Appointment.objects.create(user=user, role=role, region=region)


def represent(region: str) -> None:
    """Applicants claim whom they act for; the official verifies all but one of them."""
    clerk = User.objects.get(username="shouli")
    restaurant = Employer.objects.get(name__startswith="好味餐馆")
    here = Employer.objects.filter(region=region).exclude(pk=restaurant.pk)
    others = list(here.order_by("number")[:REPRESENTED])
    graduate = Person.objects.get(number_hash=keyed_hash(id_number_of(region, *GRADUATE_BORN)))
    acting: list[tuple[str, Employer | Person]] = [
        (RESTAURANT, restaurant),
        *((AGENT, each) for each in others),
        (GRADUATE, graduate),
    ]
    for username, party in acting:
        verify(_claimed(username, party), clerk, region)
    _claimed(NEWCOMER, others[0])


def _claimed(username: str, party: Employer | Person) -> Representation:
    user = User.objects.get(username=username)
    kind = "employer" if isinstance(party, Employer) else "person"
    return claim(user, kind, party.number, party.name, party.region)
