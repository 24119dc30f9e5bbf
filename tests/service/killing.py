"""Killing a process at each of its writes: what goes on afterwards must lose nothing and do nothing twice.

    class Paying(Scenario):
        def prepare(self): ...      # fills an empty database, once
        def act(self): ...          # the work; called again it goes on
        def check(self): ...        # what must hold in the end; returns what must be the same whenever killed

    def test_nothing_is_lost(killer):
        deaths = killer(Paying(), most=40)
        assert deaths.kills >= 40

Each kill has a database of its own, copied from one that `prepare` filled: a file of SQLite, or a database of
PostgreSQL. A child process works on it and kills itself with SIGKILL at its n-th write (before an INSERT,
UPDATE or DELETE, before a COMMIT, after a COMMIT); another goes on, and checks. ZHIDA_KILLS=all kills at
every write, not at some of them. The parent of the children must not have used DuckDB: threads do not fork.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
KILLED = -signal.SIGKILL


class Scenario:
    """What is done and killed; every method runs in a child, on a database of its own."""

    def prepare(self, folder: Path) -> None:
        """Fill the database; files go into `folder`, which each kill gets a copy of."""

    def act(self, folder: Path) -> None:
        """Do the work, or go on with it."""
        raise NotImplementedError

    def check(self, folder: Path) -> Any:
        """Raise AssertionError where something is lost or twice; JSON that every end must have in common."""
        raise NotImplementedError


@dataclass
class Deaths:
    """What a scenario went through: its writes, how many of them killed it."""

    writes: int = 0
    kills: int = 0
    ends: list[Any] = field(default_factory=list)


class Bomb:
    """Counts what the process writes, and kills it at the n-th; 0 never does."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.count = at, 0

    def tick(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITES.match(sql):
            self.tick()
        return execute(sql, params, many, context)

    def around_commits(self) -> None:
        """A process may die with its transaction written but not committed, and just after."""
        commit = connection._commit

        def committed() -> None:
            self.tick()
            commit()
            self.tick()

        connection._commit = committed  # type: ignore[method-assign]


def run_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do it in a fork; how it ended, and what it returned. What it raises is raised here as text."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            told = json.dumps({"value": work()})
        except BaseException:
            told = json.dumps({"error": traceback.format_exc()})
        with os.fdopen(writing, "w") as pipe:
            pipe.write(told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    found = json.loads(said) if said else {}
    if "error" in found:
        raise AssertionError(f"in the child:\n{found['error']}")
    return code, found.get("value")


class Databases:
    """Copies of the tests' own empty database: templates that are filled, and what is killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def empty(self) -> str:
        """The tests' database as it is now."""
        raise NotImplementedError

    def copy(self, of: str) -> str:
        raise NotImplementedError

    def drop(self, name: str) -> None:
        raise NotImplementedError

    def use(self, name: str) -> None:
        """In a child: from now on everything goes there. The parent's connection is not touched."""
        self._kept = connection.connection
        connection.connection = None
        connection.settings_dict["NAME"] = name
        settings.DATABASES["default"]["NAME"] = name
        connection.in_atomic_block, connection.savepoint_ids, connection.needs_rollback = False, [], False

    def _name(self) -> str:
        self.made.append(f"killed_{os.getpid()}_{len(self.made)}")
        return self.made[-1]


class Files(Databases):
    def empty(self) -> str:
        target = self.folder / self._name()
        connection.ensure_connection()
        with sqlite3.connect(target) as file:
            connection.connection.backup(file)
        file.close()
        return str(target)

    def copy(self, of: str) -> str:
        target = str(self.folder / self._name())
        for ending in ("", "-wal"):
            if os.path.exists(of + ending):
                shutil.copy(of + ending, target + ending)
        return target

    def drop(self, name: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)


class Server(Databases):
    def empty(self) -> str:
        connections.close_all()
        return self.copy(connection.settings_dict["NAME"])

    def copy(self, of: str) -> str:
        name = self._name()
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
        return name

    def drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _say(self, sql: str) -> None:
        known = connection.get_connection_params()
        where = {key: known[key] for key in ("user", "password", "host", "port") if known.get(key)}
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as server:
            # A killed child's session may need a moment to be noticed by the server.
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'killed%'"
            )
            server.execute(sql)  # type: ignore[arg-type]


@dataclass
class Killer:
    databases: Databases
    folder: Path

    def __call__(self, scenario: Scenario, most: int = 40) -> Deaths:
        """Kill it at some of its writes, evenly spread (ZHIDA_KILLS=all: at every one)."""
        deaths, files = Deaths(), self._files("template")
        template = self.databases.empty()
        self._in(template, lambda: scenario.prepare(files))
        deaths.writes, whole = self._whole(scenario, template, files)
        for at in chosen(deaths.writes, most):
            end = self._killed(scenario, template, files, at)
            deaths.kills += 1
            assert end == whole, f"killed at write {at} of {deaths.writes}: {end}, expected {whole}"
        self.databases.drop(template)
        name = type(scenario).__name__
        print(f"\n{name}: {deaths.kills} kills at {deaths.writes} writes on {connection.vendor}")
        return deaths

    def _whole(self, scenario: Scenario, template: str, files: Path) -> tuple[int, Any]:
        """How many writes it takes without a kill, and how it ends."""
        name, own = self.databases.copy(template), self._files("whole", files)
        _, writes = self._in(name, lambda: self._counted(scenario, own, Bomb()))
        _, end = self._in(name, lambda: scenario.check(own))
        self.databases.drop(name)
        return writes, end

    def _killed(self, scenario: Scenario, template: str, files: Path, at: int) -> Any:
        name, own = self.databases.copy(template), self._files("killed", files)
        code, _ = self._in(name, lambda: self._counted(scenario, own, Bomb(at)))
        assert code == KILLED, f"write {at} was never reached"
        self._in(name, lambda: scenario.act(own))
        _, end = self._in(name, lambda: scenario.check(own))
        self.databases.drop(name)
        shutil.rmtree(own)
        return end

    def _in(self, name: str, work: Callable[[], Any]) -> tuple[int, Any]:
        def there() -> Any:
            self.databases.use(name)
            try:
                return work()
            finally:
                connection.close()

        return run_child(there)

    def _counted(self, scenario: Scenario, folder: Path, bomb: Bomb) -> int:
        bomb.around_commits()
        with connection.execute_wrapper(bomb):
            scenario.act(folder)
        return bomb.count

    def _files(self, name: str, of: Path | None = None) -> Path:
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        if of is not None:
            shutil.copytree(of, target)
        else:
            target.mkdir(parents=True)
        return target


def chosen(writes: int, most: int) -> Iterator[int]:
    """Which writes kill: all where `ZHIDA_KILLS` says so, else `most` of them, the first and the last too."""
    if os.environ.get("ZHIDA_KILLS") == "all" or writes <= most:
        yield from range(1, writes + 1)
        return
    yield from sorted({1 + round(place * (writes - 1) / (most - 1)) for place in range(most)})


@pytest.fixture
def killer(transactional_db: None, tmp_path: Path) -> Iterator[Killer]:
    """`killer(scenario, most=…)`; the tests' own database stays empty."""
    folder = tmp_path / "databases"
    folder.mkdir()
    databases = Server(folder) if connection.vendor == "postgresql" else Files(folder)
    yield Killer(databases, tmp_path / "files")
    for name in databases.made:
        databases.drop(str(folder / name) if connection.vendor == "sqlite" else name)
