"""What apps above ask about users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhida.service.accounts.models import User


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A number that an identity provider vouches for: a person's own, or of an employer they may act for."""

    person_number: str
    employer_number: str
    issuer: str


def confirmed_identities(user: User) -> Iterator[Confirmed]:
    for identity in user.identities.order_by("pk"):
        if identity.person_number or identity.employer_number:
            yield Confirmed(identity.person_number, identity.employer_number, identity.issuer)
