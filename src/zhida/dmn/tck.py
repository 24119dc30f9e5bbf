"""Runs the public DMN Technology Compatibility Kit, or any tests written like it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from zhida.dmn.engine import Engine
from zhida.dmn.model import Model
from zhida.dmn.reader import DmnError, read_model, read_xml
from zhida.dmn.standard import Exhausted
from zhida.feel.interpreter import ERRORS
from zhida.feel.values import CONTEXT, same
from zhida.temporal import parse_temporal

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE = Decimal("1e-8")  # expected numbers are written with fewer digits than are computed


@dataclass(frozen=True, slots=True)
class Count:
    """Tests passed and failed."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class Tally:
    """All tests, and among them those that expect a value other than null."""

    tests: Count = Count()
    value_expected: Count = Count()

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.tests + other.tests, self.value_expected + other.value_expected)

    def to_json(self) -> dict[str, Any]:
        values = {"passed": self.value_expected.passed, "failed": self.value_expected.failed}
        return {"passed": self.tests.passed, "failed": self.tests.failed, "value_expected": values}


@dataclass(frozen=True, slots=True)
class Report:
    """Tallies by the name of the test directory; `failures` are "directory/test: expected …, found …"."""

    directories: dict[str, Tally] = field(default_factory=dict)
    failures: tuple[str, ...] = ()

    @property
    def total(self) -> Tally:
        return sum(self.directories.values(), Tally())

    def to_json(self) -> dict[str, Any]:
        """`{"directories": {NAME: {…}}, "total": {"passed", "failed", "value_expected": {…}}}`"""
        directories = {name: tally.to_json() for name, tally in self.directories.items()}
        return {"directories": directories, "total": self.total.to_json()}


def format_report(report: Report) -> str:
    """A plain table, one line for each directory and one for the total."""
    rows = [*sorted(report.directories.items()), ("total", report.total)]
    width = max(len(name) for name, _ in rows)
    lines = [f"{'directory':{width}}  passed  failed  of them with a value"]
    for name, tally in rows:
        values = f"{tally.value_expected.passed:6} {tally.value_expected.failed:6}"
        lines.append(f"{name:{width}}  {tally.tests.passed:6}  {tally.tests.failed:6}  {values}")
    return "\n".join(lines)


def run(directory: Path) -> Report:
    """The tests of a suite, of a level, or of one directory of it."""
    tallies: dict[str, Tally] = {}
    failures: list[str] = []
    for folder in _test_folders(directory):
        for name, expects_value, failure in _folder_tests(folder):
            count = Count(not failure, bool(failure))
            tally = Tally(count, count if expects_value else Count())
            tallies[folder.name] = tallies.get(folder.name, Tally()) + tally
            failures += [f"{folder.name}/{name}: {failure}"] if failure else []
    return Report(tallies, tuple(failures))


def _test_folders(directory: Path) -> list[Path]:
    return sorted({path.parent for path in directory.rglob("*.xml")})


def _folder_tests(folder: Path) -> Iterator[tuple[str, bool, str]]:
    """(name, whether it expects a value, why it failed or "") of each test in a folder."""
    models, broken = _models(folder)
    for path in sorted(folder.glob("*.xml")):
        try:
            root = read_xml(path)
        except DmnError:
            continue
        if root.tag != "testCases":
            continue
        model = models.get((root.findtext("modelName") or "").strip())
        for case in root.findall("testCase"):
            results = case.findall("resultNode")
            expects = any(_expects_value(node) for node in results)
            failure = _failure(case, results, model, models.values()) if model else broken
            yield case.get("id", ""), expects, failure


def _models(folder: Path) -> tuple[dict[str, Model], str]:
    """By file name. Importing models are read again, once the names of the imported are known."""
    models: dict[str, Model] = {}
    broken = "no such model"
    paths = sorted(folder.glob("*.dmn"))
    for path in [*paths, *paths] if len(paths) > 1 else paths:
        try:
            models[path.name] = read_model(path, list(models.values()))
        except (DmnError, *ERRORS) as error:
            broken = str(error)
    return models, broken


def _failure(case: Element, results: list[Element], model: Model, models: Iterable[Model]) -> str:
    """Why a test case fails; "" if it passes."""
    engine = Engine(models, lambda: datetime.now(UTC))
    try:
        inputs = {node.get("name", ""): value_of(node) for node in case.findall("inputNode")}
        differences = [_difference(node, case, engine, model, inputs) for node in results]
    except (*ERRORS, Exhausted) as error:
        return f"{type(error).__name__}: {error}"
    return "; ".join(filter(None, differences))


def _difference(node: Element, case: Element, engine: Engine, model: Model, inputs: dict[str, Any]) -> str:
    expected = _expected(node)
    name = node.get("name", "")
    if case.get("invocableName"):
        found = engine.invoke(model, case.get("invocableName", ""), inputs)
        if isinstance(found, dict) and name in found:
            found = found[name]
    else:
        found = engine.evaluate(model, name, inputs)
    return "" if matches(expected, found) else f"{name}: expected {expected!r}, found {found!r}"


def _expects_value(node: Element) -> bool:
    try:
        return _expected(node) is not None
    except ERRORS:
        return True


def _expected(node: Element) -> Any:
    return None if node.get("errorResult") == "true" else value_of(node.find("expected"))


def value_of(element: Element | None) -> Any:
    """The value that a test writes as a value, a list, or components. None for nil."""
    if element is None or element.get(f"{_XSI}nil") == "true":
        return None
    components = element.findall("component")
    if components:
        return {component.get("name", ""): value_of(component) for component in components}
    items = element.find("list")
    if items is not None:
        return None if items.get(f"{_XSI}nil") == "true" else [value_of(i) for i in items.findall("item")]
    return _simple(element.find("value"))


def _simple(value: Element | None) -> Any:
    if value is None or value.get(f"{_XSI}nil") == "true":
        return None
    text = value.text or ""
    match value.get(f"{_XSI}type", "").rpartition(":")[2]:
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            return CONTEXT.create_decimal(text.strip())
        case "boolean":
            return text.strip() in ("true", "1")
        case "date" | "time" | "dateTime" | "duration" | "dayTimeDuration" | "yearMonthDuration":
            return parse_temporal(text.strip())
    return text


def matches(expected: Any, found: Any) -> bool:
    """Equality, but numbers up to the digits that a test writes."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        difference = abs(CONTEXT.subtract(expected, found))
        return difference <= TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(matches, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(matches(expected[k], found[k]) for k in expected)
    return same(expected, found)
