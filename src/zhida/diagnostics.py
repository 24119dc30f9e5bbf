"""Errors as values: where in which text, a stable code, what is wrong and what to do about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open character range [start, end) in one expression's text."""

    start: int = 0
    end: int = 0


NOWHERE = Span()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong. `line` and `column` count from 1; 0 means the whole file."""

    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    length: int = 1
    source_line: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        return format_diagnostic(self)


def display_width(text: str) -> int:
    """Terminal cells that `text` takes: Chinese and full-width characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def format_diagnostic(diagnostic: Diagnostic) -> str:
    """`file:line:column: severity[code]: message`, the line, a caret under it, and the hint."""
    d = diagnostic
    place = ":".join(str(part) for part in (d.file, d.line, d.column) if part)
    lines = [f"{place}: {d.severity}[{d.code}]: {d.message}".removeprefix(": ")]
    if d.source_line:
        before = d.source_line[: d.column - 1]
        marked = d.source_line[d.column - 1 : d.column - 1 + d.length]
        lines.append("  " + d.source_line)
        lines.append("  " + " " * display_width(before) + "^" * max(1, display_width(marked)))
    if d.hint:
        lines.append(f"  hint: {d.hint}")
    return "\n".join(lines)
