"""What everybody may see of a case: made here, once, when it is published, and nowhere else.

An employer is named, for that is what a 公示 is for; people never are. The number of either is cut to its
last digits; accounts and telephones are not in it at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhida.service.cases.models import Case
from zhida.service.registry import masking
from zhida.service.secrecy.masking import mask
from zhida.standards.identifiers import uscc_problem

LONGEST = 100
PAID = ("eligible", "review")


def snapshot(case: Case) -> dict[str, Any]:
    """`name`, `number`, `people` (masked names of those it is about), `amount` as text or None."""
    package = case.package
    is_employer = package.person_id is None and uscc_problem(package.applicant_number) is None
    name = _employer(package.applicant_name) if is_employer else masking.name(package.applicant_name)
    return {
        "name": name,
        "number": masking.number(package.applicant_number),
        "people": list(_people(case)),
        "amount": None if case.amount is None else str(case.amount),
    }


def _employer(name: str) -> str:
    """The name of an employer, without a telephone or the like that was typed behind it."""
    return mask(name)[:LONGEST]


def _people(case: Case) -> Iterator[str]:
    """The people whom this case pays for, in the order of their rows; not those of the package's others."""
    paid = {unit["id"] for unit in case.decision.get("units", ()) if unit["verdict"] in PAID}
    for path, who in sorted(case.package.rows.items()):
        if path.partition(".")[2] in paid and who.get("name"):
            yield masking.name(str(who["name"]))
