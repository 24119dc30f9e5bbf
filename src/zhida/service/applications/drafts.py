"""The one way to read and change a draft: started, found by its link, answered, decided."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from zhida.decide import Outcome, Problem, build_case
from zhida.decide import decide as decide_case
from zhida.decide.decision import plain
from zhida.guide.interview import measures_for
from zhida.service import clock
from zhida.service.accounts.permissions import LoginRequired
from zhida.service.applications.facts import remove, with_value
from zhida.service.applications.models import Draft
from zhida.service.law import library
from zhida.service.secrecy.sealing import keyed_hash

KEPT, KEPT_AT_MOST = timedelta(days=30), timedelta(days=90)
"""How long an answer is kept after it was last used, and after it was begun."""

WHAT = ("facts", "refused", "asked")


class NoDraft(LookupError):
    """A link opens nothing: it never was, it has expired, it was altered, or it is somebody else's."""


class Submitted(RuntimeError):
    """The draft has become a package and no longer changes."""


class Contradiction(ValueError):
    """What was answered is no case; `problems` says all that is wrong, each with its dotted key."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def start(
    region: str,
    on: date,
    audience: str = "",
    measures: Iterable[str] = (),
    facts: Mapping[str, Any] | None = None,
) -> tuple[Draft, str]:
    """A new draft and the token of its link, which is not kept and cannot be shown again."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    draft = Draft.objects.create(
        token_hash=keyed_hash(token),
        region=region,
        on=on,
        audience=audience,
        measures=list(measures),
        facts=dict(facts or {}),
        created_at=now,
        expires_at=now + KEPT,
    )
    return draft, token


def find(token: str, user: Any) -> Draft:
    """The draft that a link opens for whoever is there (`request.user`), kept for longer by being used.

    Its user may also come by its `public` number, as the list of their drafts does. Raises NoDraft, and
    LoginRequired where it belongs to somebody and nobody is logged in.
    """
    draft = Draft.objects.filter(_opened_by(token, user), expires_at__gt=clock.now()).first()
    if draft is None or (draft.user_id and user.is_authenticated and draft.user_id != user.pk):
        raise NoDraft
    if draft.user_id and not user.is_authenticated:
        raise LoginRequired
    _keep_longer(draft)
    return draft


def _opened_by(token: str, user: Any) -> Q:
    by_link = Q(token_hash=keyed_hash(token))
    try:
        return by_link | Q(public=UUID(token), user=user.pk) if user.is_authenticated else by_link
    except ValueError:
        return by_link


def _keep_longer(draft: Draft) -> None:
    """Once a day at most: a page that is only read writes nothing."""
    until = min(clock.now() + KEPT, draft.created_at + KEPT_AT_MOST)
    if until - draft.expires_at > timedelta(days=1):
        draft.expires_at = until
        draft.save(update_fields=["expires_at"])


def answer(draft: Draft, key: str, value: Any) -> None:
    """Put a fact; for a list such as `hires` how many rows it has, or its rows. None takes it away.

    Raises Contradiction, Submitted.
    """
    answer_all(draft, {key: value})


def answer_all(draft: Draft, values: Mapping[str, Any]) -> None:
    """Put several facts, all or none. Raises Contradiction with everything that is wrong, Submitted."""

    def put(fresh: Draft) -> None:
        for key, value in values.items():
            fresh.facts = with_value(library(), fresh.facts, key, plain_value(value))
            _mark(fresh, key, refused=False)
        check(fresh)

    _change(draft, put)


def refuse(draft: Draft, key: str) -> None:
    """不知道: it was asked, is not known, and is not asked again. Raises Submitted."""

    def put(fresh: Draft) -> None:
        fresh.facts = remove(fresh.facts, key)
        _mark(fresh, key, refused=True)

    _change(draft, put)


def forget(draft: Draft, key: str) -> None:
    """As if it had never been asked, with what stands below it (the rows of a list). Raises Submitted."""

    def put(fresh: Draft) -> None:
        fresh.facts = remove(fresh.facts, key)
        below = f"{key}."
        fresh.refused = [k for k in fresh.refused if k != key and not k.startswith(below)]
        fresh.asked = [k for k in fresh.asked if k != key and not k.startswith(below)]

    _change(draft, put)


def adopt(draft: Draft, user: Any) -> None:
    """From now on it is the user's. Raises NoDraft where somebody was quicker."""
    if draft.user_id is None:
        Draft.objects.filter(pk=draft.pk, user=None).update(user=user)
        draft.refresh_from_db(fields=["user"])
    if draft.user_id != user.pk:
        raise NoDraft


def change(draft: Draft, **fields: Any) -> None:
    """Set other fields of an open draft: region, on, audience, measures, chosen, step … Raises Submitted."""

    def put(fresh: Draft) -> None:
        for name, value in fields.items():
            setattr(fresh, name, value)

    _change(draft, put, tuple(fields))


def apply_today(draft: Draft) -> None:
    """Who applies is decided as of today, whatever day the self-check was about. Raises Submitted."""
    if draft.on != clock.today():
        change(draft, on=clock.today())


def case_of(draft: Draft) -> dict[str, Any]:
    """The contract's case: what is known, the place and the day."""
    return {"region": draft.region, "on": draft.on.isoformat(), **draft.facts}


def decide(draft: Draft) -> Outcome:
    """What is decided now, of the draft's measures or of all for its audience. Raises Contradiction."""
    case, problems = build_case(library(), case_of(draft))
    if case is None:
        raise Contradiction(problems)
    return decide_case(library(), case, scope_of(draft))


def scope_of(draft: Draft) -> tuple[str, ...]:
    """The measures that the draft is about."""
    return tuple(draft.measures) or measures_for(library(), draft.audience or None)


def check(draft: Draft) -> None:
    """Raises Contradiction where the facts are no case."""
    _, problems = build_case(library(), case_of(draft))
    if problems:
        raise Contradiction(problems)


def plain_value(value: Any) -> Any:
    """A value as the contract's JSON has it; rows of a list and their number stay as they are."""
    if isinstance(value, int) or (isinstance(value, list) and any(isinstance(v, dict) for v in value)):
        return value
    return plain(value)


def _mark(draft: Draft, key: str, *, refused: bool) -> None:
    draft.asked = [*draft.asked, key] if key not in draft.asked else draft.asked
    others = [k for k in draft.refused if k != key]
    draft.refused = [*others, key] if refused else others


def _change(draft: Draft, put: Callable[[Draft], None], fields: tuple[str, ...] = WHAT) -> None:
    """Change the draft as it is now: two windows open on it do not undo each other."""
    with transaction.atomic():
        fresh = Draft.objects.select_for_update().get(pk=draft.pk)
        if fresh.package_id is not None:
            raise Submitted
        put(fresh)
        fresh.save(update_fields=fields)
    for name in fields:
        setattr(draft, name, getattr(fresh, name))
