"""What users do to their own accounts; each change with its entry in the audit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from zhida.service.accounts import sessions
from zhida.service.accounts.models import Appointment, ExternalIdentity, User
from zhida.service.accounts.oidc import Vouched
from zhida.service.accounts.permissions import appointments_of
from zhida.service.accounts.roles import Role
from zhida.service.audit.chain import note, record
from zhida.service.secrecy.sealing import keyed_hash


def register(username: str, name: str, password: str | None) -> User:
    """A new applicant. Raises IntegrityError where the username is taken."""
    with transaction.atomic():
        user = User.objects.create_user(username, name, password)
        Appointment.objects.create(user=user, role=Role.APPLICANT, region=settings.ZHIDA_HOME_REGION)
        record("registered", actor=username, subject=subject_of(user), region=settings.ZHIDA_HOME_REGION)
    return user


def log_in(request: HttpRequest, user: User, backend: str | None = None) -> None:
    sessions.begin(request, user, backend)
    note("logged in", actor=user.username, subject=subject_of(user), region=region_of(user))


def log_out(request: HttpRequest) -> None:
    user = request.user
    sessions.leave(request)
    if user.is_authenticated:
        note("logged out", actor=user.username, subject=subject_of(user), region=region_of(user))


def note_failed_log_in(username: str, action: str = "log-in failed") -> None:
    """Who exists is named; what else was typed may be a password, and is kept as a keyed hash."""
    user = User.objects.filter(username=username).first()
    detail = {} if user else {"typed": keyed_hash(username)[:16]}
    region = region_of(user) if user else settings.ZHIDA_HOME_REGION
    note(action, actor=user.username if user else "", region=region, detail=detail)


def change_password(request: HttpRequest, user: User, password: str) -> None:
    """All other log-ins of the user end."""
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        record("password changed", actor=user.username, subject=subject_of(user), region=region_of(user))
    sessions.renew(request, user)


def end_other_sessions(request: HttpRequest, user: User) -> int:
    ended = sessions.end_others(user, request.session.session_key)
    detail = {"sessions": ended}
    note(
        "logged out elsewhere",
        actor=user.username,
        subject=subject_of(user),
        detail=detail,
        region=region_of(user),
    )
    return ended


def user_of(vouched: Vouched) -> tuple[User, bool]:
    """The user linked with the provider's one, and whether they are new here.

    Names and numbers are not looked at: an account that somebody registered under them may be another's.
    """
    known = _linked(vouched)
    if known:
        _refresh(known, vouched)
        return known.user, False
    username = f"sso-{keyed_hash(f'{vouched.issuer} {vouched.subject}')[:24]}"
    try:
        with transaction.atomic():
            user = register(username, vouched.name or gettext("申请人"), None)
            _link(user, vouched)
    except IntegrityError:
        # The same person twice at the same moment: the other one was first.
        return ExternalIdentity.objects.select_related("user").get(
            issuer=vouched.issuer, subject=vouched.subject
        ).user, False
    return user, True


def link(user: User, vouched: Vouched) -> bool:
    """The provider's user is this one from now on; False where they are another one here already."""
    known = _linked(vouched)
    if known:
        return known.user_id == user.pk
    with transaction.atomic():
        _link(user, vouched)
    return True


def _linked(vouched: Vouched) -> ExternalIdentity | None:
    known = ExternalIdentity.objects.filter(issuer=vouched.issuer, subject=vouched.subject)
    return known.select_related("user").first()


def _link(user: User, vouched: Vouched) -> None:
    identity = ExternalIdentity.objects.create(
        user=user,
        issuer=vouched.issuer,
        subject=vouched.subject,
        person_number=vouched.person_number,
        employer_number=vouched.employer_number,
    )
    _record_link(identity)


def _refresh(identity: ExternalIdentity, vouched: Vouched) -> None:
    """Somebody may act for another employer today than at the last log-in."""
    now = (vouched.person_number, vouched.employer_number)
    if now == (identity.person_number, identity.employer_number):
        return
    with transaction.atomic():
        identity.person_number, identity.employer_number = now
        identity.save(update_fields=["person_number", "employer_number"])
        _record_link(identity)


def _record_link(identity: ExternalIdentity) -> None:
    vouched = [name for name in ("person_number", "employer_number") if getattr(identity, name)]
    record(
        "identity linked",
        actor=identity.user.username,
        subject=subject_of(identity.user),
        region=region_of(identity.user),
        detail={"issuer": identity.issuer, "vouched": vouched},
    )


def subject_of(user: User) -> str:
    return f"user:{user.pk}"


def region_of(user: Any) -> str:
    """Where what the user does is audited: the region of the first appointment."""
    held = appointments_of(user)
    return held[0].region if held else settings.ZHIDA_HOME_REGION
