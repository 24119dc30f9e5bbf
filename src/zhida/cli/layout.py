"""Tables and headings on a terminal: Chinese aligned by display width, plain where colour is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 100


def console() -> Console:
    """Writes to stdout; text from policies is never markup. 100 columns where nobody set a width."""
    found = Console(markup=False, emoji=False, highlight=False)
    if not found.is_terminal:
        found.width = PIPED_WIDTH
    return found


def heading(text: str, style: str = "bold") -> Text:
    return Text(text, style=style)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()) -> Padding:
    """A table with a rule under its head; the columns named in `right` hold figures."""
    found = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 1))
    for index, name in enumerate(columns):
        last = index == len(columns) - 1
        justify = "right" if name in right else "left"
        found.add_column(name, justify=justify, no_wrap=name in right, overflow="fold", ratio=1 if last else None)
    for row in rows:
        found.add_row(*row)
    return Padding(found, (0, 0, 0, 2))


def fields(rows: Iterable[tuple[str, str]]) -> Padding:
    """Names and values side by side, values wrapped under themselves. Empty values are left out."""
    found = Table.grid(padding=(0, 2))
    found.add_column(no_wrap=True, style="dim")
    found.add_column(overflow="fold", ratio=1)
    for name, value in rows:
        if value:
            found.add_row(name, value)
    return Padding(found, (0, 0, 0, 2))
