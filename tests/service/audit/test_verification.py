"""Tampering with the chain, by somebody who can write the database but has no key."""

import pytest
from django.db import connection, transaction

from zhida.service.audit import verification
from zhida.service.audit.chain import Event, record_many
from zhida.service.audit.models import Entry, Head
from zhida.service.audit.protection import unprotect
from zhida.service.audit.verification import Anchor, head, verify

ROWS = 12


@pytest.fixture(params=[5, 2000], ids=["pages of 5", "one page"])
def chain(db, request, monkeypatch):
    """Twelve entries, and no triggers any more."""
    monkeypatch.setattr(verification, "PAGE", request.param)
    with transaction.atomic():
        record_many(
            Event("paid", f"clerk{row}", f"case {row}", "621025", {"row": row}) for row in range(1, 13)
        )
    assert problems() == []
    unprotect(connection)


def problems(anchor=None):
    return [str(found) for found in verify(anchor)]


ALTERED = "says something else than what was written"


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "another"},
        {"subject": ""},
        {"detail": {"row": 8}},
        {"region": "150202"},
        {"at": "2020-01-01T00:00Z"},
        {"digest": "0" * 64},
    ],
)
def test_an_altered_entry(chain, change):
    Entry.objects.filter(number=7).update(**change)
    assert problems() == [f"entry 7: {ALTERED}"]


def test_an_altered_link(chain):
    Entry.objects.filter(number=7).update(link="0" * 64)
    assert problems() == ["entries 7 to 8: does not follow the entry that stands before it"]


def test_removed_entries(chain):
    Entry.objects.filter(number__in=[1, 5, 6]).delete()
    assert problems() == ["entry 1: removed", "entries 5 to 6: removed"]


def test_entries_removed_at_the_end(chain):
    Entry.objects.filter(number__gte=11).delete()
    assert problems() == ["entries 11 to 12: removed"]


def test_entries_removed_at_the_end_with_a_head_made_to_fit(chain):
    Entry.objects.filter(number__gte=11).delete()
    Head.objects.update(number=10, link=Entry.objects.get(number=10).link)
    assert problems() == ["entry 10: the head of the chain was altered or removed"]


def test_an_entry_removed_and_the_later_ones_renumbered(chain):
    Entry.objects.filter(number=10).delete()
    for number in (11, 12):
        Entry.objects.filter(number=number).update(number=number - 1)
    assert problems() == [
        "entries 10 to 11: does not follow the entry that stands before it",
        "entry 12: removed",
    ]


def test_two_entries_in_each_others_place(chain):
    for before, after in ((3, 900), (8, 3), (900, 8)):
        Entry.objects.filter(number=before).update(number=after)
    found = problems()
    assert found == [
        "entries 3 to 4: does not follow the entry that stands before it",
        "entries 8 to 9: does not follow the entry that stands before it",
    ]


def test_an_entry_inserted_at_the_end(chain):
    forged = Entry.objects.get(number=12)
    forged.number = 13
    forged.save(force_insert=True)
    assert problems() == ["entry 13: inserted: nothing of the kind was written"]


def test_an_entry_inserted_before_the_first(chain):
    forged = Entry.objects.get(number=1)
    forged.number = 0
    forged.save(force_insert=True)
    assert problems() == ["entry 0: inserted: nothing of the kind was written"]


def test_an_entry_inserted_in_the_middle(chain):
    for number in range(ROWS, 5, -1):
        Entry.objects.filter(number=number).update(number=number + 1)
    forged = Entry.objects.get(number=5)
    forged.number, forged.actor = 6, "forger"
    forged.save(force_insert=True)
    assert problems() == [
        f"entry 6: {ALTERED}",
        "entries 7 to 12: does not follow the entry that stands before it",
        "entry 13: inserted: nothing of the kind was written",
        "entry 12: the head of the chain was altered or removed",
    ]


def test_a_head_that_is_gone(chain):
    Head.objects.all().delete()
    assert problems()[0] == "entries 1 to 12: inserted: nothing of the kind was written"


@pytest.mark.parametrize("change", [{"link": "0" * 64}, {"seal": "0" * 64}, {"seal": ""}])
def test_an_altered_head(chain, change):
    Head.objects.update(**change)
    assert problems() == ["entry 12: the head of the chain was altered or removed"]


def test_an_old_state_put_back_is_shown_by_an_anchor_kept_elsewhere(chain):
    old, entries = Head.objects.get(), list(Entry.objects.all())
    with transaction.atomic():
        record_many([Event("paid", "clerk", "case 13"), Event("paid", "clerk", "case 14")])
    anchor = Anchor.parse(str(head()))
    Entry.objects.filter(number__gt=len(entries)).delete()
    old.save()
    assert problems() == []
    assert problems(anchor) == ["entries 13 to 14: removed"]


def test_another_chain_of_the_same_length_is_shown_by_an_anchor(chain):
    assert problems(Anchor(12, "0" * 64)) == ["entry 12: not the entry that the anchor names"]
    assert problems(head()) == []


def test_an_anchor_of_an_empty_chain_fits_every_chain(chain):
    assert problems(Anchor.parse("0:")) == []


@pytest.mark.parametrize("text", ["", "12", "x:" + "0" * 64, "12:abc"])
def test_what_is_no_anchor_is_refused(text):
    with pytest.raises(ValueError, match="expected number:link"):
        Anchor.parse(text)


def test_entries_added_meanwhile_are_no_finding(chain):
    seen = verify()
    Entry.objects.filter(number=1).update(actor="another")
    assert next(seen).first == 1
    with transaction.atomic():
        record_many([Event("paid", "clerk")])
    assert list(seen) == []


@pytest.mark.django_db
def test_a_chain_without_an_entry_is_whole():
    assert problems() == [] and str(head()) == "0:"
