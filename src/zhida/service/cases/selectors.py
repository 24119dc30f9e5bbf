"""Packages and cases, read: an applicant's own, and one by its number and a phone's last digits."""

from __future__ import annotations

import hmac
from typing import Any

from django.db.models import Prefetch, QuerySet

from zhida.service.cases import numbers
from zhida.service.cases.models import Case, Package

LAST_DIGITS = 4


def packages_of(user: Any) -> QuerySet[Package]:
    """The applicant's own, the latest first, with their cases."""
    return Package.objects.visible_to(user, "follow own cases").prefetch_related(
        Prefetch("cases", Case.objects.defer("facts", "decision").order_by("number"))
    )


def package_of(user: Any, number: str) -> Package | None:
    """The applicant's own package of that number, with everything its page shows."""
    return _whole(Package.objects.visible_to(user, "follow own cases").filter(number=numbers.tidy(number)))


def package_by_phone(number: str, last_digits: str) -> Package | None:
    """The package of that number if its contact's phone ends so; None for a wrong number and phone alike."""
    found = _whole(Package.objects.filter(number=numbers.tidy(number)))
    phone = digits(found.contact.get("phone", "")) if found else ""
    given = digits(last_digits)
    fits = hmac.compare_digest(phone[-LAST_DIGITS:].encode(), given.encode())
    return found if fits and len(given) == LAST_DIGITS else None


def case_of_package(user: Any, number: str, case_number: str) -> Case | None:
    mine = Case.objects.visible_to(user, "follow own cases").select_related("package")
    return mine.filter(package__number=numbers.tidy(number), number=case_number).first()


def digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal() and character.isascii())


def _whole(packages: QuerySet[Package]) -> Package | None:
    cases = Case.objects.defer("facts", "decision").order_by("number").prefetch_related("steps", "moves")
    return packages.prefetch_related(Prefetch("cases", cases)).first()
