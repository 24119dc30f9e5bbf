"""What rows change: looked up in bulk, merged in memory, written in bulk.

Merging is the same for the preview, which keeps the changes, and for the import, which saves the objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from zhida.guide.wording import fact_name
from zhida.service import clock
from zhida.service.accounts.models import Agency, Office
from zhida.service.accounts.scope import covers
from zhida.service.law import library
from zhida.service.registry.batches import Batch
from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.imports.rows import Row
from zhida.service.registry.models import Employer, Known, Person, Record
from zhida.service.registry.origins import told
from zhida.service.secrecy.sealing import keyed_hash

Change = tuple[str, Any, Any]
"""Key of a column, what was there, what comes; None where there is nothing."""
EVENTS: Mapping[str, tuple[str, ...]] = {
    "hire": ("hired_on",),
    "internship": ("started_on",),
    "certificate": ("trade", "level", "issued_on"),
    "loan": ("kind", "applied_on"),
    "history": ("measure", "on", "period", "trade", "level"),
}
"""What tells two rows of the same parties apart where they have no number of their own."""


class RowRefused(Exception):
    """Why a row fits nothing that is known; the column, and the text."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column = column


@dataclass(slots=True)
class Merged:
    """An object as it is to be, whether it is new, and what changes in it."""

    target: Model
    is_new: bool
    changes: list[Change] = field(default_factory=list)
    beside: list[Model] = field(default_factory=list)
    """New objects that it needs first."""


class Target:
    """How the rows of one kind meet what is known."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.kind = KINDS[batch.kind]
        self.source = _("导入 {number}：{name}").format(number=batch.pk, name=batch.name)

    def identity(self, row: Row) -> str:
        """The same for two rows that speak of the same thing."""
        raise NotImplementedError

    def look_up(self, rows: Sequence[Row]) -> None:
        """Fetch whatever these rows may meet."""
        raise NotImplementedError

    def merge(self, row: Row) -> Merged:
        """Raises RowRefused."""
        raise NotImplementedError

    def within_reach(self, region: str, column: str) -> str:
        if not covers(self.batch.region, region):
            raise RowRefused(column, _("不归本地区经办，不能由本地区导入"))
        return region

    def merge_known(self, known: Known, row: Row, attributes: Mapping[str, str]) -> list[Change]:
        """Put what the row says into the object; only what differs counts as said."""
        changes: list[Change] = []
        for name, value in attributes.items():
            if (old := getattr(known, name)) != value:
                changes.append((name, old or None, value))
                setattr(known, name, value)
        facts = dict(known.facts)
        for key, value in row.facts.items():
            if (old := facts.get(key)) != value:
                changes.append((key, old, value))
                facts[key] = value
        for key in row.cleared:
            if (old := facts.pop(key, None)) is not None:
                changes.append((key, old, None))
        known.facts = facts
        known.origins = told(known.origins, self.source, self.batch.on, [key for key, _o, _n in changes])
        return changes

    def cleared(self, row: Row, names: Iterable[str]) -> dict[str, str]:
        return {name: "" for name in names if name in row.cleared}


class Employers(Target):
    def identity(self, row: Row) -> str:
        return row.identity["uscc"]

    def look_up(self, rows: Sequence[Row]) -> None:
        self.known = _employers(rows)

    def merge(self, row: Row) -> Merged:
        number = row.identity["uscc"]
        employer = self.known.get(number)
        is_new = employer is None
        if employer is None:
            employer = self.known[number] = Employer(number=number, region="")
        else:
            self.within_reach(employer.region, "uscc")
        served = row.facts.get("insured_region") or employer.facts.get("insured_region")
        served = served or employer.region or row.facts.get("region") or self.batch.region
        self.within_reach(served, "insured_region")
        attributes = row.beside | self.cleared(row, ("contact", "phone", "bank_account"))
        if employer.region != served:
            attributes["region"] = served
        return Merged(employer, is_new, self.merge_known(employer, row, attributes))


class Persons(Target):
    def identity(self, row: Row) -> str:
        return keyed_hash(row.identity["id_number"])

    def look_up(self, rows: Sequence[Row]) -> None:
        self.known = _persons(rows)

    def merge(self, row: Row) -> Merged:
        hashed = self.identity(row)
        person = self.known.get(hashed)
        is_new = person is None
        if person is None:
            person = self.known[hashed] = Person(
                number=row.identity["id_number"], number_hash=hashed, region=""
            )
        else:
            self.within_reach(person.region, "id_number")
        served = row.beside.get("region") or row.facts.get("insured_region")
        served = served or person.region or self.batch.region
        self.within_reach(served, "region")
        said = {"name" if key == "person_name" else key: value for key, value in row.beside.items()}
        attributes = said | self.cleared(row, ("phone", "bank_account"))
        if person.region == served:
            attributes.pop("region", None)
        else:
            attributes["region"] = served
        return Merged(person, is_new, self.merge_known(person, row, attributes))


class Records(Target):
    """Rows of an employer, of a person, or of both; persons that nobody knew yet come along."""

    def identity(self, row: Row) -> str:
        if "key" in row.identity:
            return row.identity["key"]
        parts = [row.identity.get("uscc", ""), row.identity.get("id_number", "")]
        parts += [str(row.facts.get(key, "")) for key in EVENTS[self.kind.entity]]
        return f"~{keyed_hash('|'.join((self.kind.entity, *parts)))[:32]}"

    def look_up(self, rows: Sequence[Row]) -> None:
        self.employers, self.persons = _employers(rows), _persons(rows)
        keys = [self.stored_key(row) for row in rows if not row.problems]
        found = Record.objects.filter(entity=self.kind.entity, key__in=keys)
        self.known = {record.key: record for record in found.select_related("employer", "person")}

    def stored_key(self, row: Row) -> str:
        """Numbers of their own are told apart by region: two counties may both have a number 1."""
        key = self.identity(row)
        return key if key.startswith("~") else f"{self.batch.region}-{key}".replace(".", "_")

    def merge(self, row: Row) -> Merged:
        key = self.stored_key(row)
        employer, person, beside = self.employer(row), *self.person(row)
        region = self.within_reach(employer.region if employer else person.region, "uscc")  # type: ignore[union-attr]
        record = self.known.get(key)
        is_new = record is None
        if record is None:
            record = self.known[key] = Record(
                entity=self.kind.entity, key=key, employer=employer, person=person, region=region
            )
        else:
            self.within_reach(record.region, "key")
            if (record.employer, record.person) != (employer, person):
                raise RowRefused("key", _("这个编号是另一单位或个人的记录"))
        return Merged(record, is_new, self.merge_known(record, row, {}), beside)

    def employer(self, row: Row) -> Employer | None:
        number = row.identity.get("uscc")
        if number and number not in self.employers:
            raise RowRefused("uscc", _("单位没有登记，请先导入单位"))
        return self.employers[number] if number else None

    def person(self, row: Row) -> tuple[Person | None, list[Model]]:
        number = row.identity.get("id_number")
        if not number:
            return None, []
        hashed = keyed_hash(number)
        if hashed in self.persons:
            return self.persons[hashed], []
        employer = self.employer(row)
        person = Person(
            number=number,
            number_hash=hashed,
            name=row.beside.get("person_name", ""),
            region=employer.region if employer else self.batch.region,
        )
        person.origins = told([], self.source, self.batch.on, ["name"])
        self.persons[hashed] = person
        return person, [person]


class Agencies(Target):
    NAMES = ("address", "phone", "hours")

    def identity(self, row: Row) -> str:
        return f"{self.region(row)} {row.identity['name']}"

    def region(self, row: Row) -> str:
        return row.beside.get("region") or self.batch.region

    def look_up(self, rows: Sequence[Row]) -> None:
        found = Agency.objects.filter(region__in={self.region(row) for row in rows})
        self.known = {f"{agency.region} {agency.name}": agency for agency in found}

    def merge(self, row: Row) -> Merged:
        region, key = self.within_reach(self.region(row), "region"), self.identity(row)
        agency = self.known.get(key)
        is_new = agency is None
        if agency is None:
            agency = self.known[key] = Agency(region=region, name=row.identity["name"])
        said = {name: row.beside[name] for name in self.NAMES if name in row.beside}
        return Merged(agency, is_new, _set(agency, said | self.cleared(row, self.NAMES)))


class Offices(Target):
    def identity(self, row: Row) -> str:
        return f"{self.agency_key(row)} {row.identity['name']}"

    def agency_key(self, row: Row) -> str:
        return f"{row.beside.get('region') or self.batch.region} {row.identity['agency']}"

    def look_up(self, rows: Sequence[Row]) -> None:
        regions = {row.beside.get("region") or self.batch.region for row in rows}
        agencies = Agency.objects.filter(region__in=regions)
        self.agencies = {f"{agency.region} {agency.name}": agency for agency in agencies}
        offices = Office.objects.filter(agency__in=agencies).select_related("agency")
        self.known = {f"{o.agency.region} {o.agency.name} {o.name}": o for o in offices}

    def merge(self, row: Row) -> Merged:
        agency = self.agencies.get(self.agency_key(row))
        if agency is None:
            raise RowRefused("agency", _("机构没有登记，请先导入经办机构"))
        self.within_reach(agency.region, "region")
        key = self.identity(row)
        office = self.known.get(key)
        is_new = office is None
        if office is None:
            office = self.known[key] = Office(agency=agency, name=row.identity["name"])
        said = {"phone": row.beside["phone"]} if "phone" in row.beside else {}
        return Merged(office, is_new, _set(office, said | self.cleared(row, ("phone",))))


def target_of(batch: Batch) -> Target:
    made: dict[str, type[Target]] = {
        "employers": Employers,
        "persons": Persons,
        "agencies": Agencies,
        "offices": Offices,
    }
    return made.get(batch.kind, Records)(batch)


def save(merged: Sequence[Merged]) -> None:
    """Everything new in one statement for each table, everything changed in another."""
    _create([needed for each in merged for needed in each.beside])
    _create([each.target for each in merged if each.is_new])
    changed = [each.target for each in merged if not each.is_new and each.changes]
    if changed:
        model = type(changed[0])
        for target in changed:
            if isinstance(target, Known):
                target.updated_at = clock.now()
        model._default_manager.bulk_update(changed, UPDATED[model], batch_size=200)


UPDATED: Mapping[type[Model], tuple[str, ...]] = {
    Employer: ("name", "region", "contact", "phone", "bank_account", "facts", "origins", "updated_at"),
    Person: ("name", "region", "phone", "bank_account", "facts", "origins", "updated_at"),
    Record: ("facts", "origins", "updated_at"),
    Agency: ("address", "phone", "hours"),
    Office: ("phone",),
}


def column_name(kind: str, key: str) -> str:
    """What a changed column is called."""
    key = {"name": "person_name"}.get(key, key) if kind == "persons" else key
    columns = {column.key: str(column.name) for column in KINDS[kind].columns}
    if key in columns:
        return columns[key]
    fact = library().facts.get((KINDS[kind].entity, key))
    return fact_name(fact) if fact else {"region": _("经办地区")}.get(key, key)


def _create(objects: Sequence[Model]) -> None:
    if objects:
        type(objects[0])._default_manager.bulk_create(objects, batch_size=500)


def _set(target: Model, said: Mapping[str, str]) -> list[Change]:
    changes: list[Change] = []
    for name, value in said.items():
        if (old := getattr(target, name)) != value:
            changes.append((name, old or None, value))
            setattr(target, name, value)
    return changes


def _employers(rows: Sequence[Row]) -> dict[str, Employer]:
    numbers = {row.identity["uscc"] for row in rows if "uscc" in row.identity}
    return {employer.number: employer for employer in Employer.objects.filter(number__in=numbers)}


def _persons(rows: Sequence[Row]) -> dict[str, Person]:
    hashes = {keyed_hash(row.identity["id_number"]) for row in rows if "id_number" in row.identity}
    return {person.number_hash: person for person in Person.objects.filter(number_hash__in=hashes)}
