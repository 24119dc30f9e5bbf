"""A disk that is full or may not be written, really: a clear page, nothing half-saved, nothing typed lost."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.service.site import Site, csrf_token, environment, running, zhida

MEASURE = {"region": "621025", "measure": "job-retention-refund"}
PDF = b"%PDF-1.4\n" + b"0" * 3_000_000
STORE_BYTES, DISK_BYTES = 2_000_000, 12_000_000


@contextmanager
def file_system(folder: Path, size: int) -> Iterator[None]:
    """One of its own at `folder`, with so much room."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    return folder


def prepared(data: Path, **more: str) -> dict[str, str]:
    env = environment(data, **more)
    for command in (("migrate", "--verbosity", "0"), ("collectstatic", "--no-input", "--verbosity", "0")):
        run = zhida("manage", *command, env=env, cwd=data)
        assert run.returncode == 0, run.stderr
    return env


def begun(site: Site) -> str:
    """The address of a new application's materials."""
    token = csrf_token(site.get("/measures/job-retention-refund/").text)
    answer = site.ask("POST", "/apply/", data={"csrfmiddlewaretoken": token, **MEASURE})
    assert answer.status_code == 302, answer.text
    address = re.sub(r"(/apply/[^/]+/).*", r"\1", answer.headers["Location"])
    if not answer.headers["Location"].endswith("/form/"):
        chosen = re.findall(r'name="provision" value="([^"]+)"', site.get(address).text)[:1]
        assert site.post(address, {"provision": chosen}).status_code == 302
    return f"{address}materials/"


def upload(site: Site, address: str, content: bytes):
    number = re.findall(r'name="material" value="(\d+)"', site.get(address).text)[0]
    return site.post(address, {"material": number}, files={"file": ("证明.pdf", content, "application/pdf")})


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_full_store_of_files_keeps_nothing_and_says_so(data: Path, tmp_path: Path):
    with file_system(data / "files", STORE_BYTES), running(tmp_path, prepared(data)) as site:
        address = begun(site)
        page = upload(site, address, PDF)
        assert page.status_code == 503
        assert "暂时办不了" in page.text and "选择的文件和密码要重新选择" in page.text
        assert kept(data / "files") == []
        again = site.get(address)
        assert again.status_code == 200 and "证明.pdf" not in again.text
        assert upload(site, address, PDF[:1_000_000]).status_code == 302
        assert len(kept(data / "files")) == 1


def test_a_store_that_may_not_be_written_is_the_same_and_the_doctor_says_why(data: Path, tmp_path: Path):
    with file_system(data / "files", STORE_BYTES):
        env = prepared(data)
        subprocess.run(["mount", "-o", "remount,ro", str(data / "files")], check=True)
        with running(tmp_path, env) as site:
            address = begun(site)
            assert upload(site, address, PDF[:1000]).status_code == 503
            assert site.get(address).status_code == 200
        run = zhida("doctor", env=env, cwd=data)
        assert run.returncode == 1
        assert "✗ file store" in run.stdout and "Read-only" in run.stdout


def test_a_full_disk_under_the_database_loses_nothing_that_was_typed(data: Path, tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    with file_system(disk, DISK_BYTES):
        env = prepared(data, DATABASE_URL=f"sqlite:///{disk / 'zhida.sqlite3'}")
        with running(tmp_path, env) as site:
            address = begun(site).replace("materials/", "form/")
            form = site.get(address).text
            filler = disk / "filler"
            with filler.open("wb", buffering=0) as file, pytest.raises(OSError):
                while True:
                    file.write(b"x" * 4096)
            typed = {"csrfmiddlewaretoken": csrf_token(form), "who:name": "好味餐厅", "later": "1"}
            page = site.ask("POST", address, data=typed)
            assert page.status_code == 503, page.text
            assert 'name="who:name" value="好味餐厅"' in page.text
            filler.unlink()
            again = {**typed, "csrfmiddlewaretoken": csrf_token(page.text)}
            assert site.ask("POST", address, data=again).status_code == 302
            assert "好味餐厅" in site.get(address).text
