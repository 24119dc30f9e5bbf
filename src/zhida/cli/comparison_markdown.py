"""A comparison as a Markdown table: each value with its source."""

from __future__ import annotations

from collections.abc import Iterator

from zhida.guide.comparison import NOWHERE, ComparedCell, ComparedLine, ComparisonText, comparison_text
from zhida.library import Library
from zhida.library.comparison import Comparison

ESCAPES = str.maketrans({"\\": r"\\", "|": r"\|", "\n": "<br>", "<": "&lt;", "*": r"\*", "_": r"\_"})


def to_markdown(library: Library, found: Comparison) -> str:
    measure = library.measures[found.measure].definition
    title = f"# {measure.name}（{found.measure}）\n\n"
    if not found.variants:
        return title + "收录的文件没有规定这项措施。\n"
    return title + "\n".join(_lines(comparison_text(library, found))) + "\n"


def _lines(shown: ComparisonText) -> Iterator[str]:
    columns = shown.columns
    heads = [dict(column.head) for column in columns]
    yield _row(["", "", *(f"{c.letter} {c.region}" + (f" {c.on}" if c.on else "") for c in columns)])
    yield _row(["---"] * (len(columns) + 2))
    for name in ("地区", "文件", "条款", "名称", "状态"):
        yield _row(["", name, *(_text(head.get(name, NOWHERE)) for head in heads)])
    for group in shown.groups:
        yield _row(["", f"**{group.name}**", *("" for _ in columns)])
        for line in group.lines:
            cells = [_cell(line, cell) for cell in line.cells]
            yield _row(["≠" if line.differs else "", _text(line.name), *cells])
    yield ""
    yield "≠：各列不同。"


def _cell(line: ComparedLine, cell: ComparedCell | None) -> str:
    if cell is None:
        return NOWHERE
    source = cell.source if line.group in ("figure", "standard") else ""
    return _text(cell.text) + (f"<br><sub>{_text(source)}</sub>" if source else "")


def _text(text: str) -> str:
    return text.translate(ESCAPES)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
