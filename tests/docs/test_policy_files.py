"""docs/policy-files.md names every key of every kind of policy file, and which of them are required."""

from __future__ import annotations

import re
import typing

import pytest
from pydantic import BaseModel

from tests.docs.markdown import DOCS, Block, blocks, table_after
from zhida.decide import worked
from zhida.library import model, procedure
from zhida.library.strict import Strict
from zhida.library.yaml_source import read_yaml

PAGE = DOCS / "policy-files.md"
TEXT = PAGE.read_text(encoding="utf-8")
MODELS: dict[str, type[BaseModel]] = {
    name: found
    for module in (model, procedure, worked)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Strict) and found is not Strict
}
ALL = pytest.mark.parametrize("name", sorted(MODELS))


def documented(name: str) -> dict[str, bool]:
    """Each key in the model's table, and whether it is in bold, which says required."""
    keys: dict[str, bool] = {}
    for row in table_after(TEXT, f"<!-- model: {name} -->"):
        for bold, key in re.findall(r"(\*\*)?`(\w+)`", row[0]):
            assert key not in keys, f"{key} twice"
            keys[key] = bool(bold)
    return keys


def choices(annotation: object) -> set[str]:
    """The texts that a field allows, where it allows a few only."""
    if typing.get_origin(annotation) is typing.Literal:
        return {str(value) for value in typing.get_args(annotation)}
    return {text for part in typing.get_args(annotation) for text in choices(part)}


@ALL
def test_every_key_is_documented_and_marked_where_it_is_required(name: str):
    fields = MODELS[name].model_fields
    assert documented(name) == {f.alias or key: f.is_required() for key, f in fields.items()}


@ALL
def test_every_choice_of_a_key_is_documented(name: str):
    rows = table_after(TEXT, f"<!-- model: {name} -->")
    for key, field in MODELS[name].model_fields.items():
        [line] = [" ".join(row) for row in rows if f"`{field.alias or key}`" in row[0]]
        missing = {choice for choice in choices(field.annotation) if f"`{choice}`" not in line}
        assert not missing, key


def test_no_table_speaks_of_a_model_that_is_gone():
    assert set(re.findall(r"<!-- model: (\w+) -->", TEXT)) == set(MODELS)


@pytest.mark.parametrize("block", [pytest.param(b, id=b.label) for b in blocks(PAGE, "yaml")])
def test_an_example_is_a_valid_policy_file(block: Block):
    source = read_yaml(block.text, PAGE.name)
    assert not source.diagnostics
    MODELS[block.label].model_validate(source.data)
