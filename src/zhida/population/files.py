"""Which file of a folder holds which entity, before anything is read from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from zhida.population.problems import Problem
from zhida.population.schema import FileSchema

Format = Literal["parquet", "csv"]
FORMATS: tuple[Format, ...] = ("parquet", "csv")
MAGIC = b"PAR1"
SHORTEST = 12
"""Bytes: a Parquet file begins and ends with its magic and holds the length of its footer."""
OURS = frozenset({"manifest.json"})


@dataclass(frozen=True, slots=True)
class Found:
    """The files of one entity: one, or the parts of a folder in name order. `name` is for messages."""

    entity: str
    name: str
    format: Format
    paths: tuple[Path, ...]

    def label(self, path: Path) -> str:
        """How messages call one of the files."""
        return self.name if len(self.paths) == 1 and path.name == self.name else f"{self.name}/{path.name}"


def find_files(
    folder: Path, schemas: Mapping[str, FileSchema], wanted: Iterable[str]
) -> tuple[dict[str, Found], list[Problem]]:
    """The files of the wanted entities, and what is wrong with them as files."""
    found: dict[str, Found] = {}
    problems: list[Problem] = []
    for entity in wanted:
        choices = list(_choices(folder, schemas[entity]))
        if len(choices) > 1:
            names = ", ".join(choice.name for choice in choices)
            message = f"{len(choices)} files for the same entity ({names}); keep one"
            problems.append(Problem(choices[0].name, "file/twice", message))
        elif choices:
            found[entity] = choices[0]
            problems += _unreadable(choices[0])
    return found, problems


def folder_problem(folder: Path) -> Problem | None:
    """Why nothing can be read from `folder`, if so."""
    if not folder.exists():
        return Problem(str(folder), "folder/missing", "no such folder")
    if not folder.is_dir():
        message = "a file; expected a folder with one Parquet or CSV file for each entity"
        return Problem(str(folder), "folder/file", message)
    return None


def strangers(folder: Path, schemas: Mapping[str, FileSchema]) -> list[Problem]:
    """Entries of the folder that belong to no entity: they are not read."""
    stems = {schema.stem for schema in schemas.values()}
    known = stems | {f"{stem}.{ending}" for stem in stems for ending in FORMATS} | OURS
    return [
        Problem(path.name, "file/unknown", "belongs to no entity and is not read")
        for path in sorted(folder.iterdir())
        if path.name not in known and not path.name.startswith((".", "_"))
    ]


def _choices(folder: Path, schema: FileSchema) -> Iterator[Found]:
    for ending in FORMATS:
        path = folder / f"{schema.stem}.{ending}"
        if path.is_file():
            yield Found(schema.entity, path.name, ending, (path,))
        elif path.is_dir():  # as Spark writes it
            yield from _parts(path, schema.entity)
    if (folder / schema.stem).is_dir():
        yield from _parts(folder / schema.stem, schema.entity)


def _parts(folder: Path, entity: str) -> Iterator[Found]:
    for ending in FORMATS:
        paths = tuple(
            sorted(p for p in folder.glob(f"*.{ending}") if p.is_file() and not p.name.startswith((".", "_")))
        )
        if paths:
            yield Found(entity, folder.name, ending, paths)


def _unreadable(found: Found) -> Iterator[Problem]:
    for path in found.paths:
        name = found.label(path)
        try:
            problem = _file_problem(path, found.format)
        except OSError as error:
            yield Problem(name, "file/unreadable", error.strerror or str(error))
            continue
        if problem:
            yield Problem(name, *problem)


def _file_problem(path: Path, format: Format) -> tuple[str, str] | None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
        if not size:
            return "file/empty", "is empty (0 bytes)"
        if format == "csv":
            return ("file/not-csv", "is a Parquet file named .csv") if head == MAGIC else None
        if head != MAGIC:
            return "file/not-parquet", "is not a Parquet file"
        file.seek(max(0, size - len(MAGIC)))
        if size < SHORTEST or file.read() != MAGIC:
            return "file/cut-off", "is cut off: the end of the Parquet file is missing"
    return None
