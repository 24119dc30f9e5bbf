"""Triggers that keep rows as they were written: the database itself refuses to change or remove them.

The audit chain's own, and those of the tables that apps name in `AppConfig.kept_tables`. A migration that
makes such a table, or on SQLite alters one (which makes it anew), must call `protect` at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps

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
MESSAGE = "these rows are append-only"
REFUSAL = f"""
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows are never removed. Its columns `fixed` are never written again; none: no column is.

    `unique` are columns that together name one row, by which SQLite's INSERT OR REPLACE would remove it.
    """

    table: str
    fixed: tuple[str, ...] = ()
    unique: tuple[str, ...] = ("id",)

    def triggers(self, vendor: str) -> Mapping[str, str]:
        """The names and the times of its triggers."""
        columns = f" OF {', '.join(self.fixed)}" if self.fixed else ""
        update, delete = f"BEFORE UPDATE{columns} ON {self.table}", f"ON {self.table}"
        if vendor != "sqlite":
            return {
                f"{self.table}_update": f"{update} FOR EACH STATEMENT",
                f"{self.table}_delete": f"BEFORE DELETE OR TRUNCATE {delete} FOR EACH STATEMENT",
            }
        same = " AND ".join(f"{column} = NEW.{column}" for column in self.unique)
        return {
            f"{self.table}_update": update,
            f"{self.table}_delete": f"BEFORE DELETE {delete}",
            f"{self.table}_replace": f"BEFORE INSERT {delete} "
            f"WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {same})",
        }


def protect(connection: Any) -> None:
    """Create the triggers of all tables that are there, those that exist anew."""
    unprotect(connection)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(REFUSAL)
        for name, when in _triggers(connection):
            if connection.vendor == "sqlite":
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END")
            else:
                cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_refuse()")


def unprotect(connection: Any) -> None:
    """Drop the triggers: for a migration, and for tests that empty the database."""
    with connection.cursor() as cursor:
        for name, when in _triggers(connection):
            on = "" if connection.vendor == "sqlite" else f" ON {_table_of(when)}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing_triggers(connection: Any) -> list[str]:
    """The names of the triggers that are not there."""
    there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor != "sqlite":
        there = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(there)
        found = {name for (name,) in cursor.fetchall()}
    return [name for name, _ in _triggers(connection) if name not in found]


def _triggers(connection: Any) -> Iterator[tuple[str, str]]:
    """Those of the tables that exist: while a database is being migrated, not all do."""
    wanted = dict(SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
    for app in apps.get_app_configs():
        for kept in getattr(app, "kept_tables", ()):
            wanted |= kept.triggers(connection.vendor)
    tables = set(connection.introspection.table_names())
    return ((name, when) for name, when in wanted.items() if _table_of(when) in tables)


def _table_of(when: str) -> str:
    return when.split(" ON ")[1].split()[0]
