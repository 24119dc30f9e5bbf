"""Triggers that keep the chain append-only: the database itself refuses to change or remove an entry.

A migration that alters `audit_entry` on SQLite makes the table anew and must call `protect` again.
"""

from __future__ import annotations

from typing import Any

ENTRY, HEAD = "audit_entry", "audit_head"

# The third, because INSERT OR REPLACE removes a row and fires no trigger of DELETE.
SQLITE = {
    "audit_entry_update": f"BEFORE UPDATE ON {ENTRY}",
    "audit_entry_delete": f"BEFORE DELETE ON {ENTRY}",
    "audit_entry_replace": f"BEFORE INSERT ON {ENTRY} "
    f"WHEN EXISTS (SELECT 1 FROM {ENTRY} WHERE number = NEW.number)",
    "audit_head_update": f"BEFORE UPDATE ON {HEAD} WHEN NEW.number <= OLD.number",
    "audit_head_delete": f"BEFORE DELETE ON {HEAD}",
}
POSTGRESQL = {
    "audit_entry_write": f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {ENTRY} FOR EACH STATEMENT",
    "audit_head_update": f"BEFORE UPDATE ON {HEAD} FOR EACH ROW WHEN (NEW.number <= OLD.number)",
    "audit_head_delete": f"BEFORE DELETE OR TRUNCATE ON {HEAD} FOR EACH STATEMENT",
}
MESSAGE = "the audit chain is append-only"
REFUSAL = f"""
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$
"""


def protect(connection: Any) -> None:
    """Create the triggers, those that exist anew."""
    unprotect(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, when in SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END")
        else:
            cursor.execute(REFUSAL)
            for name, when in POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_refuse()")


def unprotect(connection: Any) -> None:
    """Drop the triggers: for a migration, and for tests that empty the database."""
    with connection.cursor() as cursor:
        for name, when in _triggers(connection).items():
            on = "" if connection.vendor == "sqlite" else f" ON {when.split(' ON ')[1].split()[0]}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_triggers(connection: Any) -> list[str]:
    """The names of the triggers that are not there."""
    there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor != "sqlite":
        there = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in _triggers(connection) if name not in found]


def _triggers(connection: Any) -> dict[str, str]:
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL
