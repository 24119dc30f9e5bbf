"""A comparison as a Markdown table: each value with its source."""

from __future__ import annotations

from collections.abc import Iterator

from zhida.guide.comparison import GROUPS, NOWHERE, cell_text, head_lines, letter, source_text
from zhida.library import Library, Rule
from zhida.library.comparison import Cell, Comparison, Line

ESCAPES = str.maketrans({"\\": r"\\", "|": r"\|", "\n": "<br>", "<": "&lt;", "*": r"\*", "_": r"\_"})


def to_markdown(library: Library, found: Comparison) -> str:
    measure = library.measures[found.measure].definition
    title = f"# {measure.name}（{found.measure}）\n\n"
    if not found.variants:
        return title + "收录的文件没有规定这项措施。\n"
    return title + "\n".join(_lines(library, found)) + "\n"


def _lines(library: Library, found: Comparison) -> Iterator[str]:
    heads = [dict(head_lines(library, variant)) for variant in found.variants]
    titles = [f"{letter(i)} {v.region}" + (f" {v.on}" if v.on else "") for i, v in enumerate(found.variants)]
    yield _row(["", "", *titles])
    yield _row(["---"] * (len(titles) + 2))
    for name in ("地区", "文件", "条款", "名称", "状态"):
        yield _row(["", name, *(_text(head.get(name, NOWHERE)) for head in heads)])
    group = ""
    for line in found.lines:
        if line.group != group:
            group = line.group
            yield _row(["", f"**{GROUPS[group]}**", *("" for _ in titles)])
        pairs = zip(found.variants, line.cells, strict=True)
        cells = [_cell(library, variant.rule, line, cell) for variant, cell in pairs]
        yield _row(["≠" if line.differs else "", _text(line.name), *cells])
    yield ""
    yield "≠：各列不同。"


def _cell(library: Library, rule: Rule | None, line: Line, cell: Cell | None) -> str:
    if rule is None or cell is None:
        return NOWHERE
    source = source_text(rule, line, cell) if line.group in ("figure", "standard") else ""
    return _text(cell_text(library, cell)) + (f"<br><sub>{_text(source)}</sub>" if source else "")


def _text(text: str) -> str:
    return text.translate(ESCAPES)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
