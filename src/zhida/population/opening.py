"""A folder of Parquet or CSV files to sources; everything that cannot be read is told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from zhida.library import Library
from zhida.library.model import FactDef
from zhida.population.conversion import convert, expected_types, literal, quote
from zhida.population.encoding import copy_as_utf8, detect, header
from zhida.population.files import Found, find_files, folder_problem, strangers
from zhida.population.problems import PopulationError, Problem
from zhida.population.schema import (
    LOGICAL_TYPES,
    NEEDS_EMPLOYER,
    NO_ID,
    REFERENCES,
    FileSchema,
    file_stem,
    population_schema,
)
from zhida.population.source import Column, Population, Source

SMALL_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
"""Integer types whose every value is a BIGINT."""
SHAPE = """
    CASE WHEN type IN ('INT32', 'INT64')
          AND (starts_with(converted_type, 'INT_') OR starts_with(converted_type, 'UINT_')
               OR coalesce(converted_type, logical_type) IS NULL) THEN 'integer'
         ELSE concat_ws(' ', type, logical_type, converted_type, scale) END"""
"""SQL over `parquet_schema`: what must be the same in every part. Integers may have any width."""
BLANKS = "' 　\t'"


def open_population(
    connection: duckdb.DuckDBPyConnection,
    library: Library,
    folder: Path,
    entities: Iterable[str] | None = None,
) -> Population:
    """The population in `folder`: of `entities`, or of all that have a file there.

    Reads footers and headers of Parquet, and CSV files once for their encoding and number of rows;
    leaves nothing behind in `connection`. Raises PopulationError with everything wrong at this level.
    """
    if problem := folder_problem(folder):
        raise PopulationError([problem])
    schemas = population_schema(library)
    opener = _Opener(connection, schemas)
    try:
        return opener.open(folder, tuple(schemas if entities is None else entities))
    except BaseException:
        if opener.copies is not None:
            opener.copies.cleanup()
        raise


@dataclass(slots=True)
class _Raw:
    """A source whose columns have no logical type yet."""

    found: Found
    readable: tuple[Path, ...]
    scan: str
    types: dict[str, str]
    rows: int


@dataclass(slots=True)
class _Opener:
    connection: duckdb.DuckDBPyConnection
    schemas: Mapping[str, FileSchema]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    copies: TemporaryDirectory[str] | None = None

    def open(self, folder: Path, wanted: tuple[str, ...]) -> Population:
        found, problems = find_files(folder, self.schemas, wanted)
        self.problems += problems
        if not found and not problems:
            names = ", ".join(file_stem(entity) for entity in wanted)
            message = f"holds none of the files {names} (.parquet or .csv)"
            self.problems.append(Problem(str(folder), "folder/empty", message))
        self.fail()
        raws = {entity: raw for entity, files in found.items() if (raw := self.read(files)) is not None}
        self.fail()
        id_types = _id_types(raws)
        sources = {entity: self.source(raw, id_types) for entity, raw in raws.items()}
        self.fail()
        self.notes += strangers(folder, self.schemas)
        return Population(folder, sources, self.facts(), tuple(self.notes), self.copies)

    def facts(self) -> dict[tuple[str, str], FactDef]:
        fields = (field for schema in self.schemas.values() for field in schema.fields.values())
        return {(field.entity, field.key): field.fact for field in fields if field.fact is not None}

    def fail(self) -> None:
        if self.problems:
            raise PopulationError(self.problems)

    def read(self, found: Found) -> _Raw | None:
        try:
            return self.parquet(found) if found.format == "parquet" else self.csv(found)
        except duckdb.Error as error:
            self.problems.append(_engine_problem(found, error))
            return None

    def parquet(self, found: Found) -> _Raw | None:
        paths = _paths(found.paths)
        differ = len(found.paths) > 1 and self.differ(found, paths)
        union = ", union_by_name = true" if differ else ""
        scan = f"read_parquet({paths}, hive_partitioning = false{union})"
        types = {
            row[0]: row[1] for row in self.connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        }
        count = f"SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata({paths})"
        return _Raw(found, found.paths, scan, types, _number(self.connection, count))

    def differ(self, found: Found, paths: str) -> bool:
        """Whether the parts have different columns; a problem for each that changes its type."""
        sql = f"""
            SELECT name, list(DISTINCT shape), count(DISTINCT file_name)
            FROM (SELECT file_name, name, {SHAPE} AS shape
                  FROM parquet_schema({paths}) WHERE name <> 'duckdb_schema' OR type IS NOT NULL)
            GROUP BY name ORDER BY name"""
        rows = [row for row in self.connection.execute(sql).fetchall() if any(row[1])]
        for name, shapes, _ in rows:
            if len(shapes) > 1:
                message = f"has {len(shapes)} different types in the parts of the folder"
                self.problems.append(Problem(found.name, "column/types-differ", message, name))
        return any(files != len(found.paths) for _, _, files in rows)

    def csv(self, found: Found) -> _Raw | None:
        readable = [self.utf8(found, path) for path in found.paths]
        if any(path is None for path in readable):
            return None
        paths = tuple(path for path in readable if path is not None)
        headers = [header(path, "utf-8") for path in paths]
        for path, names in zip(found.paths, headers, strict=True):
            self.problems += _header_problems(found.label(path), names)
        if self.problems:
            return None
        scans = [_csv_scan([path], names) for path, names in zip(paths, headers, strict=True)]
        if len(set(headers)) == 1:
            scan = _csv_scan(paths, headers[0])
        else:
            scan = "(" + " UNION ALL BY NAME ".join(f"SELECT * FROM {part}" for part in scans) + ")"
        types = {name: "VARCHAR" for names in headers for name in names}
        rows = _number(self.connection, f"SELECT count(*) FROM (SELECT * FROM {scan})")
        return _Raw(found, paths, scan, types, rows)

    def utf8(self, found: Found, path: Path) -> Path | None:
        encoding = detect(path)
        if encoding.name == "utf-8":
            return path
        if encoding.name == "gb18030":
            if self.copies is None:
                self.copies = TemporaryDirectory(prefix="zhida-population-", ignore_cleanup_errors=True)
            copy = Path(self.copies.name) / f"{found.entity}-{path.name}"
            copy_as_utf8(path, copy)
            return copy
        what = "mixes UTF-8 and GBK" if encoding.mixed else "is neither UTF-8 nor GBK"
        message = f"{what}, found at line {encoding.line}; save it in one encoding"
        self.problems.append(Problem(found.label(path), "file/encoding", message))
        return None

    def source(self, raw: _Raw, id_types: Mapping[str, str]) -> Source:
        found = raw.found
        schema = self.schemas[found.entity]
        columns: dict[str, Column] = {}
        for name, physical in raw.types.items():
            if name in schema.fields and (column := self.column(found, name, physical, id_types)) is not None:
                columns[name] = column
        unknown = tuple(name for name in raw.types if name not in schema.fields)
        for name in unknown:
            self.notes.append(Problem(found.name, "column/unknown", "is not a fact of the entity", name))
        self.missing(schema, found.name, raw.types)
        return Source(
            found.entity,
            found.name,
            found.format,
            found.paths,
            raw.readable,
            raw.scan,
            columns,
            unknown,
            raw.rows,
        )

    def column(self, file: Found, name: str, physical: str, id_types: Mapping[str, str]) -> Column | None:
        field = self.schemas[file.entity].fields[name]
        id_type = id_types.get(REFERENCES.get(name, file.entity), "VARCHAR")
        sql = quote(name)
        if file.format == "csv":
            sql = f"NULLIF(trim({sql}, {BLANKS}), '')"
        found = convert(field.kind, physical, sql, id_type)
        if found is None:
            message = f"is {physical}, expected {expected_types(field.kind)}"
            self.problems.append(Problem(file.name, "column/type", message, name))
            return None
        return Column(
            name=name,
            entity=field.entity,
            key=field.key,
            kind=field.kind,
            physical=physical,
            logical=id_type if field.kind == "id" else LOGICAL_TYPES[field.kind],
            expression=found.expression,
            fits=found.fits,
            wrong=found.wrong,
        )

    def missing(self, schema: FileSchema, name: str, columns: Mapping[str, str]) -> None:
        needed = [] if schema.entity in NO_ID else ["id"]
        needed += ["employer_id"] if schema.entity in NEEDS_EMPLOYER else []
        for column in needed:
            if column not in columns:
                self.problems.append(Problem(name, "column/missing", "is missing", column))


def _id_types(raws: Mapping[str, _Raw]) -> dict[str, str]:
    """BIGINT for the entities whose rows every file names by an integer; a place is named by its code."""
    physical: dict[str, set[str]] = {}
    for entity, raw in raws.items():
        for column in ("id", *REFERENCES):
            if column in raw.types:
                physical.setdefault(REFERENCES.get(column, entity), set()).add(raw.types[column])
    return {
        entity: "BIGINT" if types <= SMALL_INTEGERS and entity != "place" else "VARCHAR"
        for entity, types in physical.items()
    }


def _paths(paths: Iterable[Path]) -> str:
    """An SQL list of paths, in which `*`, `?` and `[` are nothing but characters."""
    return "[" + ", ".join(literal(re.sub(r"([*?\[])", r"[\1]", str(path))) for path in paths) + "]"


def _csv_scan(paths: Iterable[Path], names: Iterable[str]) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    options = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'"
    return f"read_csv({_paths(paths)}, columns = {{{columns}}}, {options})"


def _header_problems(file: str, names: tuple[str, ...]) -> list[Problem]:
    if not names:
        return [Problem(file, "file/no-header", "has no header line")]
    folded = [name.casefold() for name in names]  # to the engine, Id and ID are one
    twice = sorted({name for name in names if folded.count(name.casefold()) > 1})
    return [Problem(file, "column/twice", "stands twice in the header", name) for name in twice]


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _engine_problem(found: Found, error: duckdb.Error) -> Problem:
    """What the engine could not read, without its advice on options that nobody here can set."""
    text = str(error)
    line, columns, file = (
        re.search(pattern, text)
        for pattern in (r"CSV Error on Line: (\d+)", r"Expected Number of Columns: (\d+)", r"file = (.+)")
    )
    name = found.label(Path(file[1])) if file else found.name
    if line and columns:
        what = f"line {line[1]} has not as many values as the header has names ({columns[1]})"
    elif line and "unterminated quote" in text:
        what = f'line {line[1]}: a " is not closed'
    else:
        what = text.strip().splitlines()[0][:200]
    return Problem(name, "file/unreadable", what)
