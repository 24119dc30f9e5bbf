"""Populations for tests: rows by entity, made of cases, and written as the files that a screening reads."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet

from zhida.library import Library
from zhida.population.schema import REFERENCES, Field, file_stem, population_schema
from zhida.standards.identifiers import id_number_check_character, uscc_check_character

SINGLES = {"employer": "employer", "person": "applicant", "fund": "fund", "place": "place"}
WITH_PERSON = ("hire", "internship", "placement")
TYPES = {
    "money": arrow.decimal128(18, 2),
    "count": arrow.int64(),
    "number": arrow.decimal128(18, 6),
    "rate": arrow.decimal128(18, 6),
    "boolean": arrow.bool_(),
    "date": arrow.date32(),
    "set": arrow.list_(arrow.string()),
}


FIELDS: dict[int, Mapping[str, Mapping[str, Field]]] = {}


def fields_of(library: Library, entity: str) -> Mapping[str, Field]:
    """The columns that a file may have, worked out once for each library."""
    if id(library) not in FIELDS:
        FIELDS[id(library)] = {name: schema.fields for name, schema in population_schema(library).items()}
    return FIELDS[id(library)][entity]


def id_number(serial: int, born: date = date(1999, 9, 9)) -> str:
    """A valid 公民身份号码, another one for each serial below 1,000 and day of birth."""
    start = f"621025{born:%Y%m%d}{serial:03d}"
    return start + id_number_check_character(start)


def uscc(serial: int) -> str:
    """A valid 统一社会信用代码."""
    start = f"91621025{serial:09d}"
    return start + uscc_check_character(start)


@dataclass
class Rows:
    """The rows of a population by entity; a fact that a row does not have is absent."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, entity: str, id: Any = None, **facts: Any) -> Any:
        """Add a row and give its id; `person__born_on` is the column `person.born_on`."""
        named = {key.replace("__", "."): value for key, value in facts.items() if value is not None}
        self.tables[entity].append(({"id": id} if id is not None else {}) | named)
        return id

    def size(self) -> int:
        return sum(map(len, self.tables.values()))

    def write(self, library: Library, folder: Path, files: str = "parquet", encoding: str = "utf-8") -> Path:
        """A file for each entity that has rows, or that `tables` names; columns that some row has."""
        folder.mkdir(parents=True, exist_ok=True)
        for entity, rows in self.tables.items():
            path = folder / f"{file_stem(entity)}.{files}"
            if files == "csv":
                _write_csv(library, entity, rows, path, encoding)
            else:
                parquet.write_table(self.table(library, entity), path)
        return folder

    def table(self, library: Library, entity: str) -> arrow.Table:
        """The rows of an entity in the types that a population has them in."""
        rows, fields = self.tables[entity], fields_of(library, entity)
        columns = {}
        for name in _columns(library, entity, rows):
            kind = fields[name].kind
            values = [row.get(name) for row in rows]
            if kind == "id":
                whole = bool(rows) and all(isinstance(v, int) for v in values if v is not None)
                columns[name] = arrow.array(values, arrow.int64() if whole else arrow.string())
            else:
                typed = TYPES.get(kind, arrow.string())
                columns[name] = arrow.array([_value(kind, value) for value in values], typed)
        return arrow.table(columns)


def _columns(library: Library, entity: str, rows: list[dict[str, Any]]) -> list[str]:
    """Those that some row has, and ids; in the order of the vocabulary."""
    needed = {"measure", "subject"} if entity == "history" else {"id"}
    needed |= set(REFERENCES) if entity in (*WITH_PERSON, "base") else set()
    fields = fields_of(library, entity)
    found = {key for row in rows for key in row}
    assert found <= fields.keys(), f"{entity} has no {found - fields.keys()}"
    return [name for name in fields if name in found or name in needed]


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case "money" | "number" | "rate":
            text = str(value)
            number = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
            return number.quantize(Decimal("0.01") if kind == "money" else Decimal("0.000001"))
        case "count":
            return int(Decimal(str(value)))
        case "date":
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        case "boolean" | "set":
            return value
    return str(value)


def _write_csv(library: Library, entity: str, rows: list[dict[str, Any]], path: Path, encoding: str) -> None:
    fields = fields_of(library, entity)
    names = _columns(library, entity, rows)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in rows:
            writer.writerow([_text(_value(fields[n].kind, row.get(n))) for n in names])


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return ";".join(value)
        case bool():
            return str(value).lower()
    return str(value)


@dataclass
class Settler:
    """Turns cases into rows. Every party gets ids and numbers of its own, so that none meets another."""

    library: Library
    rows: Rows = field(default_factory=Rows)
    parties: int = 0

    def settle(self, case: Mapping[str, Any], kind: str = "", inline: bool = False) -> str:
        """Add the case's employer, persons, units and history; give the prefix of their ids.

        There is an employer, applicant or fund of which nothing is known where the case has none but it
        is the `kind` of unit. `inline`: the units carry their person's facts themselves. Where a case
        says of one person different things, its units do so anyway.
        """
        self.parties += 1
        if kind in ("employer", "person", "fund"):
            case = {SINGLES[kind]: {}} | dict(case)
        party = _Party(self, f"c{self.parties}", case, inline)
        party.add()
        return party.name


@dataclass
class _Party:
    settler: Settler
    name: str
    case: Mapping[str, Any]
    inline: bool
    names: dict[str, str] = field(default_factory=dict)
    persons: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        return self.settler.rows

    def add(self) -> None:
        case, region = self.case, str(self.case["region"])
        employer = person = None
        lists = {
            e.entity: case[e.case_key]
            for e in self.settler.library.entities.values()
            if e.rows and e.case_key in case
        }
        owned = any(entity in (*WITH_PERSON, "base") and units for entity, units in lists.items())
        if "employer" in case or owned:
            employer = self.known("employer", f"{self.name}-e")
            facts = {"insured_region": region} | self.facts(case.get("employer") or {})
            self.rows.add("employer", employer, **facts)
        if "applicant" in case:
            person = self.person(case["applicant"], "applicant", region)
        if "fund" in case:
            self.rows.add("fund", self.known("fund", f"{self.name}-f"), region=region, **(case["fund"] or {}))
        for entity, units in lists.items():
            for unit in units:
                self.unit(entity, unit, employer, person, region)
        for grant in case.get("history") or ():
            subject = self.names.get(str(grant["subject"]), grant["subject"])
            self.rows.add("history", **{**grant, "subject": subject})

    def known(self, name: str, as_: str) -> str:
        return self.names.setdefault(name, as_)

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts with identities that no other party has."""
        found = {
            key: value for key, value in facts.items() if value is not None and key not in ("id", "person")
        }
        for key in ("id_number", "uscc", "legal_representative_id"):
            if key in found:
                found[key] = self.identity(key, str(found[key]))
        return found

    def identity(self, key: str, given: str) -> str:
        if given not in self.names:
            serial = len(self.names) + 97 * self.settler.parties
            new = {
                "id_number": lambda: id_number(serial % 1000, _born(serial // 1000)),
                "uscc": lambda: uscc(serial),
            }
            self.names[given] = new[key]() if key in new else f"{self.name}-{given}"
        return self.names[given]

    def person(self, facts: Mapping[str, Any], place: str, region: str | None = None) -> str:
        given = str(facts["id"]) if facts.get("id") is not None else place
        id = self.known(given, f"{self.name}-{given}")
        self.known(place, id)
        own = ({"insured_region": region} if region else {}) | self.facts(facts)
        if id not in self.persons:
            self.persons[id] = own
            if not self.inline or region:
                self.rows.add("person", id, **own)
        return id

    def unit(
        self, entity: str, unit: Mapping[str, Any], employer: str | None, person: str | None, region: str
    ) -> None:
        id = self.known(str(unit["id"]), f"{self.name}-{unit['id']}")
        row = self.facts(unit)
        if entity in WITH_PERSON:
            facts = unit.get("person") or {}
            person = self.person(facts, f"{entity}-{unit['id']}")
            if self.inline or self.persons[person] != self.facts(facts):
                row |= {f"person__{key}": value for key, value in self.facts(facts).items()}
        if person is None and employer is None:
            person = self.person({}, "applicant", region)
        parents = {"employer_id": employer, "person_id": person}
        fields = fields_of(self.settler.library, entity)
        row |= {key: value for key, value in parents.items() if key in fields and value is not None}
        self.rows.add(entity, id, **row)


def _born(thousands: int) -> date:
    return date(1999, 1 + thousands % 12, 1 + thousands // 12 % 28)
