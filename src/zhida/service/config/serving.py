"""Serving: gunicorn in this process, its workers forked with everything loaded already."""

from __future__ import annotations

import errno
import gc
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from zhida.decide import build_case, decide, to_text
from zhida.service import clock
from zhida.service.law import library

REQUEST_SECONDS, GRACE_SECONDS, KEEP_ALIVE_SECONDS = 60, 15, 5
MEMORY_FOLDER = Path("/dev/shm")


class AddressTaken(OSError):
    """Another program listens there already."""


class AddressRefused(OSError):
    """The address is none of this machine's, or may not be used."""


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes, and threads in each."""

    processes: int
    threads: int

    @classmethod
    def from_environment(cls) -> Workers:
        """ZHIDA_WORKERS (one a processor) and ZHIDA_THREADS (4)."""
        return cls(
            int(os.environ.get("ZHIDA_WORKERS") or os.cpu_count() or 1),
            int(os.environ.get("ZHIDA_THREADS") or 4),
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; before anything slow is done, so that a taken port is told at once.

    Raises AddressTaken, AddressRefused.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressTaken from error
        raise AddressRefused(error.errno, error.strerror or str(error)) from error
    return found


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn over this site."""

    def __init__(self, listener: socket.socket, workers: Workers, ready: Callable[[], None]) -> None:
        self.listener, self.workers, self.is_ready = listener, workers, ready
        super().__init__()

    def load_config(self) -> None:
        values: dict[str, Any] = {
            "bind": f"fd://{os.dup(self.listener.fileno())}",
            "workers": self.workers.processes,
            "threads": self.workers.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "logconfig_dict": settings.LOGGING,
            "loglevel": settings.LOGGING["loggers"]["gunicorn"]["level"],
            "control_socket_disable": True,
            "proc_name": "zhida",
            "when_ready": lambda arbiter: self.is_ready(),
        }
        if MEMORY_FOLDER.is_dir():
            values["worker_tmp_dir"] = str(MEMORY_FOLDER)
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        application = get_wsgi_application()
        warm_up()
        connections.close_all()
        return application


def warm_up() -> None:
    """Load the library and compile what the home region's cases need, once for all workers.

    It stays for good: forked workers share it, and no collection looks at it again.
    """
    law = library()
    case, _ = build_case(law, {"region": settings.ZHIDA_HOME_REGION, "on": clock.today()})
    if case is not None:
        to_text(decide(law, case))
    gc.collect()
    gc.freeze()


@contextmanager
def background_worker() -> Iterator[None]:
    """`zhida worker` beside the site, for as long as the site runs."""
    command = [sys.executable, "-m", "zhida", "worker"]
    worker = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
