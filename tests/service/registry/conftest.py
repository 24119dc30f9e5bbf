"""Files as officials send them, and what becomes of them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhida.service.registry.imports.services import confirm, receive
from zhida.service.sheets.writing import write_workbook
from zhida.service.work.worker import run_all
from zhida.standards.identifiers import id_number_check_character, uscc_check_character

HOME = "621025"


def uscc(number: int, start: str = "91621025MA") -> str:
    first = f"{start}{number:07}"
    return first + uscc_check_character(first)


def id_number(number: int, born: str = "19900101") -> str:
    first = f"621025{born}{number:03}"
    return first + id_number_check_character(first)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def upload(db, media, intake):
    """`upload("employers", headings, rows)`: a batch that has been read, from an .xlsx or a .csv."""

    def uploaded(kind, headings, rows, form="xlsx", user=None, region=HOME, encoding="utf-8"):
        if form == "xlsx":
            file = io.BytesIO()
            write_workbook(file, headings, rows)
            content = file.getvalue()
        else:
            text = "\r\n".join(
                ",".join("" if v is None else str(v) for v in row) for row in (headings, *rows)
            )
            content = text.encode(encoding)
        batch = receive(user or intake, kind, region, SimpleUploadedFile(f"{kind}.{form}", content))
        run_all("test")
        batch.refresh_from_db()
        return batch

    return uploaded


@pytest.fixture
def apply(intake):
    """Confirms a batch and has it applied."""

    def applied(batch, user=None):
        confirm(batch, user or intake)
        run_all("test")
        batch.refresh_from_db()
        return batch

    return applied


def counts(batch) -> tuple[int, int, int, int]:
    return batch.new, batch.changed, batch.unchanged, batch.wrong


def problems(batch) -> dict[int, list[list[str]]]:
    return {row.number: row.content["problems"] for row in batch.rows.filter(outcome="wrong")}
