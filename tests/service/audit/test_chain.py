"""The audit chain."""

import threading

import pytest
from django.db import connection, transaction

from zhida.service.audit import chain
from zhida.service.audit.chain import Event, note, record, record_many
from zhida.service.audit.models import Entry, Head
from zhida.service.audit.verification import verify

THREADS, EACH = 4, 25


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        record("test", actor="somebody")


@pytest.mark.django_db(transaction=True)
def test_a_note_inside_of_a_transaction_is_refused():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        note("test", actor="somebody")


@pytest.mark.django_db
def test_entries_are_numbered_from_one_and_linked():
    with transaction.atomic():
        first, second = record("a", actor="x"), record("b", actor="x")
    assert [first.number, second.number] == [1, 2]
    assert first.link != second.link == Head.objects.get().link
    assert Entry.objects.count() == 2


@pytest.mark.django_db
def test_many_entries_are_those_that_one_by_one_would_be():
    events = [Event("imported", "x", f"row {row}", "621025", {"line": row}) for row in range(30)]
    with transaction.atomic():
        entries = record_many(events)
        record("b", actor="x")
    assert [entry.number for entry in entries] == list(range(1, 31))
    assert Entry.objects.get(number=30).subject == "row 29"
    assert not list(verify())


@pytest.mark.django_db
def test_no_event_is_no_entry():
    with transaction.atomic():
        assert record_many([]) == []
    assert Head.objects.get().number == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_falls_with_the_write_it_tells_of():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("a", actor="x")
        raise ZeroDivisionError
    assert not Entry.objects.exists()
    assert not list(verify())


@pytest.mark.django_db
def test_what_looks_like_personal_data_is_taken_out_of_the_detail():
    entry = note("a", actor="x", detail={"said": ["my number is 110101199003074514", {"tel": "13812345678"}]})
    assert entry.detail == {"said": ["my number is [masked]", {"tel": "[masked]"}]}


@pytest.mark.django_db
def test_what_two_databases_store_differently_is_refused_or_replaced():
    with pytest.raises(TypeError, match="float"):
        note("a", actor="x", detail={"share": 0.1})
    note(
        "a",
        actor="x",
        subject="a\0b",
        detail={"text": "\0\ud800", "number": 10**30, "on": True, "none": None},
    )
    assert not list(verify())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET number = number - 1",
        "UPDATE audit_head SET link = ''",
    ],
)
def test_the_database_refuses_to_change_or_remove_entries(statement):
    note("a", actor="x")
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert not list(verify())


@pytest.mark.django_db
def test_the_database_refuses_its_own_way_of_removing_all_rows():
    note("a", actor="x")
    insert = "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry"
    statement = insert if connection.vendor == "sqlite" else "TRUNCATE audit_entry"
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain():
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def write(name: str) -> None:
        try:
            start.wait()
            for number in range(EACH):
                chain.note("written", actor=name, detail={"n": number})
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not failures
    assert list(Entry.objects.values_list("number", flat=True)) == list(range(1, THREADS * EACH + 1))
    assert not list(verify())
    for number in range(THREADS):
        own = Entry.objects.filter(actor=f"thread {number}").values_list("detail", flat=True)
        assert [detail["n"] for detail in own] == list(range(EACH))
