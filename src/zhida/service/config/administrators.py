"""The administrator of a new installation: everybody else is appointed by one, on the site."""

from __future__ import annotations

from django.db import transaction

from zhida.service.accounts.models import Appointment, User
from zhida.service.accounts.passwords import temporary_password
from zhida.service.accounts.roles import Role
from zhida.service.accounts.services import subject_of
from zhida.service.audit import chain


class Taken(ValueError):
    """There is a user of that name."""


def create(username: str, name: str, region: str, *, by: str) -> str:
    """A user who manages accounts in a region and below; the password for one log-in. Raises Taken."""
    password = temporary_password()
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Taken(f"there is a user {username!r} already")
        user = User.objects.create_user(username, name, password)
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
        Appointment.objects.create(user=user, role=Role.ADMINISTRATION, region=region)
        subject = subject_of(user)
        chain.record("user created", actor=by, subject=subject, region=region)
        held = {"role": Role.ADMINISTRATION.value, "region": region}
        chain.record("appointment granted", actor=by, subject=subject, region=region, detail=held)
    return password
