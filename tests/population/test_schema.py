"""The columns of the files follow from the vocabulary."""

from __future__ import annotations

import pytest

from zhida.library import Library
from zhida.population import LOGICAL_TYPES, file_stem, population_schema

FILES = {
    "employers", "persons", "hires", "internships", "placements", "certificates", "loans", "ventures",
    "bases", "trainings", "funds", "places", "history",
}  # fmt: skip


def test_every_entity_has_its_file(library: Library) -> None:
    assert {file_stem(entity) for entity in population_schema(library)} == FILES


def test_every_fact_has_a_column_of_a_known_type(library: Library) -> None:
    for entity, schema in population_schema(library).items():
        own = {field.key for field in schema.fields.values() if field.entity == entity}
        assert own >= {fact.key for fact in library.entities[entity].facts}
        assert {field.kind for field in schema.fields.values()} <= {*LOGICAL_TYPES, "id"}


@pytest.mark.parametrize(
    ("entity", "parents"),
    [
        ("hire", ("employer_id", "person_id")),
        ("base", ("employer_id",)),
        ("venture", ("employer_id", "person_id")),
        ("person", ("employer_id",)),
        ("employer", ()),
        ("history", ()),
    ],
)
def test_rows_name_their_parents(library: Library, entity: str, parents: tuple[str, ...]) -> None:
    assert population_schema(library)[entity].references == parents


def test_a_hire_may_hold_the_facts_of_its_person_and_employer(library: Library) -> None:
    fields = population_schema(library)["hire"].fields
    assert (fields["person.graduated_on"].entity, fields["person.graduated_on"].kind) == ("person", "date")
    assert (fields["employer.org_type"].entity, fields["employer.org_type"].key) == ("employer", "org_type")


def test_an_employer_holds_nobody_elses_facts(library: Library) -> None:
    assert not [name for name in population_schema(library)["employer"].fields if "." in name]


def test_a_fund_may_say_to_which_place_it_belongs(library: Library) -> None:
    assert population_schema(library)["fund"].fields["region"].kind == "region"
