"""The one way to read and change a draft: started, found by its link, answered, decided."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
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
from zhida.service.applications.facts import Facts, remove, value_at, with_value
from zhida.service.applications.files import store
from zhida.service.applications.models import Draft
from zhida.service.law import library
from zhida.service.secrecy.sealing import keyed_hash

KEPT, KEPT_AT_MOST = timedelta(days=30), timedelta(days=90)
"""How long an answer is kept after it was last used, and after it was begun."""

WHAT = ("facts", "refused", "asked", "origins")


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
    draft = _behind(token)
    if draft is None:
        raise NoDraft
    if draft.user_id and not user.is_authenticated:
        raise LoginRequired
    if draft.user_id and draft.user_id != user.pk:
        raise NoDraft
    _keep_longer(draft)
    return draft


def keep_typed(token: str, store: Callable[[Draft], None]) -> None:
    """Let something be stored in a draft by whoever has its link and is logged out; nothing is shown."""
    draft = _behind(token)
    if draft is not None and draft.package_id is None:
        store(draft)


def _behind(token: str) -> Draft | None:
    """The draft that a link leads to, or its number if it is somebody's, before anybody asks whose."""
    way = Q(token_hash=keyed_hash(token))
    with suppress(ValueError):
        way |= Q(public=UUID(token), user__isnull=False)
    return Draft.objects.filter(way, expires_at__gt=clock.now()).first()


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


def answer_all(draft: Draft, values: Mapping[str, Any], refused: Iterable[str] = ()) -> None:
    """Put several facts, and what is `refused` (不知道), all or none; lists before their rows.

    Raises Contradiction with everything that is wrong, Submitted.
    """

    refused = tuple(refused)

    def put(fresh: Draft) -> None:
        before = fresh.facts
        fresh.facts = answered(before, values, refused)
        for key in values:
            _mark(fresh, key, refused=False)
        for key in refused:
            _mark(fresh, key, refused=True)
        _drop_origins(fresh, before)
        check(fresh)

    _change(draft, put)


def answered(facts: Mapping[str, Any], values: Mapping[str, Any], refused: Iterable[str] = ()) -> Facts:
    """The facts with others put, lists before their rows, and without what is not known."""
    found = dict(facts)
    for key, value in sorted(values.items(), key=lambda item: item[0].count(".")):
        found = with_value(library(), found, key, plain_value(value))
    for key in refused:
        found = remove(found, key)
    return found


def refuse(draft: Draft, key: str) -> None:
    """不知道: it was asked, is not known, and is not asked again. Raises Submitted."""
    answer_all(draft, {}, (key,))


def forget(draft: Draft, key: str) -> None:
    """As if it had never been asked, with what stands below it (the rows of a list). Raises Submitted."""

    def put(fresh: Draft) -> None:
        before, below = fresh.facts, f"{key}."
        fresh.facts = remove(fresh.facts, key)
        fresh.refused = [k for k in fresh.refused if k != key and not k.startswith(below)]
        fresh.asked = [k for k in fresh.asked if k != key and not k.startswith(below)]
        _drop_origins(fresh, before)

    _change(draft, put)


def prefill(draft: Draft, values: Mapping[str, Any], origins: Mapping[str, str], **fields: Any) -> None:
    """Put what the registry knows and the applicant has not said, and who told it. Raises Submitted."""

    def put(fresh: Draft) -> None:
        for key, value in values.items():
            if value_at(fresh.facts, key) is None and key not in fresh.refused:
                fresh.facts = with_value(library(), fresh.facts, key, value)
                fresh.origins[key] = origins.get(key, "")
        for name, value in fields.items():
            setattr(fresh, name, value)
        check(fresh)

    _change(draft, put, (*WHAT, *fields))


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


def settle(draft: Draft) -> list[str]:
    """Take out what is no longer possible on the draft's day, such as an event after it; the keys of it."""
    try:
        check(draft)
    except Contradiction as found:
        keys = [problem.path for problem in found.problems if value_at(draft.facts, problem.path) is not None]
        for key in keys:
            forget(draft, key)
        return keys
    return []


def discard(draft: Draft) -> None:
    """Delete a draft and its files. Raises Submitted."""
    with transaction.atomic():
        fresh = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if fresh.package_id is not None:
            raise Submitted
        fresh.attachments.all().delete()
        fresh.delete()
        transaction.on_commit(lambda: store.remove_all(str(fresh.public)))


def discard_expired() -> int:
    """Delete every draft whose time is over, submitted or not; how many. Files of packages stay."""
    gone = 0
    for draft in Draft.objects.filter(expires_at__lte=clock.now()).iterator():
        if draft.package_id is None:
            discard(draft)
        else:
            draft.delete()
        gone += 1
    return gone


def case_of(draft: Draft) -> dict[str, Any]:
    """The contract's case: what is known, the place and the day."""
    return {"region": draft.region, "on": draft.on.isoformat(), **draft.facts}


def decide(draft: Draft, measures: Collection[str] = ()) -> Outcome:
    """What is decided now, of some measures, or of the draft's. Raises Contradiction."""
    case, problems = build_case(library(), case_of(draft))
    if case is None:
        raise Contradiction(problems)
    return decide_case(library(), case, measures or scope_of(draft))


def scope_of(draft: Draft) -> tuple[str, ...]:
    """The measures that the draft is about."""
    return tuple(draft.measures) or measures_for(library(), draft.audience or None)


def check(draft: Draft) -> None:
    """Raises Contradiction where the facts are no case."""
    check_facts(draft, draft.facts)


def check_facts(draft: Draft, facts: Mapping[str, Any]) -> None:
    """The same of other facts at the draft's place and on its day."""
    _, problems = build_case(library(), {**facts, "region": draft.region, "on": draft.on.isoformat()})
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


def _drop_origins(draft: Draft, before: Mapping[str, Any]) -> None:
    """What the applicant has changed no longer comes from the registry."""
    kept = (key for key in draft.origins if value_at(draft.facts, key) == value_at(before, key))
    draft.origins = {key: draft.origins[key] for key in kept}


def _change(draft: Draft, put: Callable[[Draft], None], fields: tuple[str, ...] = WHAT) -> None:
    """Change the draft as it is now: two windows open on it do not undo each other."""
    with transaction.atomic():
        fresh = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        if fresh.package_id is not None:
            raise Submitted
        put(fresh)
        fresh.save(update_fields=fields)
    for name in fields:
        setattr(draft, name, getattr(fresh, name))
