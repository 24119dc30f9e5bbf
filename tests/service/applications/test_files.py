"""Files as people send them."""

import errno
import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from zhida.service import clock
from zhida.service.applications import attachments, drafts
from zhida.service.applications.files import store
from zhida.service.applications.files.kinds import DOCX, XLSX, kind_of
from zhida.service.applications.files.names import harmless
from zhida.service.applications.files.refusal import FileRefused
from zhida.service.applications.models import Attachment
from zhida.service.applications.review import review_of
from zhida.service.applications.services import submit

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
PDF = b"%PDF-1.4\n%%EOF\n"
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
SHEET = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}


def office(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def kind(tmp_path, name, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    return kind_of(path, name)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PNG", PNG, "image/png"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.docx", office(WORD), DOCX),
        ("a.xlsx", office(SHEET), XLSX),
    ],
)
def test_the_content_says_what_a_file_is(tmp_path, name, content, expected):
    assert kind(tmp_path, name, content) == expected


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", PNG, "不一致"),
        ("a.png", b"<script>", "不一致"),
        ("a.docx", office(SHEET), "不一致"),
        ("a.xlsx", PDF, "不一致"),
        ("a.docx", b"PK\x03\x04 nothing", "损坏"),
        ("a.exe", b"MZ", "只收"),
        ("a.svg", b"<svg/>", "只收"),
        ("a.pdf", b"", "空的"),
        ("a", PDF, "只收"),
        ("a.docx", office(WORD | {"word/vbaProject.bin": b"x"}), "宏"),
        ("a.docx", office(WORD | {"../../evil": b"x"}), "结构"),
        ("a.xlsx", office(SHEET | {"xl/bomb.xml": b"0" * 20_000_000}), "太大"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path, name, content, why):
    with pytest.raises(FileRefused, match=why):
        kind(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\照片\\证书.jpg", "证书.jpg"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("ab\u202egpj.exe.pdf", "abgpj.exe.pdf"),
        ("<b>.pdf", "b.pdf"),
        ("…" * 200 + ".pdf", "…" * 96 + ".pdf"),
        ("", "-"),
        ("...", "-"),
    ],
)
def test_names_are_made_harmless(name, shown):
    assert harmless(name) == shown


@pytest.fixture
def draft(start):
    return start()[0]


def take(draft, name="a.pdf", content=PDF, material="合同"):
    return attachments.take(draft, material, SimpleUploadedFile(name, content))


def left(files):
    return [path for path in files.rglob("*") if path.is_file()]


def test_a_file_that_is_too_large_leaves_nothing(draft, files, settings):
    settings.ZHIDA_FILE_MOST = 1024**2
    with pytest.raises(FileRefused, match="1 MB"):
        take(draft, content=PDF + b"0" * 1024**2)
    assert left(files) == []


def test_a_draft_has_room_for_so_much_and_so_many(draft, files, settings):
    settings.ZHIDA_FILES_COUNT = 1
    take(draft)
    with pytest.raises(FileRefused, match="最多上传 1 个"):
        take(draft, content=PDF + b"2")
    settings.ZHIDA_FILES_COUNT, settings.ZHIDA_FILES_MOST = 9, len(PDF) + 1
    with pytest.raises(FileRefused, match="加起来"):
        take(draft, content=PDF + b"2")
    assert len(left(files)) == 1


def test_without_a_scanner_a_file_is_not_said_to_be_scanned(draft):
    assert take(draft).scanned is False


@pytest.mark.parametrize(("command", "message"), [("false", "安全检查"), ("no-such-program", "现在不能检查")])
def test_what_a_scanner_does_not_pass_is_refused_and_gone(draft, files, settings, command, message):
    settings.ZHIDA_SCAN = command
    with pytest.raises(FileRefused, match=message):
        take(draft)
    assert left(files) == []
    assert not Attachment.objects.exists()


def test_a_scanner_is_a_command_or_a_callable(draft, settings):
    settings.ZHIDA_SCAN = "test -s"
    assert take(draft).scanned
    settings.ZHIDA_SCAN = "os.path:exists"
    assert take(draft, content=PDF + b"2").scanned
    settings.ZHIDA_SCAN = lambda path: None
    with pytest.raises(FileRefused):
        take(draft, content=PDF + b"3")


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("place", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(draft, files, monkeypatch, place):
    monkeypatch.setattr(os, place, full)
    with pytest.raises(OSError, match="No space"):
        take(draft)
    assert left(files) == []
    assert not Attachment.objects.exists()
    assert drafts.Draft.objects.get().facts == draft.facts


def test_a_full_disk_is_said_on_a_page_and_the_answers_stay(client, start, monkeypatch):
    _, token = start()
    monkeypatch.setattr(store, "_write", full)
    client.raise_request_exception = False
    file = SimpleUploadedFile("a.pdf", PDF)
    response = client.post(f"/apply/{token}/materials/", {"material": "1", "file": file})
    assert response.status_code == 503
    assert "暂时" in response.content.decode()


def test_the_same_file_serves_two_materials_and_stays_until_both_are_gone(
    draft, files, django_capture_on_commit_callbacks
):
    first, second = take(draft), take(draft, material="身份证")
    with django_capture_on_commit_callbacks(execute=True):
        attachments.drop(draft, first.public)
    assert (files / second.path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.drop(draft, second.public)
    assert left(files) == []


def test_expired_drafts_go_with_their_files_and_packages_keep_theirs(
    start, applicant, files, django_capture_on_commit_callbacks
):
    old, _ = start()
    take(old)
    sent, _ = start(applicant)
    kept = take(sent)
    submit(sent, applicant, review_of(sent).commitment, "k1")
    start()
    drafts.Draft.objects.filter(pk__in=(old.pk, sent.pk)).update(expires_at=clock.now())
    out = io.StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("discard_drafts", stdout=out)
    assert out.getvalue() == "2 drafts deleted\n"
    assert drafts.Draft.objects.count() == 1
    assert left(files) == [files / kept.path]
    assert Attachment.objects.get().package is not None
