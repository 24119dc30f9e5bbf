"""For whom a user may act: claimed, settled by an official or by the identity provider's word, ended."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhida.service import clock
from zhida.service.accounts.scope import covers
from zhida.service.accounts.selectors import confirmed_identities
from zhida.service.audit.chain import record
from zhida.service.registry.models import Employer, Person, Representation
from zhida.service.registry.origins import told
from zhida.service.secrecy.sealing import keyed_hash

Kind, State = Representation.Kind, Representation.State
MOST_OPEN = 10
"""Claims of one user that wait: who claims numbers at random soon comes to an end."""


class NotPossible(Exception):
    """Why a claim cannot be made or settled; the text is for whoever tried."""


def claim(user: Any, kind: str, number: str, name: str, region: str) -> Representation:
    """Say that `user` acts for the employer, or is the person, of this number.

    Verified at once where the identity provider vouches for the number; nothing of the registry is looked at
    before. Raises NotPossible.
    """
    try:
        with transaction.atomic():
            if Representation.objects.filter(user=user, state=State.CLAIMED).count() >= MOST_OPEN:
                raise NotPossible(_("您有太多待核实的申请，请等经办机构处理。"))
            made = Representation.objects.create(
                user=user,
                kind=kind,
                number=number,
                number_hash=keyed_hash(number),
                name=name,
                region=region,
            )
            vouched = _vouched(user, kind, number)
            if vouched:
                _point(made)
                _settle(made, State.VERIFIED, vouched)
                made.save()
            _tell(made, "representation claimed", user)
    except IntegrityError:
        raise NotPossible(_("这个号码您已经登记过了。")) from None
    return made


def _vouched(user: Any, kind: str, number: str) -> str:
    """Which provider vouches for it."""
    for identity in confirmed_identities(user):
        said = identity.employer_number if kind == Kind.EMPLOYER else identity.person_number
        if said == number:
            return identity.issuer[:150]
    return ""


def registered_name(held: Representation) -> str:
    """What the registry calls the party of that number: for the official who compares, for nobody else."""
    if held.kind == Kind.EMPLOYER:
        return Employer.objects.filter(number=held.number).values_list("name", flat=True).first() or ""
    return Person.objects.filter(number_hash=held.number_hash).values_list("name", flat=True).first() or ""


def verify(held: Representation, by: Any, region: str) -> None:
    """An official of `region` has seen the proof. Raises NotPossible."""
    with transaction.atomic():
        locked = _locked(held, State.CLAIMED)
        _point(locked)
        if not covers(region, locked.region):
            raise NotPossible(_("登记的经办地区不在您的辖区，请转由当地核实。"))
        _settle(locked, State.VERIFIED, by.username)
        locked.save()
        _tell(locked, "representation verified", by)


def refuse(held: Representation, by: Any, reason: str) -> None:
    """The official has seen no proof, and says what lacks. Raises NotPossible."""
    with transaction.atomic():
        locked = _locked(held, State.CLAIMED)
        _settle(locked, State.REFUSED, by.username)
        locked.reason = reason
        locked.save()
        _tell(locked, "representation refused", by)


def end(held: Representation, by: Any) -> None:
    """No longer: by the user, or by an official. Raises NotPossible."""
    with transaction.atomic():
        locked = _locked(held, State.CLAIMED, State.VERIFIED)
        _settle(locked, State.ENDED, by.username)
        locked.save()
        _tell(locked, "representation ended", by)


def _point(held: Representation) -> None:
    """Points at the party; one that nobody has registered yet is registered with what was claimed."""
    if held.kind == Kind.EMPLOYER:
        held.employer = Employer.objects.filter(number=held.number).first() or _new_employer(held)
    else:
        held.person = Person.objects.filter(number_hash=held.number_hash).first() or _new_person(held)
    held.region = (held.employer or held.person).region  # type: ignore[union-attr]


def _new_employer(held: Representation) -> Employer:
    origins = told([], _("核实代表关系时登记"), clock.today(), ["name"])
    return Employer.objects.create(number=held.number, name=held.name, region=held.region, origins=origins)


def _new_person(held: Representation) -> Person:
    origins = told([], _("核实代表关系时登记"), clock.today(), ["name"])
    return Person.objects.create(
        number=held.number,
        number_hash=held.number_hash,
        name=held.name,
        region=held.region,
        origins=origins,
    )


def _locked(held: Representation, *states: Any) -> Representation:
    locked = Representation.objects.select_for_update().get(pk=held.pk)
    if locked.state not in states:
        raise NotPossible(_("这条申请已经处理过了。"))
    return locked


def _settle(held: Representation, state: Any, by: str) -> None:
    held.state, held.settled_at, held.settled_by = state, clock.now(), by


def _tell(held: Representation, action: str, by: Any) -> None:
    record(
        action,
        actor=by.username,
        subject=f"representation:{held.pk}",
        region=held.region,
        detail={"kind": held.kind, "state": held.state, "user": held.user.username},
    )
