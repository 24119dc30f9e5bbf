"""Tables, headings and wrapped text on a terminal: Chinese takes two columns and keeps its punctuation."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from zhida.diagnostics import display_width

PIPED_WIDTH = 100
INDENT = "  "
GAP = "  "
NARROWEST = 16
NOT_FIRST = frozenset("，。、；：？！）〕》”’％%)]},.;:")
NOT_LAST = frozenset("（〔《“‘([{")


def console() -> Console:
    """Writes to stdout; text from policies is never markup. 100 columns where it is no terminal."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(markup=False, emoji=False, highlight=False, soft_wrap=True, width=width)


def print_heading(out: Console, text: str, style: str = "bold") -> None:
    out.print()
    out.print(Text(text, style=style))


def print_table(
    out: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()
) -> None:
    """Columns as wide as they need; where that is too wide, the widest are wrapped. `right` holds figures."""
    cells = [columns, *rows]
    natural = [max(_widest(row[i]) for row in cells) for i in range(len(columns))]
    fixed = [name in right or not name for name in columns]
    widths = fit(natural, fixed, out.width - len(INDENT) - len(GAP) * (len(columns) - 1))
    align = [name in right for name in columns]
    lines = list(_row_lines(columns, widths, align))
    out.print(Text(INDENT + lines[0], style="dim"))
    out.print(Text(INDENT + "─" * (sum(widths) + len(GAP) * (len(widths) - 1)), style="dim"))
    for row in cells[1:]:
        for line in _row_lines(row, widths, align):
            out.print(INDENT + line)


def print_fields(out: Console, rows: Iterable[tuple[str, str]], indent: int = 2) -> None:
    """Names and values side by side, values wrapped under themselves. Empty values are left out."""
    shown = [(name, value) for name, value in rows if value]
    names = max((display_width(name) for name, _ in shown), default=0)
    for name, value in shown:
        lines = wrap(value, out.width - indent - names - len(GAP))
        for label, line in zip_longest([name], lines, fillvalue=""):
            out.print(f"{' ' * indent}{pad(label, names)}{GAP}{line}".rstrip())


def print_wrapped(out: Console, text: str, indent: int = 0, hanging: int = 0, style: str = "") -> None:
    """One paragraph; its later lines stand `hanging` columns further in than its first."""
    first, *later = wrap(text, out.width - indent - hanging)
    out.print(Text(" " * indent + first, style=style))
    for line in later:
        out.print(Text(" " * (indent + hanging) + line, style=style))


def print_packed(out: Console, items: Iterable[str]) -> None:
    """Items side by side, as many on a line as fit."""
    line = ""
    for item in items:
        if line and display_width(line) + len(GAP) + display_width(item) > out.width - len(INDENT):
            out.print(INDENT + line)
            line = ""
        line = f"{line}{GAP}{item}" if line else item
    if line:
        out.print(INDENT + line)


def fit(natural: Sequence[int], fixed: Sequence[bool], budget: int) -> list[int]:
    """Widths that together fit the budget: the widest column that may wrap gives way first."""
    widths = list(natural)
    while sum(widths) > budget:
        candidates = [i for i, width in enumerate(widths) if not fixed[i] and width > NARROWEST]
        if not candidates:
            break
        widths[max(candidates, key=lambda i: widths[i])] -= 1
    return widths


def _widest(cell: str) -> int:
    return max((display_width(line) for line in cell.splitlines()), default=0)


def _row_lines(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    wrapped = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        padded = (pad(part, w, r) for part, w, r in zip(parts, widths, right, strict=True))
        yield GAP.join(padded).rstrip()


def pad(text: str, width: int, right: bool = False) -> str:
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; no line begins with closing punctuation or splits a word."""
    return [line for part in text.splitlines() for line in _wrap_line(part, width)] or [""]


def _wrap_line(text: str, width: int) -> Iterator[str]:
    while display_width(text) > width:
        end = _break(text, width)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def _break(text: str, width: int) -> int:
    """The last place at or before `width` where a line may end; the very width where there is none."""
    used, longest = 0, 1
    for index, character in enumerate(text):
        used += display_width(character)
        if used > width:
            break
        longest = index + 1
    return next((end for end in range(longest, longest // 2, -1) if _may_break(text, end)), longest)


def _may_break(text: str, end: int) -> bool:
    before, after = text[end - 1], text[end]
    if after in NOT_FIRST or before in NOT_LAST:
        return False
    return not (before.isascii() and after.isascii() and before != " " and after != " ")
