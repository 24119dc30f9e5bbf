"""A site as an operator runs it: `zhida serve` in a process of its own, with production settings."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

HOST = "zhida.test"
START_SECONDS = 60
ENVIRONMENT = {
    "SECRET_KEY": "for the tests of a production site, and for nothing else",
    "ZHIDA_KEYS": "t1:" + "dGVz" * 10 + "dHM=",
    "ALLOWED_HOSTS": HOST,
    "DJANGO_SETTINGS_MODULE": "zhida.service.config.settings.production",
    "ZHIDA_TODAY": "2022-10-10",
    "ZHIDA_WORKERS": "1",
    "ZHIDA_THREADS": "4",
}


def environment(data: Path, **more: str) -> dict[str, str]:
    """That of a production site, and nothing of the tests' own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATABASE"))}
    return {**kept, **ENVIRONMENT, "ZHIDA_DATA": str(data), **more}


def zhida(*arguments: str, env: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zhida", *arguments]
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Site:
    """A running site; its requests come as through a proxy that ended TLS."""

    port: int
    process: subprocess.Popen[str]
    output: Path
    browser: requests.Session = field(default_factory=requests.Session)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7",
                   "Referer": f"https://{HOST}{path}", **more.pop("headers", {})}  # fmt: skip
        # Cookies are marked for HTTPS, which the proxy would end: the test carries them itself.
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        response = requests.request(method, self.url(path), headers=headers, allow_redirects=False,
                                    timeout=30, **more)  # fmt: skip
        self.browser.cookies.update(response.cookies)
        return response

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, data: Mapping[str, Any], **more: Any) -> requests.Response:
        """A form that was on the page before, with its token."""
        token = csrf_token(self.get(path).text)
        return self.ask("POST", path, data={"csrfmiddlewaretoken": token, **data}, **more)

    def lines(self) -> list[dict[str, Any]]:
        """The log so far."""
        found = [line for line in self.output.read_text().splitlines() if line.startswith("{")]
        return [json.loads(line) for line in found]


def csrf_token(page: str) -> str:
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)) or {""}
    return token


@contextmanager
def running(folder: Path, env: Mapping[str, str], *options: str, **process: Any) -> Iterator[Site]:
    """`zhida serve` until the end of the block; Ctrl-C ends it, and it must end well."""
    port = free_port()
    command = [sys.executable, "-m", "zhida", "serve", "--port", str(port), *options]
    output = folder / f"log-{port}"
    with output.open("w") as log:
        server = subprocess.Popen(
            command, env=env, cwd=folder, stdout=log, stderr=subprocess.STDOUT, text=True, **process
        )
    site = Site(port, server, output)
    try:
        _wait_for(site)
        yield site
    finally:
        server.send_signal(2)
        code = server.wait(30)
    assert code == 0, output.read_text()[-2000:]


def _wait_for(site: Site) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and site.process.poll() is None:
        try:
            if requests.get(site.url("/healthz"), timeout=2).ok:
                return
        except requests.RequestException:  # it listens at once, and answers when all is loaded
            time.sleep(0.1)
    raise AssertionError(f"the site does not start: {site.output.read_text()[-2000:]}")
