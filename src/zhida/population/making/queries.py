"""The query of every file of a population."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zhida.library import Library
from zhida.population.divisions import counties
from zhida.population.making.draws import Draws
from zhida.population.making.employers import employer_recipe, employer_rows
from zhida.population.making.history import history_query
from zhida.population.making.order import Order
from zhida.population.making.persons import person_recipe, person_rows
from zhida.population.making.places import fund_recipe, place_recipe
from zhida.population.making.units import RECIPES, WITH_PERSON, Scene
from zhida.population.schema import FileSchema
from zhida.standards.regions import NATION

ONCE = ("place", "fund")
"""Entities that belong to no employer: written once, not for each part."""
MADE = ("employer", "person", *RECIPES, "history", *ONCE)


def entities(schemas: Mapping[str, FileSchema], order: Order) -> list[str]:
    """The entities that `order` asks for, in the order in which they are made."""
    return [e for e in MADE if e in schemas and (order.only is None or e in order.only)]


def issuing_places() -> tuple[str, ...]:
    """Counties that may have issued an identity number: all of them."""
    return counties(NATION)


def once_query(library: Library, schema: FileSchema, order: Order) -> str:
    """The SELECT of a file of ONCE."""
    if schema.entity == "place":
        recipe = place_recipe(order.seed, order.on, order.region)
    else:
        recipe = fund_recipe(library, order.seed, order.on, order.region)
    return recipe.query(schema.fields.values())


def part_query(schema: FileSchema, order: Order, first: int, last: int) -> str:
    """The SELECT of the part of a file that belongs to the employers `first` … `last` - 1."""
    draws = Draws(order.seed, "employer", "id")
    employers = employer_rows(draws, first, last, float(order.hires))
    scene = Scene(order.seed, order.on, employers, person_rows(employers))
    own = [field for field in schema.fields.values() if field.entity == schema.entity]
    match schema.entity:
        case "history":
            return history_query(scene, schema)
        case "employer":
            return employer_recipe(order.seed, order.on, employers).query(own)
        case "person":
            recipe = person_recipe(order.seed, order.on, scene.persons, len(issuing_places()))
            return replace(recipe, visible=("id", "employer_id")).query(own)
    recipe = RECIPES[schema.entity](scene)
    if not order.inline or schema.entity not in WITH_PERSON:
        return recipe.query(own)
    theirs = [field for field in schema.fields.values() if field.entity == "person"]
    person = person_recipe(order.seed, order.on, recipe.rows, len(issuing_places()))
    beside = person.columns(theirs)
    return replace(recipe, rows=f"SELECT * FROM {person.hidden(theirs)}").query(own, beside)
