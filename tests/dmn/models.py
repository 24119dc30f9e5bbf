"""Small DMN models, written without the ceremony of XML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zhida.dmn.engine import Engine
from zhida.dmn.model import Model
from zhida.dmn.reader import read_model

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
HEAD = '<definitions xmlns="{}" name="m" namespace="{}">{}</definitions>'


def clock() -> datetime:
    return datetime(2022, 10, 1, 8, 30, tzinfo=UTC)


def read(folder: Path, body: str, namespace: str = "m", others: tuple[Model, ...] = ()) -> Model:
    path = folder / f"{namespace}.dmn"
    path.write_text(HEAD.format(DMN, namespace, body), encoding="utf-8")
    return read_model(path, others)


def decide(model: Model, name: str, inputs: Mapping[str, Any] | None = None, *others: Model) -> Any:
    return Engine([model, *others], clock).evaluate(model, name, inputs or {})


def literal(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression><text>{escaped}</text></literalExpression>"


def decision(name: str, logic: str, requires: str = "", type: str = "") -> str:
    """A decision whose id is its name; `requires` are kind:href pairs, or names of decisions."""
    links = ""
    for item in requires.split():
        kind, _, href = item.rpartition("=")
        tag = {"input": "requiredInput", "knowledge": "requiredKnowledge"}.get(kind, "requiredDecision")
        outer = "knowledgeRequirement" if kind == "knowledge" else "informationRequirement"
        links += f'<{outer}><{tag} href="{href if "#" in href else "#" + href}"/></{outer}>'
    variable = f'<variable name="{name}" typeRef="{type}"/>' if type else f'<variable name="{name}"/>'
    return f'<decision id="{name}" name="{name}">{variable}{links}{logic}</decision>'


def input_data(name: str, type: str = "") -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type}"/></inputData>'


def table(rules: list[str], policy: str, outputs: str = '<output name="o"/>') -> str:
    """Rules are `test | test → output | output`; inputs are named x and y."""
    width = rules[0].partition(" → ")[0].count("|") + 1
    column = "<input><inputExpression><text>{}</text></inputExpression></input>"
    columns = "".join(column.format(name) for name in "xy"[:width])
    rows = ""
    for rule in rules:
        tests, _, values = rule.replace("<", "&lt;").partition(" → ")
        rows += "<rule>"
        rows += "".join(f"<inputEntry><text>{t.strip()}</text></inputEntry>" for t in tests.split("|"))
        rows += "".join(f"<outputEntry><text>{v.strip()}</text></outputEntry>" for v in values.split("|"))
        rows += "</rule>"
    return f"<decisionTable {policy}>{columns}{outputs}{rows}</decisionTable>"
