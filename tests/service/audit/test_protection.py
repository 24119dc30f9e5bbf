"""The triggers of the audit tables."""

import pytest
from django.db import connection

from zhida.service.audit.protection import missing_triggers, protect, unprotect


@pytest.mark.django_db
def test_a_migrated_database_has_them():
    assert missing_triggers(connection) == []


@pytest.mark.django_db
def test_one_that_is_gone_is_named():
    unprotect(connection)
    assert "audit_head_delete" in missing_triggers(connection)
    protect(connection)
    protect(connection)
    assert missing_triggers(connection) == []
