"""YAML 1.2 read into plain data together with the place of every value, so that errors can point at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import VersionedResolver

from zhida.diagnostics import Diagnostic

KeyPath = tuple[str | int, ...]

MAX_DEPTH = 60


class _Yaml12(VersionedResolver):
    """Resolves scalars by YAML 1.2 alone; asking for the version at each scalar took most of the time."""

    @property
    def processing_version(self) -> tuple[int, int]:
        return 1, 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value starts; line and column count from 1. `block` marks a `|` or `>` scalar."""

    line: int
    column: int
    block: bool = False


@dataclass(slots=True)
class YamlSource:
    """One file's text, its data, the place of every key path, and what was wrong with it.

    A copy out of the cache has the text alone; the rest is read again when it is asked for.
    """

    file: str
    text: str
    data: Any = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    lines: list[str] = field(default_factory=list, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return _unread, (self.file, self.text)

    def __getattr__(self, name: str) -> Any:
        if name not in ("data", "places", "diagnostics", "lines"):
            raise AttributeError(name)
        again = read_yaml(self.text, self.file, trusted=True)
        self.data, self.places, self.lines = again.data, again.places, again.lines
        self.diagnostics = again.diagnostics
        return getattr(self, name)

    def place(self, path: KeyPath) -> Place:
        """The place of `path`, or of its nearest ancestor that has one."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))

    def line_text(self, line: int) -> str:
        if not self.lines:
            self.lines = self.text.splitlines()
        return self.lines[line - 1] if 0 < line <= len(self.lines) else ""

    def problem(self, path: KeyPath, code: str, message: str, hint: str = "") -> Diagnostic:
        """A diagnostic that points at the value under `path`."""
        at = self.place(path)
        return Diagnostic(
            code,
            message,
            hint,
            file=self.file,
            line=at.line,
            column=at.column,
            source_line=self.line_text(at.line),
        )


def _unread(file: str, text: str) -> YamlSource:
    source = YamlSource.__new__(YamlSource)
    source.file, source.text = file, text
    return source


def decode(content: bytes) -> str | None:
    """The text of a file that people send: UTF-8 with or without a byte order mark, else GBK, else None."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def read_yaml_file(path: Path, shown_as: str = "") -> YamlSource:
    """Read one UTF-8 file; problems are in `.diagnostics`, never raised."""
    name = shown_as or str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        source = YamlSource(name, "")
        source.diagnostics.append(
            Diagnostic("file/encoding", f"not UTF-8: {error.reason}", "save as UTF-8", file=name)
        )
        return source
    except OSError as error:
        source = YamlSource(name, "")
        source.diagnostics.append(Diagnostic("file/unreadable", str(error.strerror or error), file=name))
        return source
    return read_yaml(text, name, trusted=True)


def read_yaml(text: str, file: str = "", trusted: bool = False) -> YamlSource:
    """Data of one YAML document: decimals, strings, booleans, dates, lists and dicts.

    Aliases are refused (they can explode), as are duplicate keys. `trusted` text (policy files) is
    parsed by the C library, six times faster, which overflows its stack on absurd nesting.
    """
    source = YamlSource(file, text)
    try:
        reader = YAML(typ="safe", pure=not trusted)
        reader.Resolver = _Yaml12
        node = reader.compose(text)
    except MarkedYAMLError as error:
        source.diagnostics.append(_syntax_problem(source, error))
        return source
    except (YAMLError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0]
        source.diagnostics.append(Diagnostic("yaml/syntax", first, file=file, line=1, column=1))
        return source
    if node is not None:
        source.data = _build(node, (), source, set())
    return source


def _syntax_problem(source: YamlSource, error: MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    return Diagnostic(
        "yaml/syntax",
        str(error.problem or error.context),
        "check quotes, indentation and colons",
        file=source.file,
        line=line,
        column=mark.column + 1 if mark else 1,
        source_line=source.line_text(line),
    )


def _build(node: Node, path: KeyPath, source: YamlSource, seen: set[int]) -> Any:
    mark = node.start_mark
    block = isinstance(node, ScalarNode) and node.style in ("|", ">")
    source.places[path] = Place(mark.line + 1, mark.column + 1, block)
    if id(node) in seen:
        source.diagnostics.append(
            source.problem(path, "yaml/alias", "found an alias (*name)", "write the value out")
        )
        return None
    if len(path) > MAX_DEPTH:
        source.diagnostics.append(source.problem(path, "yaml/depth", "nested too deeply"))
        return None
    seen.add(id(node))
    if isinstance(node, MappingNode):
        return _build_mapping(node, path, source, seen)
    if isinstance(node, SequenceNode):
        return [_build(item, (*path, i), source, seen) for i, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _build_mapping(node: MappingNode, path: KeyPath, source: YamlSource, seen: set[int]) -> Any:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in data:
            source.diagnostics.append(
                source.problem((*path, key), "yaml/duplicate-key", f"found {key!r} twice")
            )
        data[key] = _build(value_node, (*path, key), source, seen)
    return data


def _scalar(node: ScalarNode) -> Any:
    kind = str(node.tag).rpartition(":")[2]
    text = node.value
    try:
        match kind:
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int" | "float":
                return Decimal(text.replace("_", ""))
            case "timestamp" if len(text) == 10:
                return date.fromisoformat(text)
    except (ValueError, ArithmeticError):
        pass
    return text
