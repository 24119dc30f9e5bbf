"""The registry of a region as a population: a folder of Parquet that `zhida screen` reads.

Rows are streamed as lines of JSON, read by DuckDB, checked and given the types of the vocabulary. Employers
go by their number and persons by the keyed hash of theirs, as in every case: no name, no identity number,
nothing that is sealed in the database.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import Q

from zhida.folder import new_folder
from zhida.library.model import EntityDef
from zhida.population import open_population, verify
from zhida.population.conversion import literal, quote
from zhida.population.schema import NEEDS_EMPLOYER, FileSchema, population_schema
from zhida.service.accounts.scope import within
from zhida.service.law import library
from zhida.service.proactive.needs import Needs
from zhida.service.registry.models import Employer, Person, Record

CHUNK = 5_000
AS_JSON = {"boolean": "BOOLEAN", "set": "VARCHAR[]"}
"""How DuckDB reads a kind of fact from JSON: the rest as text, for the population to convert."""
DIGEST = "registry.sha3"
PLACES = ("insured_region", "region")
Row = dict[str, Any]


def folder_of(run: int) -> Path:
    """Where a run keeps its population and its screening."""
    return Path(settings.MEDIA_ROOT) / "screenings" / str(run)


def forget(run: int) -> None:
    shutil.rmtree(folder_of(run), ignore_errors=True)


def places_of(region: str) -> list[str]:
    """Where the parties of a region and below belong."""
    found = {region}
    for model in (Employer, Person):
        rows = model.objects.filter(**within("region", region)).order_by("region")
        found.update(rows.values_list("region", flat=True).distinct())
    return sorted(found)


def export(region: str, target: Path, wanted: Needs) -> str:
    """Write the parties of a region and below, and what is known of them; the digest of the whole.

    `wanted` is what the provisions read: nothing else leaves the database. What stands
    at `target` is replaced when all is written. Raises PopulationError for facts that the vocabulary does not
    know how to read.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with new_folder(target, replace=True) as partial, duckdb.connect() as connection:
        lines, raw = partial / ".lines", partial / ".raw"
        lines.mkdir()
        raw.mkdir()
        with _one_moment():
            digest, columns = _write_lines(region, lines, wanted)
        for entity, names in columns.items():
            _load(connection, lines, raw, population_schema(library())[entity], names)
        _type(connection, raw, partial)
        shutil.rmtree(lines)
        shutil.rmtree(raw)
        (partial / DIGEST).write_text(digest, encoding="ascii")
    return digest


def digest_in(folder: Path) -> str:
    """Of what stands there; empty where nothing does."""
    try:
        return (folder / DIGEST).read_text(encoding="ascii")
    except OSError:
        return ""


@contextmanager
def _one_moment() -> Iterator[None]:
    """All tables as they are at one moment, whatever is imported meanwhile."""
    with transaction.atomic():
        if database.vendor == "postgresql" and len(database.savepoint_ids) == 0:
            with database.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _write_lines(region: str, folder: Path, wanted: Needs) -> tuple[str, dict[str, set[str]]]:
    """A file of lines for each entity that has rows; the digest of all, and the columns of each."""
    digest, columns = hashlib.sha3_256(), {}
    for entity, rows in _entities(region, wanted):
        seen: set[str] = set()
        with (folder / f"{entity}.jsonl").open("w", encoding="utf-8") as file:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, sort_keys=True)
                file.write(line + "\n")
                digest.update(f"{entity} {line}\n".encode())
                seen.update(row)
        if seen or entity == "employer":  # a population without any file is none
            columns[entity] = seen or {"id"}
    return digest.hexdigest(), columns


def _entities(region: str, wanted: Needs) -> Iterator[tuple[str, Iterable[Row]]]:
    seen = _Seen(region, wanted)
    parties = {"employer": seen.employers, "person": seen.persons}
    for entity in library().entities.values():
        if entity.entity in wanted and entity.entity not in (*parties, "history"):
            yield entity.entity, seen.records(entity)
    # Known once the records are read: whom they name, and what history may call them.
    for name, rows in parties.items():
        if name in wanted:
            yield name, rows()
    yield "history", seen.history(library().entities["history"])


class _Seen:
    """Reads the registry of a region, and remembers which parties its rows name."""

    def __init__(self, region: str, wanted: Needs) -> None:
        self.wanted = wanted
        self.within = within("region", region)
        self.owners = {f"employer__{path}": value for path, value in self.within.items()}
        self.people = {f"person__{path}": value for path, value in self.within.items()}
        self.named: set[str] = set()
        self.keys: set[str] = set()
        self.representatives: set[str] = set()
        self.hashes: set[str] = set()

    def records(self, definition: EntityDef) -> Iterator[Row]:
        """Of the region's employers; of its persons, where no employer owns the row."""
        schema = population_schema(library())[definition.entity]
        mine = Q(**self.owners) if self.owners else Q()
        if definition.entity in ("place", "fund"):
            mine = Q()
        elif definition.entity not in NEEDS_EMPLOYER:
            mine |= Q(**self.people, person__isnull=False)
        keys = frozenset(fact.key for fact in definition.facts)
        found = Record.objects.filter(mine, entity=definition.entity).order_by("key")
        fields = ("key", "facts", "employer__number", "employer__region", "person__number_hash")
        for key, facts, employer, home, person in found.values_list(*fields).iterator(CHUNK):
            row = {"id": key, **_known(facts, keys)}
            if employer and "employer_id" in schema.fields and self._is_here(home):
                row["employer_id"] = employer
            if person and "person_id" in schema.fields:
                row["person_id"] = person
                self.named.add(person)
            self.keys.add(key)
            yield row

    def _is_here(self, region: str) -> bool:
        [wanted] = self.within.values() or (None,)
        if isinstance(wanted, tuple):
            return bool(wanted[0] <= region <= wanted[1])
        return wanted is None or wanted == region

    def employers(self) -> Iterator[Row]:
        keys = self.wanted["employer"] | {*PLACES, "legal_representative_id"}
        found = Employer.objects.filter(**self.within).order_by("number")
        for number, name, region, facts in found.values_list("number", "name", "region", "facts").iterator(
            CHUNK
        ):
            row = {**_known(facts, keys), "id": number, "uscc": number, "name": name}
            if representative := row.get("legal_representative_id"):
                self.representatives.add(str(representative))
            yield _placed(row, region)

    def persons(self) -> Iterator[Row]:
        """Those of the region, and whom its employers' rows name wherever they are insured."""
        keys = frozenset(fact.key for fact in library().entities["person"].facts)
        fields = ("number_hash", "region", "facts")
        inside = Person.objects.filter(**self.within).order_by("number_hash")
        for number, region, facts in inside.values_list(*fields).iterator(CHUNK):
            self.hashes.add(number)
            yield _placed({**_known(facts, keys), "id": number}, region)
        others = sorted(self.named - self.hashes)
        for start in range(0, len(others), 500):
            chunk = Person.objects.filter(number_hash__in=others[start : start + 500])
            for number, _region, facts in chunk.order_by("number_hash").values_list(*fields):
                self.hashes.add(number)
                yield {**_known(facts, keys), "id": number}

    def history(self, definition: EntityDef) -> Iterator[Row]:
        """Past grants, each under the name by which a case knows who got it."""
        keys = frozenset(fact.key for fact in definition.facts)
        known = self.keys | self.representatives
        found = Record.objects.filter(entity="history").order_by("key")
        fields = ("facts", "employer__number", "employer__region", "person__number_hash")
        for facts, employer, home, person in found.values_list(*fields).iterator(CHUNK):
            subject = str(facts.get("subject", ""))
            if subject not in known:
                subject = person or (employer if employer and self._is_here(home) else "")
                if not subject or (subject == person and person not in self.hashes):
                    continue
            yield {**_known(facts, keys), "subject": subject}


def _known(facts: Mapping[str, Any], keys: frozenset[str]) -> Row:
    """What the vocabulary still has; JSON's own numbers become text, every digit kept."""
    return {key: value for key, value in facts.items() if key in keys and value is not None}


def _placed(row: Row, region: str) -> Row:
    """A party whose facts do not say where it is belongs where the registry has it."""
    return row if any(row.get(key) for key in PLACES) else {**row, "insured_region": region}


def _load(
    connection: duckdb.DuckDBPyConnection, lines: Path, raw: Path, schema: FileSchema, names: set[str]
) -> None:
    """Lines to Parquet, as text."""
    wanted = [field for name, field in schema.fields.items() if name in names]
    types = ", ".join(
        f"{literal(field.name)}: {literal(AS_JSON.get(field.kind, 'VARCHAR'))}" for field in wanted
    )
    columns = ", ".join(quote(field.name) for field in wanted)
    source, path = lines / f"{schema.entity}.jsonl", raw / f"{schema.stem}.parquet"
    connection.execute(
        f"COPY (SELECT {columns} FROM read_json({literal(str(source))}, format = 'newline_delimited', "
        f"columns = {{{types}}})) TO {literal(str(path))} (FORMAT parquet)"
    )


def _type(connection: duckdb.DuckDBPyConnection, raw: Path, target: Path) -> None:
    """Text to the types of the vocabulary; every value that does not fit is reported."""
    with open_population(connection, library(), raw) as population:
        verify(connection, population)
        for source in population.sources.values():
            path = target / source.files[0].name
            query = source.select(source.columns)
            connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet)")
