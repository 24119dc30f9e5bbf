"""Sealing everything anew."""

import pytest
from django.core.management import call_command
from django.db import connection

from zhida.service.audit.models import Entry
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy import rotation
from zhida.service.secrecy.rotation import reseal
from zhida.service.secrecy.sealing import Unreadable


def sealed_with(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [text.split(":")[0] for (text,) in cursor.fetchall()]


def counts():
    return {found.field: found.count for found in reseal() if found.count}


@pytest.fixture
def people(db, with_keys, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 3)
    with_keys("a")
    for number in range(8):
        Person.objects.create(number=f"n{number}", number_hash=f"h{number}", name="张三", region="621025")
    Employer.objects.create(number="u", name="店", phone="13812345678", region="621025")


def test_everything_is_sealed_with_the_newest_key_and_reads_the_same(people, with_keys):
    with_keys("b", "a")
    assert counts() == {"registry.Person.number": 8, "registry.Person.name": 8, "registry.Employer.phone": 1}
    with_keys("b")
    assert [person.number for person in Person.objects.order_by("pk")] == [
        f"n{number}" for number in range(8)
    ]
    assert Employer.objects.get().phone == "13812345678" and Employer.objects.get().contact == ""


def test_a_second_time_there_is_nothing_to_do(people, with_keys):
    with_keys("b", "a")
    assert counts() and not counts()


def test_it_goes_on_where_it_was_stopped(people, with_keys):
    with_keys("b", "a")
    batches = rotation._batches(Person, "number")
    assert next(batches) == 3
    batches.close()
    assert sealed_with("registry_person", "number") == ["b"] * 3 + ["a"] * 5
    assert counts()["registry.Person.number"] == 5


def test_a_value_written_meanwhile_is_not_overwritten(people, with_keys, monkeypatch):
    with_keys("b", "a")
    first = Person.objects.order_by("pk").first()

    def slow(sealed):
        Person.objects.filter(pk=first.pk).update(number="new")
        return real(sealed)

    real = rotation.unseal
    monkeypatch.setattr(rotation, "unseal", slow)
    rows = list(rotation._batches(Person, "number"))
    assert sum(rows) == 7 and Person.objects.get(pk=first.pk).number == "new"


def test_what_no_key_opens_stops_it(people, with_keys):
    with_keys("b")
    with pytest.raises(Unreadable):
        counts()


def test_the_command_says_what_it_did_and_the_audit_knows(people, with_keys, capsys):
    with_keys("b", "a")
    call_command("rotate_keys")
    assert "registry.Person.number: 8" in capsys.readouterr().out
    assert Entry.objects.get().detail == {"key": "b", "values": 17}
