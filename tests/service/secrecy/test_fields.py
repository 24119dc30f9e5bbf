"""Sealed fields, by those of a person and an employer."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models.functions import Lower

from zhida.service.registry.models import Person
from zhida.service.secrecy.fields import SealedJSONField, SealedTextField
from zhida.service.secrecy.sealing import Unreadable, unseal

NUMBER = "621025199003074514"


@pytest.fixture
def someone(db):
    return Person.objects.create(number=NUMBER, number_hash="h", name="张三", phone="", region="621025")


def column(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM registry_person")
        return cursor.fetchone()[0]


def test_the_column_holds_nothing_to_read(someone):
    assert Person.objects.get().number == NUMBER
    assert Person.objects.values_list("name", flat=True).get() == "张三"
    assert NUMBER not in column("number") and unseal(column("number")) == NUMBER
    assert column("phone") == ""


@pytest.mark.parametrize(
    "lookup", ["number", "number__in", "number__contains", "number__gt", "number__regex", "number__iexact"]
)
def test_it_cannot_be_searched(someone, lookup):
    with pytest.raises(TypeError, match="keyed hash"):
        Person.objects.filter(**{lookup: [NUMBER]}).exists()


def test_nothing_is_computed_of_it_in_a_lookup(someone):
    with pytest.raises(TypeError, match="sealed"):
        Person.objects.filter(number__length=3).exists()


def test_what_the_database_computes_of_it_cannot_be_read(someone):
    with pytest.raises(Unreadable):
        Person.objects.annotate(lower=Lower("number")).values_list("lower", flat=True).get()


def test_whether_it_is_there_can_be_asked(someone):
    assert Person.objects.filter(number__isnull=False).exists()


def test_a_tampered_column_is_not_shown(someone):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET number = name")
        cursor.execute("UPDATE registry_person SET name = 'plain'")
    with pytest.raises(Unreadable):
        Person.objects.get()


def test_a_sealed_field_is_neither_unique_nor_an_index():
    assert [found.id for found in _named(SealedTextField(unique=True)).check()] == ["secrecy.E001"]
    assert [found.id for found in _named(SealedTextField(db_index=True)).check()] == ["secrecy.E001"]
    assert _named(SealedTextField()).check() == []


def test_json_keeps_decimals_as_text_and_tells_null_from_nothing():
    field = SealedJSONField()
    assert field.get_prep_value(None) is None and field.from_db_value(None, None, connection) is None
    value = {"amount": Decimal("1.10"), "empty": [], "名": "张三", "null": None}
    read = field.from_db_value(field.get_prep_value(value), None, connection)
    assert read == {"amount": "1.10", "empty": [], "名": "张三", "null": None}


def _named(field):
    field.set_attributes_from_name("number")
    field.model = Person
    return field
