"""Library, case and options in; or every problem on stderr and the exit status that says so."""

from __future__ import annotations

import difflib
import gc
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

import typer

from zhida.decide.case import Case
from zhida.decide.fact_values import Wrong, parse_date
from zhida.decide.input import MAX_BYTES, Problem, read_case_bytes, shown
from zhida.decide.read import build_case
from zhida.diagnostics import Diagnostic
from zhida.library import Library
from zhida.library.cache import load_cached
from zhida.library.location import find_library
from zhida.standards.regions import is_region_code

BROKEN_LIBRARY = 1
BAD_INPUT = 2
STDIN = "-"


def open_library(directory: str | None, broken: int = BROKEN_LIBRARY) -> Library:
    """The checked library. One with errors is not decided with: they are printed, and that is the exit."""
    gc.disable()  # one short run: looking for garbage takes a quarter of the loading time
    library, diagnostics = load_cached(find_library(directory, os.environ), os.environ)
    errors = [d for d in diagnostics if d.severity == "error"]
    if errors:
        print_diagnostics(errors)
        raise typer.Exit(broken)
    return library


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        print(diagnostic, file=sys.stderr)


def fail(problems: Iterable[Problem]) -> NoReturn:
    """One line for each problem, and exit 2."""
    for problem in problems:
        print(problem, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


def fail_missing_directory(path: str) -> NoReturn:
    fail([Problem("DIR", "file/missing", f"no folder {path}", "a folder")])


@dataclass(slots=True)
class Overrides:
    """`--region`, `--on` and `--measure` as typed in, and what was wrong with them."""

    region: str | None = None
    on: date | None = None
    measures: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    def refuse(self, option: str, code: str, found: str, expected: str) -> None:
        self.problems.append(Problem(f"--{option}", code, shown(found), expected))
        self.bad.add(option)


def read_overrides(
    library: Library, region: str | None, on: str | None, measures: Iterable[str] = ()
) -> Overrides:
    found = Overrides()
    if region is not None and not is_region_code(region):
        found.refuse("region", "region/malformed", region, "six digits of GB/T 2260 such as 621025")
    elif region is not None:
        found.region = region
    if on is not None:
        try:
            found.on = parse_date(on)
        except Wrong as wrong:
            found.refuse("on", wrong.code, on, wrong.expected)
    for measure in measures:
        key = measure_key(library, measure)
        if key is None:
            found.refuse("measure", "option/unknown-measure", measure, measure_hint(library, measure))
        else:
            found.measures += (key,)
    return found


def measure_key(library: Library, wanted: str) -> str | None:
    """The key of the measure that is called so, by its key, name or alias."""
    for key, measure in library.measures.items():
        definition = measure.definition
        if wanted in (key, definition.name, *definition.aliases):
            return key
    return None


def measure_hint(library: Library, wanted: str) -> str:
    names = {d.name: key for key, m in library.measures.items() for d in (m.definition,)}
    near = difflib.get_close_matches(wanted, [*library.measures, *names], 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "see zhida catalogue"
    return f"a measure of the library ({hint})"


def require_measure(library: Library, wanted: str) -> str:
    """The measure's key; exit 2 where there is none."""
    key = measure_key(library, wanted)
    if key is None:
        code = "option/unknown-measure"
        fail([Problem("MEASURE", code, shown(wanted), measure_hint(library, wanted))])
    return key


def read_case(library: Library, path: str, overrides: Overrides) -> Case:
    """The case under its overrides; else all that is wrong with the options and the case, exit 2."""
    problems = list(overrides.problems)
    data = read_data(path, problems)
    if data is None:
        fail(problems)
    case, found = build_case(library, data, overrides.region, overrides.on)
    problems += [p for p in found if p.path not in overrides.bad]
    if case is None or problems:
        fail(problems)
    return case


def read_data(path: str, problems: list[Problem]) -> Mapping[str, Any] | None:
    """The mapping that a case file holds; None, and why added to `problems`, where it holds none."""
    content = _read_bytes(path)
    if isinstance(content, Problem):
        problems.append(content)
        return None
    raw = read_case_bytes(content, "stdin" if path == STDIN else path)
    problems += raw.problems
    return None if raw.problems else raw.data


def _read_bytes(path: str) -> bytes | Problem:
    """A file's bytes, never more than one over the limit."""
    expected = "a JSON or YAML file, or - for standard input"
    try:
        if path == STDIN:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return Problem(path, "file/directory", "a directory", expected)
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size:,} bytes"
            return Problem(path, "file/too-large", size, f"at most {MAX_BYTES:,} (one case)")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Problem(path, "file/missing", "no such file", expected)
    except OSError as error:
        return Problem(path, "file/unreadable", error.strerror or str(error), expected)
