"""The sources of a population: what to scan, and each column's way to its logical type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from zhida.library.model import FactDef
from zhida.population.conversion import quote
from zhida.population.files import Format
from zhida.population.problems import Problem


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a file has.

    `entity` and `key` say whose fact it is; `physical` is its DuckDB type in the file, `logical` that of
    `expression`, which is SQL over the source's scan and the bare quoted name where nothing is to do.
    `fits` is SQL, true where a value that is not NULL converts ("" where every value does);
    `wrong` completes the message "3 values …".
    """

    name: str
    entity: str
    key: str
    kind: str
    physical: str
    logical: str
    expression: str
    fits: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one entity.

    `files` are the originals, `readable` the same or their UTF-8 copies; `scan` is an SQL table expression
    over `readable`. `unknown` are columns that no fact has. `name` is for messages.
    """

    entity: str
    name: str
    format: Format
    files: tuple[Path, ...]
    readable: tuple[Path, ...]
    scan: str
    columns: Mapping[str, Column]
    unknown: tuple[str, ...] = ()
    rows: int = 0

    def label(self, path: str | None) -> str:
        """How messages call one of the files that the scan reads."""
        return self.name if path is None or len(self.files) == 1 else f"{self.name}/{Path(path).name}"

    def select(self, names: Iterable[str], where: str = "") -> str:
        """A query that reads these columns and no others, as logical types. KeyError: no such column."""
        wanted = (self.columns[name] for name in names)
        items = ", ".join(f"{column.expression} AS {quote(column.name)}" for column in wanted)
        return f"SELECT {items} FROM {self.scan}" + (f" WHERE {where}" if where else "")


@dataclass(slots=True)
class Population:
    """The sources of a folder by entity; an entity without a file has none. Close it when done.

    `facts` are those of the vocabulary by entity and key.
    """

    folder: Path
    sources: Mapping[str, Source]
    facts: Mapping[tuple[str, str], FactDef] = field(repr=False)
    notes: tuple[Problem, ...] = ()
    copies: TemporaryDirectory[str] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Remove the UTF-8 copies of GBK files, if any were needed."""
        if self.copies is not None:
            self.copies.cleanup()

    def __enter__(self) -> Population:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
