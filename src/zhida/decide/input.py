"""Bytes of a case file to plain data: JSON or YAML 1.2, UTF-8 with or without BOM, or GBK."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhida.library.yaml_source import MAX_DEPTH, decode, read_yaml

MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a case: `path: code: found …, expected …`."""

    path: str
    code: str
    found: str
    expected: str

    def __str__(self) -> str:
        line = f"{self.path}: {self.code}: found {self.found}, expected {self.expected}"
        return " ".join(line.split())


@dataclass(slots=True)
class RawCase:
    data: Any = None
    problems: list[Problem] = field(default_factory=list)


def read_case_bytes(content: bytes, name: str) -> RawCase:
    """The data of one case file, or what is wrong with the file as a whole."""
    raw = RawCase()
    if len(content) > MAX_BYTES:
        found, most = f"{len(content):,} bytes", f"at most {MAX_BYTES:,} (one case)"
        raw.problems.append(Problem(name, "file/too-large", found, most))
        return raw
    text = decode(content)
    if text is None:
        raw.problems.append(Problem(name, "file/encoding", "unreadable bytes", "UTF-8 or GBK"))
    elif text.lstrip()[:1] in ("{", "["):
        _read_json(text, name, raw)
    else:
        _read_yaml(text, name, raw)
    if not raw.problems and not isinstance(raw.data, dict):
        raw.problems.append(Problem(name, "file/shape", shown(raw.data), "a mapping of facts"))
    return raw


def _read_json(text: str, name: str, raw: RawCase) -> None:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            seen: set[str] = set()
            twice = next(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            problem = Problem(name, "file/duplicate-key", f"{twice} twice", "each key once")
            raw.problems.append(problem)
        return found

    try:
        raw.data = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=Decimal,
            parse_float=Decimal,
            parse_constant=str,  # NaN and Infinity are refused where they stand, by their key
        )
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        raw.problems.append(Problem(place, "file/json", error.msg, "JSON"))
    except (ValueError, ArithmeticError) as error:
        raw.problems.append(Problem(name, "file/number", str(error), "a finite number"))
    except RecursionError:
        most = f"at most {MAX_DEPTH} levels"
        raw.problems.append(Problem(name, "file/depth", "too many nested levels", most))


def _read_yaml(text: str, name: str, raw: RawCase) -> None:
    source = read_yaml(text, name)
    raw.data = source.data
    for d in source.diagnostics:
        expected = d.hint or "YAML 1.2 or JSON"
        raw.problems.append(
            Problem(f"{name}:{d.line}:{d.column}", d.code, d.message.removeprefix("found "), expected)
        )


def shown(value: Any) -> str:
    """A value in a message, short and on one line."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    text = str(value)
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return text if len(text) <= 40 else text[:37] + "…"
