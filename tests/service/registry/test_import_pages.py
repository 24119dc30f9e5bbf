"""The pages of an import: templates, uploads that are refused, the preview, the wrong rows given back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.registry.conftest import id_number, uscc

from zhida.service.registry.imports.kinds import KINDS
from zhida.service.registry.models import Batch
from zhida.service.sheets.opening import open_sheet
from zhida.service.sheets.sheet import MOST_BYTES
from zhida.service.work.worker import run_all


def sent(client, name, content, kind="employers", region="621025"):
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/new/", {"kind": kind, "region": region, "file": file})


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_can_be_filled_in_and_imported(client_of, intake, tmp_path, kind):
    path = tmp_path / "a.xlsx"
    path.write_bytes(client_of(intake).get(f"/imports/template/{kind}.xlsx").content)
    headings = open_sheet(path, "a.xlsx").headings
    assert len(headings) == len(KINDS[kind].columns)
    assert headings[0].rstrip("*") == str(KINDS[kind].columns[0].name)


def test_an_upload_is_shown_as_it_goes_and_what_it_would_change(client_of, intake, media):
    client = client_of(intake)
    content = (
        f"公民身份号码,姓名,联系电话\n{id_number(1)},张三,13800001234\n{id_number(2)},李\x07四,\n".encode()
    )
    response = sent(client, "a.csv", content, "persons")
    page = response["Location"]
    assert 'hx-trigger="every 1s"' in client.get(page).content.decode()
    assert client.get(f"{page}?part=progress", headers={"HX-Request": "true"}).status_code == 200
    run_all("test")
    answer = client.get(f"{page}?part=progress", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    text = client.get(page).content.decode()
    assert "张*" in text and "张三" not in text and id_number(1) not in text
    assert "控制字符（U+0007）" in client.get(f"{page}?outcome=wrong").content.decode()


def test_wrong_rows_come_back_with_their_row_and_reason(client_of, intake, media, tmp_path):
    client = client_of(intake)
    page = sent(client, "a.csv", f"uscc,name\n{uscc(1)},=1+1\n{uscc(1)[:17]}0,@二\n".encode())["Location"]
    run_all("test")
    path = tmp_path / "errors.xlsx"
    path.write_bytes(b"".join(client.get(f"{page}errors.xlsx").streaming_content))
    sheet = open_sheet(path, "errors.xlsx")
    ((_row, cells),) = sheet.rows()
    assert sheet.headings == ("原行号", "错误原因", "uscc", "name")
    assert cells[0] == 3 and "校验位" in cells[1] and cells[3] == "@二"


def test_a_file_for_another_region_than_ones_own_is_refused(client_of, intake, media):
    response = sent(client_of(intake), "a.csv", b"uscc,name\n", region="150202")
    assert response.status_code == 200 and not Batch.objects.exists()


def test_a_file_too_large_is_refused_and_none_too(client_of, intake, media, settings):
    settings.ZHIDA_UPLOAD_MOST = 2 * MOST_BYTES
    client = client_of(intake)
    assert "MB" in sent(client, "a.csv", b"a" * (MOST_BYTES + 1)).content.decode()
    assert client.post("/imports/new/", {"kind": "employers", "region": "621025"}).status_code == 200
    assert not Batch.objects.exists()


def test_half_a_gigabyte_is_refused_before_a_byte_is_read(client_of, intake):
    class Unread(io.BytesIO):
        def read(self, *size):
            raise AssertionError("the body was read")

    response = client_of(intake).generic(
        "POST", "/imports/new/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=500 * 1024 * 1024,
        **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert response.status_code == 413


def test_a_batch_that_does_not_move_can_be_taken_up_again(client_of, intake, media):
    client = client_of(intake)
    page = sent(client, "a.csv", f"uscc,name\n{uscc(1)},一\n".encode())["Location"]
    Batch.objects.update(moved_at="2022-10-09T00:00+08:00")
    assert "继续" in client.get(page).content.decode()
    client.post(f"{page}resume/")
    run_all("test")
    assert Batch.objects.get().state == "staged"
