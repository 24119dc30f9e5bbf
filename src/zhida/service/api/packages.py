"""Submitting a package, and how far it is: for the user whose token it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Header, Router, Status

from zhida.service.accounts.permissions import may
from zhida.service.api import forms
from zhida.service.api.access import BearerToken
from zhida.service.api.applying import application_of, draft_of, faults_as_problems
from zhida.service.api.asked import body_of
from zhida.service.api.models import Scope
from zhida.service.api.problems import Refusal
from zhida.service.applications.identified import note_look
from zhida.service.applications.review import Item, Review, review_of
from zhida.service.applications.services import Changed, KeyUsed, NotReady, submit
from zhida.service.cases.models import Package
from zhida.service.cases.progress import progress_of
from zhida.service.cases.selectors import package_of
from zhida.service.cases.services import provision_of

router = Router()
SUBMIT, STATUS = BearerToken(Scope.SUBMIT), BearerToken(Scope.STATUS)
KEY = Header(
    ...,
    alias="Idempotency-Key",
    description="Your own name for this submission: 8 to 64 letters, digits, dots, hyphens or underscores.",
    pattern="^[A-Za-z0-9._-]{8,64}$",
)
PROMISE = ("commitment", "seen")


@router.post(
    "/packages/review",
    auth=SUBMIT,
    response=forms.PackageReview,
    summary="What would be submitted",
    openapi_extra={"requestBody": forms.body("Application")},
)
def review_package(request: HttpRequest) -> dict[str, Any]:
    """Decided as of today, nothing kept: what goes, what stays behind and why, what is still in the way, and
    the commitment that the applicant must agree to."""
    user = _applicant(request)
    application = application_of(body_of(request))
    with transaction.atomic():
        draft = draft_of(application, user)
        review = review_of(draft)
        transaction.set_rollback(True)
    note_look(draft, review.case, user.username)
    return _review_form(review)


@router.post(
    "/packages",
    auth=SUBMIT,
    response={201: forms.PackageStatus, 200: forms.PackageStatus},
    summary="Submit a package",
    openapi_extra={"requestBody": forms.body("Submission")},
)
def submit_package(request: HttpRequest, key: str = KEY) -> Status:
    """One case for each provision, or nothing. `commitment` and `seen` are those of the review that the
    applicant agreed to. The same `Idempotency-Key` again gives the package that there is already."""
    user = _applicant(request)
    told = body_of(request)
    promise = _promise(told)
    application = application_of(told, PROMISE)
    there = Package.objects.filter(user=user, key=key).first()
    if there is not None:
        return Status(200, _status(user, there.number))
    try:
        with transaction.atomic():
            package = submit(draft_of(application, user), user, *promise[:1], key, *promise[1:])
    except NotReady as error:
        raise Refusal(422, "the application is not complete", faults_as_problems(error.faults)) from error
    except Changed as error:
        raise Refusal(409, "this is not what was reviewed: review it again") from error
    except (KeyUsed, IntegrityError):
        # Somebody was quicker with the same key.
        return Status(200, _status(user, Package.objects.get(user=user, key=key).number))
    return Status(201, _status(user, package.number))


@router.get("/packages/{number}", auth=STATUS, response=forms.PackageStatus, summary="How far a package is")
def package_status(request: HttpRequest, number: str) -> dict[str, Any]:
    """Every case with its state, its steps and their deadlines, and whom to call."""
    return _status(_applicant(request, "follow own cases"), number)


def _applicant(request: Any, action: str = "apply") -> Any:
    """The token's user, if they may. Raises Refusal."""
    user = request.auth.user
    if not may(user, action):
        raise Refusal(403, f"the token's user may not {action}")
    return user


def _promise(told: Mapping[str, Any]) -> tuple[str, str]:
    commitment, seen = (told.get(name) for name in PROMISE)
    if not isinstance(commitment, str) or not isinstance(seen, str) or not seen:
        raise Refusal(422, "commitment and seen: expected those of the review")
    return commitment, seen


def _review_form(review: Review) -> dict[str, Any]:
    return {
        "provisions": [_item_form(item) for item in review.items],
        "commitment": review.commitment,
        "seen": review.seen,
        "in_the_way": [
            {"path": problem.path, "expected": problem.expected}
            for problem in faults_as_problems(review.faults)
        ],
    }


def _item_form(item: Item) -> dict[str, Any]:
    return {
        "provision": provision_of(item.decision.rule),
        "title": item.title,
        "verdict": item.verdict,
        "amount": item.amount,
        "basis": item.basis,
        "is_submitted": item.is_submitted,
        "because": item.because,
        "given_up": item.given_up,
        "missing": [fact.key for fact in item.missing],
    }


def _status(user: Any, number: str) -> dict[str, Any]:
    package = package_of(user, number)
    if package is None:
        raise Refusal(404, "you have no such package")
    return {
        "number": package.number,
        "region": package.region,
        "on": package.on,
        "submitted_at": package.submitted_at,
        "cases": [
            {
                "number": progress.case.number,
                "measure": progress.case.measure,
                "title": progress.case.title,
                "document": progress.case.document,
                "clause": progress.case.clause,
                "verdict": progress.case.verdict,
                "amount": None if progress.case.amount is None else f"{progress.case.amount:.2f}",
                "state": progress.case.state,
                "state_text": progress.state,
                "is_closed": progress.is_closed,
                "to_do": progress.to_do,
                "office": progress.office,
                "phone": progress.phone,
                "steps": progress.steps,
            }
            for progress in progress_of(package)
        ],
    }
