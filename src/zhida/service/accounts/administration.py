"""What 系统管理 does to users, appointments, agencies and offices: within their own region, and audited."""

from __future__ import annotations

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction

from zhida.service.accounts import lockout, sessions
from zhida.service.accounts.forms import MANAGE
from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.accounts.passwords import temporary_password
from zhida.service.accounts.permissions import appointments_for
from zhida.service.accounts.scope import covers
from zhida.service.accounts.services import region_of, subject_of
from zhida.service.audit.chain import record


def manages(by: User, region: str) -> bool:
    return any(covers(held.region, region) for held in appointments_for(by, MANAGE))


def may_change(by: User, user: User) -> bool:
    """Only of somebody else, and only where everything they are appointed to lies in the own region.

    Otherwise a county's administrator could take over the account of somebody from the province.
    """
    return user != by and all(manages(by, held.region) for held in user.appointments.all())


def create(
    by: User, username: str, name: str, role: str, region: str, office: Office | None
) -> tuple[User, str]:
    """A new user and the password for the first log-in."""
    _permit(manages(by, region))
    password = temporary_password()
    with transaction.atomic():
        user = User.objects.create_user(username, name, password)
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
        _record("user created", by, user, region)
        _appoint(by, user, role, region, office)
    return user, password


def grant(by: User, user: User, role: str, region: str, office: Office | None) -> None:
    """Raises IntegrityError where the user has the appointment already."""
    _permit(user != by and manages(by, region))
    with transaction.atomic():
        _appoint(by, user, role, region, office)


def revoke(by: User, appointment: Appointment) -> None:
    """The user's log-ins go on: what they may do is asked at each request."""
    _permit(appointment.user != by and manages(by, appointment.region))
    with transaction.atomic():
        user, region, detail = appointment.user, appointment.region, _told(appointment)
        appointment.delete()
        _record("appointment revoked", by, user, region, detail)


def set_active(by: User, user: User, active: bool) -> None:
    """Somebody who may not log in any more is logged out everywhere at once."""
    _permit(may_change(by, user))
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            sessions.end_others(user)
        _record("user activated" if active else "user deactivated", by, user, region_of(by))


def rename(by: User, user: User, name: str) -> None:
    _permit(may_change(by, user))
    with transaction.atomic():
        user.name = name
        user.save(update_fields=["name"])
        _record("user renamed", by, user, region_of(by))


def reset_password(by: User, user: User) -> str:
    """A password for one log-in; all log-ins of the user end."""
    _permit(may_change(by, user))
    password = temporary_password()
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        sessions.end_others(user)
        lockout.unlock(user.username)
        _record("password reset", by, user, region_of(by))
    return password


def unlock(by: User, user: User) -> None:
    _permit(may_change(by, user))
    with transaction.atomic():
        lockout.unlock(user.username)
        _record("user unlocked", by, user, region_of(by))


def save_agency(by: User, form: forms.ModelForm) -> Agency:
    """`form` is valid: its region is the administrator's."""
    _save(by, form, "agency", form.cleaned_data["region"])
    return form.instance


def save_office(by: User, form: forms.ModelForm) -> Office:
    _save(by, form, "office", form.instance.agency.region)
    return form.instance


def _save(by: User, form: forms.ModelForm, kind: str, region: str) -> None:
    _permit(manages(by, region))
    new = form.instance.pk is None
    with transaction.atomic():
        saved = form.save()
        action = f"{kind} {'created' if new else 'changed'}"
        detail = {"changed": sorted(form.changed_data)}
        record(action, actor=by.username, subject=f"{kind}:{saved.pk}", region=region, detail=detail)


def _appoint(by: User, user: User, role: str, region: str, office: Office | None) -> None:
    appointment = Appointment.objects.create(user=user, role=role, region=region, office=office)
    _record("appointment granted", by, user, region, _told(appointment))


def _told(appointment: Appointment) -> dict[str, str | int | None]:
    return {"role": appointment.role, "region": appointment.region, "office": appointment.office_id}


def _record(
    action: str, by: User, user: User, region: str, detail: dict[str, str | int | None] | None = None
) -> None:
    record(action, actor=by.username, subject=subject_of(user), region=region, detail=detail)


def _permit(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(MANAGE)
