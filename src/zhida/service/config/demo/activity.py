"""What goes on in the demo county: drafts, packages and cases, all through the services that pages use."""

from __future__ import annotations

from itertools import cycle

from django.db import transaction

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.applications import drafts
from zhida.service.applications.models import Draft
from zhida.service.applications.offers import default_choice
from zhida.service.applications.prefill import prefill
from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit
from zhida.service.cases.models import Case
from zhida.service.cases.services import perform, withdraw
from zhida.service.cases.states import NotPossible
from zhida.service.config.demo.people import APPLICANTS
from zhida.service.config.demo_accounts import AGENT, RESTAURANT
from zhida.service.registry.models import Representation
from zhida.service.registry.selectors import represented

LEFT_OPEN = 6
"""Drafts that are begun and not submitted."""
MOVES: tuple[tuple[str, ...], ...] = (
    (),
    ("take in",),
    ("take in", "ask for more"),
    ("not accept",),
    (),
    ("withdraw",),
)
"""What happens to a case, one after the other."""
BANK = "演示银行正宁支行"


def act(region: str) -> None:
    """Everybody who may act for somebody applies for what they could get; clerks begin to work on it."""
    clerk = User.objects.get(username="shouli")
    fates = cycle(MOVES)
    for username in APPLICANTS:
        user = User.objects.get(username=username)
        held = list(represented(user).order_by("pk"))
        for number, each in enumerate(held):
            draft = _begin(user, each, region)
            keep = username == AGENT and number < LEFT_OPEN
            if username == RESTAURANT or keep or not _complete(draft):
                continue
            package = submit(draft, user, review_of(draft).commitment, f"demo-{draft.pk}")
            for case in package.cases.order_by("pk"):
                _happen(case, next(fates), clerk)


def _begin(user: User, held: Representation, region: str) -> Draft:
    draft, _token = drafts.start(region, clock.today(), held.kind)
    drafts.adopt(draft, user)
    prefill(draft, held)
    return draft


def _complete(draft: Draft) -> bool:
    """Choose all that is open, name an account; whether it can be submitted."""
    chosen = default_choice(drafts.decide(draft).decisions)
    applicant = {"holder": draft.applicant.get("name", ""), "bank": BANK, **draft.applicant}
    drafts.change(draft, chosen=chosen, applicant=applicant)
    return bool(chosen) and not review_of(draft).faults


def _happen(case: Case, moves: tuple[str, ...], clerk: User) -> None:
    """Take the case through some steps, as far as its states allow."""
    try:
        for move in moves:
            if move == "withdraw":
                withdraw(case.package.user, case)
                continue
            with transaction.atomic():
                perform(move, Case.objects.select_for_update(of=("self",)).get(pk=case.pk), clerk.username)
    except NotPossible:
        return
