"""What `zhida population check` found, as tables for a reader and as JSON for a program."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from zhida.cli import layout
from zhida.population.check import ColumnReport, FileReport, Report
from zhida.population.problems import Problem


def to_json(report: Report) -> dict[str, Any]:
    return {
        "folder": str(report.folder),
        "files": [_file_json(file) for file in report.files],
        "errors": [_problem_json(problem) for problem in report.errors],
        "notes": [_problem_json(problem) for problem in report.notes],
    }


def print_report(out: Console, report: Report) -> None:
    for file in report.files:
        _print_file(out, file)
    _print_problems(out, "notes", report.notes)
    _print_problems(out, "errors", report.errors)
    rows = sum(file.source.rows for file in report.files)
    counts = {"file": len(report.files), "row": rows, "error": len(report.errors)}
    out.print("\n" + ", ".join(f"{n:,} {noun}{'s' if n != 1 else ''}" for noun, n in counts.items()))


def _file_json(file: FileReport) -> dict[str, Any]:
    source = file.source
    return {
        "entity": source.entity,
        "file": source.name,
        "format": source.format,
        "parts": len(source.files),
        "rows": source.rows,
        "columns": [_column_json(source.rows, column) for column in file.columns],
        "unknown_columns": list(source.unknown),
    }


def _column_json(rows: int, report: ColumnReport) -> dict[str, Any]:
    column = report.column
    return {
        "name": column.name,
        "kind": column.kind,
        "physical": column.physical,
        "logical": column.logical,
        "given": report.given,
        "absent": rows - report.given,
        "least": _text(report.least),
        "greatest": _text(report.greatest),
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "column": problem.column or None,
        "code": problem.code,
        "count": problem.count,
        "row": problem.row,
        "example": problem.example,
        "message": str(problem),
    }


def _print_file(out: Console, file: FileReport) -> None:
    source = file.source
    parts = f" in {len(source.files)} parts" if len(source.files) > 1 else ""
    layout.print_heading(out, f"{source.name}: {source.rows:,} rows{parts}")
    rows = [
        (
            report.column.name,
            report.column.physical,
            _share(report.given, source.rows),
            _text(report.least) or "",
            _text(report.greatest) or "",
        )
        for report in file.columns
    ]
    layout.print_table(
        out, ("column", "type", "given", "least", "greatest"), rows, ("given", "least", "greatest")
    )


def _print_problems(out: Console, title: str, problems: tuple[Problem, ...]) -> None:
    if problems:
        layout.print_heading(out, f"{title}: {len(problems)}")
    for problem in problems:
        layout.print_wrapped(out, str(problem), 2, 2)


def _share(given: int, rows: int) -> str:
    """Rounded down, so that 100 % means every row."""
    return f"{given * 1000 // rows / 10:g} %" if rows else "·"


def _text(value: Any) -> str | None:
    """Numbers without the zeros that only their type gives them."""
    if value is None:
        return None
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
