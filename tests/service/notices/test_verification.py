"""Tampering with what was published, by somebody who can write the database but has no key."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from tests.service.notices.conftest import said
from tests.service.notices.test_objecting import GROUNDS

from zhida.service.audit.protection import missing_triggers, protect, unprotect
from zhida.service.audit.verification import verify
from zhida.service.notices.models import Event, Line, Objection, Publication, Ruling
from zhida.service.notices.objecting import object_to, rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(publication, officials):
    """A publication with a rejected objection, and no triggers any more."""
    rule(object_to(publication.lines.get(number=2), said()), officials.second_review, "rejected", GROUNDS)
    assert list(verify()) == []
    unprotect(connection)
    return Publication.objects.get()


def problems():
    return [str(found) for found in verify()]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            lambda: Line.objects.filter(number=2).update(shown={"name": "别家"}),
            "lines, row 2: says something",
        ),
        (lambda: Line.objects.filter(number=2).update(state="passed"), "lines, row 2: its state"),
        (lambda: Event.objects.filter(number=2).update(reason="x"), "row 2: says something"),
        (lambda: Event.objects.filter(number=3).update(kind="removed"), "row 3: says something"),
        (lambda: Event.objects.filter(number=2).update(objection=None), "row 2: says something"),
        (lambda: Event.objects.filter(number=2).update(link="0" * 64), "rows 2 to 3: says"),
        (lambda: Publication.objects.update(title="别的"), "as published, row 1: says something"),
        (lambda: Publication.objects.update(closes_on=date(2022, 12, 1)), "as published, row 1"),
        (lambda: Publication.objects.update(published_by="x"), "as published, row 1"),
        (lambda: Publication.objects.update(state="closed"), "row 3: its state"),
        (lambda: Publication.objects.update(link="0" * 64), "row 3: the head"),
        (lambda: Objection.objects.update(text="很好"), "objections and rulings, row 2"),
        (lambda: Ruling.objects.update(reason="别的"), "objections and rulings, row 3"),
        (lambda: Ruling.objects.all().delete(), "objections and rulings, row 3"),
    ],
)
def test_an_altered_row_is_found(story, change, found):
    change()
    assert any(found in problem for problem in problems()), problems()


def test_a_removed_line_is_found(story):
    Line.objects.get(number=3).delete()
    assert any("as published" in problem for problem in problems())


def test_a_removed_event_is_found(story):
    Event.objects.filter(number=2).delete()
    assert f"{story.number}, row 2: removed" in problems()


def test_the_last_event_removed_and_the_head_put_back_is_found(story):
    Event.objects.filter(number=3).delete()
    Ruling.objects.all().delete()
    Line.objects.filter(number=2).update(state="suspended")
    Publication.objects.update(count=2, link=Event.objects.get(number=2).link)
    assert f"{story.number}, row 3: removed" in problems()


def test_lines_that_change_places_are_found(story):
    for number, to in ((1, 99), (2, 1), (99, 2)):
        Line.objects.filter(number=number).update(number=to)
    assert f"{story.number} lines, rows 1 to 3: says something else than what was written" in problems()


def test_a_publication_removed_with_everything_is_found(story):
    for model in (Ruling, Event, Objection, Line, Publication):
        model.objects.all().delete()
    assert problems() == [f"{story.number}, rows 1 to 3: removed"]


def test_an_objection_put_in_by_hand_is_found(story):
    line = Line.objects.get(number=1)
    Objection.objects.create(
        line=line,
        number=1,
        name="a",
        phone="b",
        identity="c",
        identity_hash="d",
        text="e",
        at=story.published_at,
    )
    assert any("inserted" in problem for problem in problems())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notices_line SET shown = '{}' WHERE number = 1",
        "UPDATE notices_publication SET closes_on = '2022-12-01'",
        "UPDATE notices_event SET reason = 'x'",
        "UPDATE notices_ruling SET reason = 'x'",
        "UPDATE notices_objection SET at = '2022-01-01'",
        "DELETE FROM notices_line",
        "DELETE FROM notices_event",
        "DELETE FROM notices_objection",
        "DELETE FROM notices_ruling",
        "DELETE FROM notices_publication",
    ],
)
def test_the_database_itself_refuses(story, statement):
    protect(connection)
    assert missing_triggers(connection) == []
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="another statement there")
def test_nor_can_a_row_be_replaced(publication):
    protect(connection)
    statement = (
        "INSERT OR REPLACE INTO notices_line (publication_id, number, case_id, shown, state, link) "
        "SELECT publication_id, number, case_id, '{}', state, link FROM notices_line WHERE number = 1"
    )
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
