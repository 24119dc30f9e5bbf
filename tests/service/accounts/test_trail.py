"""The page of the audit."""

import csv
import io

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhida.service.accounts.permissions import ACTIONS
from zhida.service.audit.chain import Event, record_many
from zhida.service.audit.models import Entry


@pytest.fixture
def entries(db):
    with transaction.atomic():
        record_many(
            [
                Event("registered", "13900000001", "user:1", "621025"),
                Event("logged in", "clerk", "user:2", "621002"),
                Event("logged in", "far", "user:3", "150202"),
                Event("refused", "=cmd()", "user:4", "621025", {"note": "=1+1"}),
            ]
        )


def numbers(client, **query):
    return [entry.number for entry in client.get("/audit/", query).context["entries"]]


def test_only_the_own_region_is_seen(entries, client_of, auditor, appoint):
    assert numbers(client_of(auditor)) == [4, 2, 1]
    assert numbers(client_of(appoint("supervision", "621025"))) == [4, 1]
    assert numbers(client_of(appoint("audit", "000000"))) == [4, 3, 2, 1]


def test_it_is_narrowed_by_actor_action_subject_and_day(entries, client_of, auditor):
    client = client_of(auditor)
    assert numbers(client, actor="clerk") == [2]
    assert numbers(client, action="registered") == [1]
    assert numbers(client, subject="user:4") == [4]
    day = Entry.objects.first().at.astimezone().date()
    assert numbers(client, since=day.isoformat(), until=day.isoformat()) == [4, 2, 1]
    assert numbers(client, until="2020-01-01") == []
    assert numbers(client, since="nonsense") == []


def test_it_is_read_page_by_page_without_counting(client_of, auditor):
    with transaction.atomic():
        record_many(Event("logged in", "x", "", "621025") for _ in range(120))
    client, seen, query = client_of(auditor), [], {}
    client.get("/account/")
    while True:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/audit/", query).context
        assert len(queries) <= 4 and not any("COUNT(" in query["sql"] for query in queries)
        seen += [entry.number for entry in page["entries"]]
        if not page["older"]:
            break
        query = {"before": page["older"]}
    assert seen == list(range(120, 0, -1))


def test_the_file_holds_what_is_shown_and_is_itself_noted(entries, client_of, auditor):
    response = client_of(auditor).get("/audit/file/", {"subject": "user:4"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["number"] == "4" and row["link"] == Entry.objects.get(number=4).link
    assert not row["actor"].startswith("=")
    noted = Entry.objects.last()
    assert (noted.action, noted.actor, noted.region) == ("audit exported", auditor.username, "621000")
    assert noted.detail == {"filtered by": ["subject"]}


def test_a_file_of_nonsense_is_no_file(entries, client_of, auditor):
    assert client_of(auditor).get("/audit/file/", {"since": "x"}).status_code == 400


def test_a_refusal_is_noted_with_page_action_and_region(client_of, intake):
    assert client_of(intake).get("/audit/").status_code == 403
    entry = Entry.objects.get()
    assert (entry.action, entry.actor, entry.region) == ("refused", intake.username, "621025")
    assert entry.detail == {"page": "accounts:trail", "method": "GET", "action": "see audit"}
    assert "see audit" in ACTIONS
