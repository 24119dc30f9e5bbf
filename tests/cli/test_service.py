"""The service's commands, as they are typed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

COMMAND = (sys.executable, "-m", "zhida")
START_SECONDS = 180


def environment(**more: str) -> dict[str, str]:
    """Nothing of a site, and nothing of the tests' own settings."""
    foreign = ("DJANGO", "DATABASE", "SECRET", "ZHIDA_", "ALLOWED")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "ZHIDA_WORKERS": "1", **more}


def zhida(*arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=environment(**more), capture_output=True, text=True, check=False
    )


class Demo:
    """`zhida serve --demo` in a folder, in a process group of its own, as in a terminal."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.output = folder.parent / f"output-{self.port}"
        self.started = time.monotonic()
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", "--demo", "--port", str(self.port)],
                cwd=folder,
                env=environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def wait(self) -> float:
        """Until it answers; how long that took."""
        while time.monotonic() < self.started + START_SECONDS:
            assert self.process.poll() is None, self.output.read_text()
            try:
                requests.get(self.url("/healthz"), timeout=5)
                return time.monotonic() - self.started
            except requests.RequestException:
                time.sleep(0.2)
        raise AssertionError(self.output.read_text())

    def interrupt(self) -> int:
        """Ctrl-C: the terminal sends it to every process of the group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "site"


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    """The first start, in an empty folder."""
    folder.mkdir()
    found = Demo(folder)
    found.wait()
    yield found
    if found.process.poll() is None:
        found.interrupt()


def test_it_says_where_it_is_and_who_can_log_in(demo: Demo):
    text = demo.output.read_text()
    assert f"http://127.0.0.1:{demo.port}/" in text
    assert "2022-10-10" in text and "Ctrl-C" in text
    assert "Warning" not in text and "{" not in text


def test_the_accounts_it_names_can_log_in(demo: Demo):
    named = re.findall(r"^  (\S+)  +(\S+)  +\S", demo.output.read_text(), flags=re.MULTILINE)
    assert named
    with requests.Session() as browser:
        page = browser.get(demo.url("/login/")).text
        [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
        form = {"username": named[0][0], "password": named[0][1], "csrfmiddlewaretoken": token}
        answer = browser.post(demo.url("/login/"), form, allow_redirects=False)
        assert answer.status_code == 302


def test_it_makes_its_data_in_the_folder_and_keys_that_nobody_else_reads(demo: Demo, folder: Path):
    names = {path.name for path in folder.iterdir() if not path.name.startswith("zhida.sqlite3-")}
    assert names == {"zhida.sqlite3", "files", "secrets.env"}
    assert stat.S_IMODE((folder / "secrets.env").stat().st_mode) == 0o600


def test_pages_say_that_the_day_is_held(demo: Demo):
    for path in ("/", "/measures/", "/login/"):
        assert (
            "2022-10-10" in requests.get(demo.url(path)).text
            or "2022年10月10日" in requests.get(demo.url(path)).text
        )


def test_pages_and_their_style_are_there(demo: Demo):
    page = requests.get(demo.url())
    assert page.status_code == 200
    [style] = re.findall(r'href="(/static/surface/zhida[^"]*\.css)"', page.text)
    assert requests.get(demo.url(style)).headers["Content-Type"].startswith("text/css")


def test_a_taken_port_is_one_clear_line(demo: Demo, tmp_path: Path):
    run = zhida("serve", "--demo", "--port", str(demo.port), cwd=tmp_path)
    assert run.returncode == 1
    told = f"zhida: port {demo.port} of 127.0.0.1 is taken: stop what listens there, or choose another"
    assert run.stderr == f"{told} with --port\n"
    assert not list(tmp_path.iterdir()), "nothing is made before the port is had"


def test_the_doctor_finds_a_demo_well(demo: Demo, folder: Path):
    run = zhida("doctor", cwd=folder)
    assert run.returncode == 0, run.stdout
    assert all(line.startswith("✓ ") for line in run.stdout.splitlines())


def test_the_audit_is_whole_and_an_altered_row_is_told(demo: Demo, folder: Path):
    run = zhida("audit", "verify", cwd=folder)
    assert run.returncode == 0, run.stdout
    head = zhida("audit", "head", cwd=folder).stdout.strip()
    assert zhida("audit", "verify", "--head", head, cwd=folder).returncode == 0
    wrong = zhida("audit", "verify", "--head", f"1:{'0' * 64}", "--json", cwd=folder)
    assert wrong.returncode == 1 and json.loads(wrong.stdout)["findings"]
    assert zhida("audit", "verify", "--head", "nonsense", cwd=folder).returncode == 2


def test_a_token_is_issued_used_listed_and_revoked(demo: Demo, folder: Path):
    user = re.findall(r"^  (\S+)  +\S+  +\S", demo.output.read_text(), flags=re.MULTILINE)[0]
    issued = zhida("token", "create", user, "--name", "trial", "--scope", "decide", cwd=folder)
    assert issued.returncode == 0, issued.stderr
    text = issued.stdout.strip()
    ask = {"json": {"region": "621025", "on": "2022-10-01"}, "headers": {"Authorization": f"Bearer {text}"}}
    assert requests.post(demo.url("/api/v1/decide"), **ask).status_code == 200
    [row] = [line.split("\t") for line in zhida("token", "list", cwd=folder).stdout.splitlines()]
    assert text not in row and row[-1] == "trial"
    assert zhida("token", "revoke", row[0], cwd=folder).returncode == 0
    assert requests.post(demo.url("/api/v1/decide"), **ask).status_code == 401
    assert (
        "expected one of decide"
        in zhida("token", "create", user, "--name", "x", "--scope", "all", cwd=folder).stderr
    )
    assert zhida("token", "create", "nobody", "--name", "x", "--scope", "decide", cwd=folder).returncode == 2


def test_ctrl_c_ends_it_and_the_next_start_is_quick_and_keeps_the_data(demo: Demo, folder: Path):
    users = zhida("token", "list", cwd=folder).stdout
    assert demo.interrupt() == 0
    assert "Traceback" not in demo.output.read_text()
    before = (folder / "secrets.env").read_text()
    again = Demo(folder)
    again.wait()
    try:
        assert (folder / "secrets.env").read_text() == before
        assert zhida("token", "list", cwd=folder).stdout == users
    finally:
        assert again.interrupt() == 0


def test_a_start_that_was_interrupted_leaves_nothing_half_made(tmp_path: Path):
    folder = tmp_path / "site"
    folder.mkdir()
    first = Demo(folder)
    while not (folder / "zhida.sqlite3.unfinished").exists():
        assert first.process.poll() is None, first.output.read_text()
        time.sleep(0.05)
    first.process.kill()
    first.process.wait()
    assert not (folder / "zhida.sqlite3").exists()


def test_production_says_what_it_lacks(tmp_path: Path):
    run = zhida("serve", "--port", "0", cwd=tmp_path)
    assert run.returncode == 1
    [line] = run.stderr.splitlines()
    assert "SECRET_KEY" in line and "docs/operations.md" in line


def test_development_settings_are_served_only_where_they_are_asked_for(tmp_path: Path):
    module = "zhida.service.config.settings.development"
    run = zhida("serve", "--port", "0", cwd=tmp_path, DJANGO_SETTINGS_MODULE=module)
    assert run.returncode == 2
    assert "--development" in run.stderr


def test_an_address_of_another_machine_is_one_clear_line(tmp_path: Path):
    run = zhida("serve", "--demo", "--host", "192.0.2.1", cwd=tmp_path)
    assert (run.returncode, len(run.stderr.splitlines())) == (1, 1)
    assert "cannot listen at 192.0.2.1" in run.stderr


def test_django_s_own_commands_run_with_the_site_s_settings(tmp_path: Path):
    settings = {
        "SECRET_KEY": "abcdefghij" * 5,
        "ZHIDA_KEYS": "t1:" + "dGVz" * 10 + "dHM=",
        "ALLOWED_HOSTS": "zhida.test",
    }
    run = zhida("manage", "check", "--deploy", "--fail-level", "WARNING", cwd=tmp_path, **settings)
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


def test_deciding_a_case_does_not_wait_for_django():
    code = "import sys; import zhida.cli.app; assert not [m for m in sys.modules if m.startswith('django')]"
    subprocess.run([sys.executable, "-c", code], check=True)
