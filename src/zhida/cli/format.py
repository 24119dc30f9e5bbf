"""`zhida format`: policy files rewritten in their one canonical form."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import BaseModel

from zhida.cli import inputs
from zhida.decide.worked import Expectation, WorkedCases, unreadable
from zhida.diagnostics import Diagnostic
from zhida.library.canonical import canonical
from zhida.library.location import find_library
from zhida.library.model import DocumentDef, EntityDef, InterpretationDef, MeasureDef, TableDef, WorkdaysDef
from zhida.library.strict import Strict
from zhida.library.yaml_source import read_yaml, read_yaml_file

DIFFERS = 1


class Interpretations(Strict):
    """A file of interpretations."""

    interpretations: tuple[InterpretationDef, ...]


MODELS: dict[str, type[BaseModel]] = {
    "vocabulary": EntityDef,
    "interpretations": Interpretations,
    "standards": TableDef,
    "measures": MeasureDef,
    "documents": DocumentDef,
    "cases": WorkedCases,
}


def run(directory: str | None, check: bool) -> None:
    root = find_library(directory, os.environ)
    if not root.is_dir():
        inputs.fail_missing_directory(str(root))
    problems: list[Diagnostic] = []
    changed: list[Path] = []
    for path, model in policy_files(root):
        found = _formatted(path, model)
        if isinstance(found, list):
            problems += found
        elif found.encode() != path.read_bytes():
            changed.append(path)
            if not check:
                _replace(path, found)
    inputs.print_diagnostics(problems)
    _report(changed, check)
    if problems or (check and changed):
        raise typer.Exit(DIFFERS)


def policy_files(root: Path) -> Iterator[tuple[Path, type[BaseModel]]]:
    for folder, model in MODELS.items():
        for path in sorted((root / folder).rglob("*.yaml")):
            yield path, model


def _formatted(path: Path, model: type[BaseModel]) -> str | list[Diagnostic]:
    """The file's canonical text, or why it cannot be written."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return read_yaml_file(path).diagnostics
    except OSError as error:
        return [unreadable(path, error)]
    return canonical(text, str(path), _model(model, text), (Expectation,))


def _model(model: type[BaseModel], text: str) -> type[BaseModel]:
    """Among the standards there is one calendar."""
    if model is not TableDef:
        return model
    data = read_yaml(text, trusted=True).data
    return WorkdaysDef if isinstance(data, dict) and "calendar" in data else model


def _replace(path: Path, text: str) -> None:
    """In one step, so that a killed run leaves no half-written law."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)


def _report(changed: list[Path], check: bool) -> None:
    for path in changed:
        print(f"{'would reformat' if check else 'reformatted'} {path}")
    if check and changed:
        print(f"{len(changed)} policy files are not canonical; run: zhida format", file=sys.stderr)
