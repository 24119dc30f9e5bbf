"""The one way to write a policy file, so that a diff reads as an amendment and nothing else.

Keys stand in the order of the models. A list item of a nested mapping starts on its own line, small
records and short lists take one line of at most 110 columns, expressions of several lines a `|-` block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.tokens import CommentToken

from zhida.diagnostics import Diagnostic, display_width
from zhida.library.model import (
    CitedFigure,
    ExclusionDef,
    FromHistory,
    ParameterDef,
    ReportedFigure,
    StageDef,
    TableColumn,
    TableKey,
    Window,
)
from zhida.library.procedure import Step
from zhida.library.yaml_source import YamlSource, read_yaml

WIDTH = 110
ONE_LINE = (
    CitedFigure,
    ExclusionDef,
    FromHistory,
    ParameterDef,
    ReportedFigure,
    StageDef,
    Step,
    TableColumn,
    TableKey,
    Window,
)
"""Small records: on one line where they fit."""

ALWAYS_BLOCK = ("figures",)
"""A figure that changes is a line that changes."""

SPECIAL = r"?:#\[\]{},&*!|>'\"%@`"
SAFE = re.compile(rf"[^\W\d_](?:[^{SPECIAL}]*[^\s{SPECIAL}])?")
"""Text that is plain in every place; what else is plain is found by reading it back, which is slow."""

KEYWORDS = frozenset({"null", "true", "false"})

Shape = type[BaseModel] | type[dict[str, Any]] | None
"""A model, `dict` for the rows of a table, or None where keys are free."""


def canonical(
    text: str, file: str, model: type[BaseModel] | None, small: tuple[type[BaseModel], ...] = ()
) -> str | list[Diagnostic]:
    """The file's canonical text, or why it cannot be written. `small` adds records for one line."""
    source = read_yaml(text, file, trusted=True)
    problems = source.diagnostics or list(_comments(source))
    data = {} if source.data is None else source.data
    if not problems and not isinstance(data, dict):
        problems = [source.problem((), "shape/value", "found no mapping in this file")]
    if problems:
        return problems
    return to_yaml(data, model, small)


def to_yaml(
    data: Mapping[str, Any], model: type[BaseModel] | None = None, small: tuple[type[BaseModel], ...] = ()
) -> str:
    """Plain data (mappings, lists, texts, decimals, booleans, days) as canonical YAML."""
    lines = _Emitter((*ONE_LINE, *small)).mapping(data, model, 0) or ["{}"]
    return "\n".join(lines) + "\n"


def _comments(source: YamlSource) -> Iterator[Diagnostic]:
    """A comment has no place in the data, so it would be lost."""
    if not re.search(r"(^|\s)#", source.text, re.MULTILINE):
        return
    for token in YAML().scan(source.text):
        for comment in filter(None, (getattr(token, "_comment", None) or [])):
            for part in comment if isinstance(comment, list) else [comment]:
                if isinstance(part, CommentToken) and part.value.strip():
                    line = part.start_mark.line + 1
                    yield Diagnostic(
                        "format/comment",
                        "found a comment, which formatting would lose",
                        "say it in notes: or in the text of an interpretation",
                        file=source.file,
                        line=line,
                        column=part.start_mark.column + 1,
                        source_line=source.line_text(line),
                    )


class _Emitter:
    """Data to lines. `small` are the models that take one line where they fit."""

    def __init__(self, small: tuple[type[BaseModel], ...]) -> None:
        self.small = small

    def mapping(self, data: Mapping[str, Any], shape: Shape, indent: int) -> list[str]:
        lines: list[str] = []
        shapes = _shapes(shape)
        for key in sorted(data, key=_order(shapes, list(data))):
            lines += self.entry(key, data[key], shapes.get(key), indent)
        return lines

    def entry(self, key: str, value: Any, shape: Shape, indent: int) -> list[str]:
        head = f"{' ' * indent}{scalar(key)}:"
        match value:
            case str() if "\n" in value:
                return _literal(head, value, indent)
            case dict() | list() if value:
                line = f"{head} {self.flow(value, shape)}"
                if self.fits(key, value, shape, line):
                    return [line]
                if isinstance(value, dict):
                    return [head, *self.mapping(value, shape, indent + 2)]
                return [head, *self.items(value, shape, indent)]
        return [f"{head} {self.line(value, shape)}"]

    def items(self, values: list[Any], shape: Shape, indent: int) -> list[str]:
        lines: list[str] = []
        for value in values:
            line = f"{' ' * indent}- {self.line(value, shape)}"
            block = isinstance(value, dict) and value and shape is not dict
            if not block or self.fits("", value, shape, line):
                lines.append(line)
            else:
                first, *later = self.mapping(value, shape, indent + 2)
                lines += [" " * indent + "- " + first.lstrip(" "), *later]
        return lines

    def fits(self, key: str, value: Any, shape: Shape, line: str) -> bool:
        """Whether a value may stand on one line: it is small, flat, and the line is not too long."""
        if display_width(line) > WIDTH or key in ALWAYS_BLOCK:
            return False
        if isinstance(value, list):
            return not any(isinstance(item, dict | list) for item in value)
        is_small = shape in (None, dict) or (isinstance(shape, type) and shape in self.small)
        return is_small and _is_flat(value)

    def line(self, value: Any, shape: Shape) -> str:
        return self.flow(value, shape) if isinstance(value, dict | list) else scalar(value)

    def flow(self, value: Any, shape: Shape) -> str:
        if isinstance(value, list):
            return f"[{', '.join(self.flow(item, shape) for item in value)}]"
        if not isinstance(value, dict):
            return scalar(value, flow=True)
        shapes = _shapes(shape)
        keys = sorted(value, key=_order(shapes, list(value)))
        pairs = (f"{scalar(k, flow=True)}: {self.flow(value[k], shapes.get(k))}" for k in keys)
        return "{" + ", ".join(pairs) + "}"


def _order(shapes: Mapping[str, Shape], keys: list[str]) -> Any:
    """Keys of the model in its order, others as they stood."""
    known = {key: index for index, key in enumerate(shapes)}
    return lambda key: (known.get(key, len(known)), keys.index(key))


def _is_flat(value: Mapping[str, Any]) -> bool:
    """No list of mappings and no text of several lines anywhere inside."""
    for item in value.values():
        parts = item if isinstance(item, list) else ()
        if any(isinstance(part, dict | list) for part in parts) or "\n" in str(item):
            return False
        if isinstance(item, dict) and not _is_flat(item):
            return False
    return True


def _shapes(shape: Shape) -> dict[str, Shape]:
    """Keys of a model in order, each with the shape of what stands under it."""
    if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
        return {}
    return {field.alias or name: _shape_of(field.annotation) for name, field in shape.model_fields.items()}


def _shape_of(annotation: Any, in_list: bool = False) -> Shape:
    """The model inside an annotation such as `tuple[Step, ...]` or `Window | None`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if origin in (Union, UnionType, Annotated):
        inner = [_shape_of(a) for a in arguments if a is not NoneType]
        return next((shape for shape in inner if shape is not None), None)
    if origin is tuple:
        return _shape_of(arguments[0], in_list=True)
    if origin is dict:
        return dict if in_list else _shape_of(arguments[1])
    return None


def _literal(head: str, value: str, indent: int) -> list[str]:
    """A `|-` block; lines lose the blanks at their ends."""
    keep = "|" if value.endswith("\n") else "|-"
    body = (" " * (indent + 2) + line.rstrip() for line in value.rstrip("\n").split("\n"))
    return [f"{head} {keep}", *(line.rstrip() for line in body)]


def scalar(value: Any, flow: bool = False) -> str:
    """A value on one line; a text is quoted only where it would read as something else."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
    text = str(value)
    return text if _is_plain(text, flow) else _quoted(text)


def _is_plain(text: str, flow: bool) -> bool:
    """Whether YAML reads the bare text back as the same text, as a key and as a value."""
    if SAFE.fullmatch(text) and text.isprintable() and text.lower() not in KEYWORDS:
        return True
    if not text.strip() or "\n" in text:
        return False
    pair = f"{text}: {text}"
    source = read_yaml(f"{{{pair}}}" if flow else pair, trusted=True)
    return not source.diagnostics and source.data == {text: text}


def _quoted(text: str) -> str:
    if text.isprintable() and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)
