"""Submitting a draft: one package, one case for each provision, whatever is pressed how often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from zhida.service.applications import drafts
from zhida.service.applications.models import Draft
from zhida.service.applications.review import Fault, Review, amounts_of, review_of, rows_with_hashes
from zhida.service.cases.models import Package
from zhida.service.cases.services import Applicant, open_package
from zhida.service.registry.models import Representation
from zhida.service.registry.selectors import represented

ACCOUNT = ("holder", "account", "bank")
CONTACT = ("contact", "phone")


class NotReady(ValueError):
    """The draft cannot be submitted yet; `faults` says all that is in the way."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.text for fault in self.faults))


class Changed(RuntimeError):
    """The package is no longer what the applicant saw: it must be looked at again."""


class KeyUsed(RuntimeError):
    """The key was given with another draft before."""


def submit(draft: Draft, user: Any, commitment: str, key: str, seen: str = "") -> Package:
    """The package made of a draft that is the user's; the same one again where it was submitted already.

    `commitment` is the text that was agreed to, `seen` the review that was looked at (empty: not asked for).
    `key` is the caller's name for this submission, one for each draft. Everything is written together with
    its audit entries, or nothing. Raises NotReady, Changed, KeyUsed, drafts.NoDraft, drafts.Contradiction.
    """
    with transaction.atomic():
        fresh = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if fresh.user_id != user.pk:
            raise drafts.NoDraft
        if fresh.package is not None:
            return fresh.package
        if Package.objects.filter(user=user, key=key).exists():
            raise KeyUsed
        drafts.apply_today(fresh)
        review = review_of(fresh)
        _check(review, commitment, seen)
        package = _open(fresh, user, review, key)
        fresh.attachments.update(package=package)
        fresh.package, fresh.step = package, "submitted"
        fresh.save(update_fields=["package", "step"])
    draft.package = package
    return package


def _check(review: Review, commitment: str, seen: str) -> None:
    if review.faults:
        raise NotReady(review.faults)
    if commitment.split() != review.commitment.split() or (seen and seen != review.seen):
        raise Changed


def _open(draft: Draft, user: Any, review: Review, key: str) -> Package:
    told, decisions = draft.applicant, [item.decision for item in review.submitted]
    held = _verified(user, review.kind, told["number"])
    return open_package(
        user=user,
        key=key,
        applicant=Applicant(
            name=told["name"],
            number=told["number"],
            contact={name: told[name] for name in CONTACT if told.get(name)},
            account={name: told[name] for name in ACCOUNT if told.get(name)},
            rows=rows_with_hashes(draft),
            employer=held.employer if held else None,
            person=held.person if held else None,
        ),
        commitment=review.commitment,
        facts=review.case,
        outcome=review.outcome,
        decisions=decisions,
        amounts=amounts_of(review.outcome, decisions),
    )


def _verified(user: Any, kind: str, number: str) -> Representation | None:
    """The registered party, where the user is verified to act for whoever has this number."""
    held = represented(user).filter(kind=kind)
    return next((one for one in held if _number_of(one) == number), None)


def _number_of(held: Representation) -> str:
    party: Any = held.employer or held.person
    return str(party.number)
