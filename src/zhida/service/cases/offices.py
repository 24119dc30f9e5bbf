"""Who handles a case in a region, and whom to call: the registered office, else what the document prints."""

from __future__ import annotations

from dataclasses import dataclass

from zhida.library import Rule
from zhida.service.accounts.models import Office


@dataclass(frozen=True, slots=True)
class Responsible:
    """`office` is the queue, where the region has registered one; `name` and `phone` are for people."""

    office: Office | None
    name: str
    phone: str


def responsible_for(rule: Rule, offices: list[Office]) -> Responsible:
    """The office of the provision among those of the region: the longest name that ends the printed one."""
    printed = rule.provision.office
    fitting = [office for office in offices if printed.endswith(office.name)]
    office = max(fitting, key=lambda o: (_alike(o.agency.name, printed), len(o.name)), default=None)
    if office is None:
        return Responsible(None, printed, rule.provision.phone)
    phone = office.phone or rule.provision.phone or office.agency.phone
    return Responsible(office, f"{office.agency.name}{office.name}", phone)


def offices_of(region: str) -> list[Office]:
    return list(Office.objects.filter(agency__region=region).select_related("agency"))


def _alike(agency: str, printed: str) -> int:
    """How many of the printed characters the agency's name has: 县社保局 is 正宁县社会保险局, not 人社局."""
    return sum(character in agency for character in set(printed))
