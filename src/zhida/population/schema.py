"""The columns of every population file, taken from the vocabulary: names, kinds, logical types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zhida.library import Library
from zhida.library.model import EntityDef, FactDef

LOGICAL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "money": "DECIMAL(18,2)",
        "count": "BIGINT",
        "number": "DECIMAL(18,6)",
        "rate": "DECIMAL(18,6)",
        "boolean": "BOOLEAN",
        "date": "DATE",
        "text": "VARCHAR",
        "choice": "VARCHAR",
        "code": "VARCHAR",
        "region": "VARCHAR",
        "set": "VARCHAR[]",
    }
)
"""Kind of a fact → DuckDB type of its column once it is read. An id is BIGINT or VARCHAR."""

REFERENCES = MappingProxyType({"employer_id": "employer", "person_id": "person"})
"""Column that names a row of another file → the entity of that file."""

OPTIONAL_EMPLOYER = frozenset({"person", "certificate", "venture"})
"""Entities whose rows may say for which employer the person works, though none owns them."""

NEEDS_EMPLOYER = frozenset({"hire", "internship", "placement", "base"})
"""Entities whose rows are nothing without the employer that they belong to."""

NO_ID = frozenset({"history"})
"""Entities whose rows nothing names."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column that a file may have.

    `entity` and `key` say which fact it holds; `name` is the column: `hired_on`, or
    `person.graduated_on` for the person's fact beside the hire. `kind` is the kind of the fact, or `id`.
    """

    name: str
    entity: str
    key: str
    kind: str
    fact: FactDef | None = None


@dataclass(frozen=True, slots=True)
class FileSchema:
    """The file of one entity: `stem` is its name without `.parquet` or `.csv`."""

    entity: str
    stem: str
    fields: Mapping[str, Field]

    @property
    def references(self) -> tuple[str, ...]:
        """The id columns that name rows of other files."""
        return tuple(name for name in REFERENCES if name in self.fields)


def file_stem(entity: str) -> str:
    """employer → employers; history stays history."""
    return entity if entity == "history" else f"{entity}s"


def population_schema(library: Library) -> Mapping[str, FileSchema]:
    """The schema of every file, by entity, in the order of the vocabulary."""
    schemas = {}
    for entity in library.entities.values():
        fields = {field.name: field for field in _fields(library, entity)}
        schemas[entity.entity] = FileSchema(entity.entity, file_stem(entity.entity), fields)
    return schemas


def _fields(library: Library, entity: EntityDef) -> Iterator[Field]:
    name = entity.entity
    yield Field("id", name, "id", "id")
    parents = set(entity.parents) | ({"employer"} if name in OPTIONAL_EMPLOYER else set())
    for column, parent in REFERENCES.items():
        if parent in parents:
            yield Field(column, name, column, "id")
    keys = {fact.key for fact in entity.facts}
    if name == "fund" and "region" not in keys:
        yield Field("region", name, "region", "region")  # a fund belongs to a place; no fact says so
    for fact in entity.facts:
        if fact.key != "id":
            yield Field(fact.key, name, fact.key, fact.type, fact)
    for parent in ("employer", "person"):
        if parent in parents and parent in library.entities:
            for fact in library.entities[parent].facts:
                if fact.key != "id":
                    yield Field(f"{parent}.{fact.key}", parent, fact.key, fact.type, fact)
