"""A PostgreSQL server of the tests' own: in a temporary folder, reached by a socket in it.

A server that cannot be started skips its tests, with the reason; under CI it fails them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = "zhida"
PLACES = ("/usr/local/bin", "/usr/lib/postgresql/*/bin")


def missing(reason: str) -> Any:
    """Skips the tests of what this machine cannot start; in CI it must start."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def postgresql_server() -> Iterator[Path]:
    """The folder of a server's socket; it runs under a user without rights, and trusts whoever reaches it."""
    binaries = _postgres_binaries()
    if binaries is None:
        missing("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="zhida-pg-") as name:
        folder, user = Path(name), _postgres_user()
        if user is not None:
            shutil.chown(folder, user)
        run = _Commands(binaries, user, folder)
        try:
            known = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
            run("initdb", "-D", str(folder / "data"), *known)
            options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
            run("pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options, "start")
        except subprocess.CalledProcessError as error:
            missing(f"PostgreSQL does not start: {error.stderr}")
        try:
            yield folder
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    """The server whose socket is in `folder` is away inside, and back after."""
    binaries = _postgres_binaries()
    assert binaries is not None
    run, data = _Commands(binaries, _postgres_user(), folder), str(folder / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    try:
        yield
    finally:
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")


def _postgres_binaries() -> Path | None:
    for place in PLACES:
        for folder in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
                return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _postgres_user() -> str | None:
    """initdb refuses to run as root: then it is somebody who may do nothing else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@dataclass(frozen=True)
class _Commands:
    binaries: Path
    user: str | None
    folder: Path

    def __call__(self, program: str, *arguments: str) -> None:
        command: Sequence[str] = (str(self.binaries / program), *arguments)
        if self.user is not None:
            command = ("setpriv", f"--reuid={self.user}", f"--regid={_group(self.user)}", "--clear-groups",
                       *command)  # fmt: skip
        subprocess.run(
            command, cwd=self.folder, check=True, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        )  # fmt: skip


def _group(user: str) -> str:
    return str(pwd.getpwnam(user).pw_gid)
