"""The audit chain."""

import pytest
from django.db import transaction

from zhida.service.audit.chain import record
from zhida.service.audit.models import Entry, Head


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_of_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        record("test", actor="somebody")


@pytest.mark.django_db
def test_entries_are_numbered_from_one_and_linked():
    with transaction.atomic():
        first, second = record("a", actor="x"), record("b", actor="x")
    assert [first.number, second.number] == [1, 2]
    assert first.link != second.link == Head.objects.get().link
    assert Entry.objects.count() == 2
