"""What clerks see: queues, what is found by an identifier, one case with all around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from zhida.service import clock
from zhida.service.accounts.models import User
from zhida.service.accounts.permissions import appointments_for
from zhida.service.accounts.scope import within
from zhida.service.cases import numbers
from zhida.service.cases.models import Case, Concerned, Package
from zhida.service.cases.services import name_hash
from zhida.service.cases.states import CLERKS, FINAL, ROLES_AT, State
from zhida.service.casework.deadlines import soon_from
from zhida.service.law import library
from zhida.service.registry.models import Record
from zhida.service.secrecy.sealing import keyed_hash

SEE, WORK = "see cases", "work on cases"
HEAVY = ("facts", "decision")
SEALED = tuple(f"package__{name}" for name in ("contact", "account", "rows", "commitment", "combination"))
"""What a list does not show is not opened: unsealing it costs more than reading it."""
NUMBER = "package__applicant_number"
MOST_FOUND = 100
MOST_HISTORY = 200
MOST_OWN = 1000
"""Packages that an official has submitted as a citizen."""
OPEN_STATES = tuple(state for state in State if state not in FINAL)
VIEWS = ("todo", "mine", "overdue", "soon", "open", "closed")
NEGATIVE = (State.NOT_ACCEPTED, State.REFUSED, State.WITHDRAWN)


def listed(user: User) -> QuerySet[Case]:
    """The cases that the user may see, without what is heavy and sealed."""
    cases = Case.objects.visible_to(user, SEE).select_related("package", "office", "assignee")
    return cases.defer(*HEAVY, *SEALED, NUMBER)


def with_numbers(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same rows with the applicants' numbers."""
    return cases.defer(None).defer(*HEAVY, *SEALED)


def todo(user: User) -> QuerySet[Case]:
    """What waits for one of the user's roles, there where they hold it; never what they submitted."""
    waiting = Q(pk__in=())
    for held in appointments_for(user, WORK):
        own = Q(state__in=_states_of(held.role), outside=False)
        if held.role in CLERKS:
            own |= Q(outside=True)
        place = Q(**within("region", held.region))
        if held.office_id is not None:
            place &= Q(office=held.office_id)
        waiting |= own & place
    found = listed(user).filter(waiting)
    submitted = list(Package.objects.filter(user=user).values_list("pk", flat=True)[:MOST_OWN])
    return found.exclude(package__in=submitted) if submitted else found


def _states_of(role: str) -> list[State]:
    return [state for state in OPEN_STATES if role in ROLES_AT.get(state, ()) and state != State.SUPPLEMENT]


def view_of(user: User, view: str) -> QuerySet[Case]:
    """One of VIEWS."""
    today = clock.today()
    open_cases = listed(user).filter(state__in=OPEN_STATES)
    match view:
        case "mine":
            return open_cases.filter(assignee=user)
        case "overdue":
            return open_cases.filter(due_on__lt=today)
        case "soon":
            return open_cases.filter(due_on__gte=today, due_on__lte=soon_from(library().calendar, today))
        case "open":
            return open_cases
        case "closed":
            return listed(user).filter(state__in=FINAL)
    return todo(user)


def filtered(cases: QuerySet[Case], asked: Mapping[str, Any]) -> QuerySet[Case]:
    """By state, measure, office, who has it, and words of a number or of a registered employer's name."""
    if asked.get("state"):
        cases = cases.filter(state=asked["state"])
    if asked.get("measure"):
        cases = cases.filter(measure=asked["measure"])
    if asked.get("office"):
        cases = cases.filter(office=asked["office"])
    if asked.get("assignee") == "nobody":
        cases = cases.filter(assignee=None)
    for word in str(asked.get("words") or "").split():
        cases = cases.filter(Q(number__startswith=word.upper()) | Q(package__employer__name__icontains=word))
    return cases


def found_by(user: User, text: str) -> QuerySet[Case]:
    """By a package's or case's number, a 统一社会信用代码 or identity number, or a name; the latest first."""
    cases = listed(user).order_by("-opened_at", "-pk")
    compact = "".join(text.split())
    place = compact[-2:] if compact[-3:-2] == "-" else ""
    if package := numbers.tidy(compact.removesuffix(f"-{place}") if place else compact):
        cases = cases.filter(package__number=package)
        return cases.filter(number=f"{package}-{place}") if place else cases
    hashes = (keyed_hash(compact.upper()), name_hash(text))
    by_hash = Concerned.objects.filter(hash__in=hashes).values("package")
    named = Q(package__employer__name__icontains=text.strip()) if len(compact) > 1 else Q()
    return cases.filter(Q(package__in=by_hash) | named)[:MOST_FOUND]


def case_of(user: User, number: str, action: str = SEE) -> Case | None:
    """One case with its package; steps, moves, pauses and notices are read with it."""
    found = Case.objects.visible_to(user, action).select_related(
        "package", "package__employer", "office", "assignee", "refusal"
    )
    return found.filter(number=number).prefetch_related("steps", "moves", "pauses", "supplements").first()


def hashes_of(case: Case) -> set[str]:
    """Everybody whom the package is about."""
    return {each.hash for each in case.package.concerned.all() if each.path != "name"}


def same_people(user: User, case: Case) -> list[Case]:
    """Other cases that are about somebody in this one, the latest first."""
    others = Concerned.objects.filter(hash__in=hashes_of(case)).exclude(package=case.package_id)
    cases = listed(user).filter(Q(package__in=others.values("package")) | Q(package=case.package_id))
    return list(cases.exclude(pk=case.pk).order_by("-opened_at", "-pk")[:20])


def history(hashes: Iterable[str], employer_numbers: Iterable[str] = ()) -> QuerySet[Record]:
    """What the registry says was granted before, to these people and employers, wherever it was."""
    who = Q(person__number_hash__in=list(hashes)) | Q(
        employer__number__in=list(employer_numbers), person=None
    )
    return (
        Record.objects.filter(who, entity="history")
        .select_related("person", "employer")
        .order_by("-pk")[:MOST_HISTORY]
    )


def cases_about(user: User, hash: str) -> list[Case]:
    """Every case that the user may see and that is about somebody, by the keyed hash of their number."""
    packages = Concerned.objects.filter(hash=hash).exclude(path="name").values("package")
    cases = listed(user).defer(None).defer(*HEAVY).filter(package__in=packages)
    return list(cases.order_by("-opened_at", "-pk")[:MOST_HISTORY])


def colleagues(user: User, case: Case | None = None) -> QuerySet[User]:
    """To whom a case may be given: those whom the user sees among the cases' people of the same region."""
    regions = {held.region for held in appointments_for(user, WORK)}
    region = case.region if case else next(iter(sorted(regions)), "")
    roles = ("intake", "first-review", "second-review", "final-review", "finance")
    covering = [region, f"{region[:4]}00", f"{region[:2]}0000", "000000"]
    return (
        User.objects.filter(is_active=True, appointments__role__in=roles, appointments__region__in=covering)
        .distinct()
        .order_by("username")
    )
