"""Employers and persons, for officials: within their region, masked until opened, exported harmlessly."""

import pytest
from tests.service.registry.conftest import id_number, uscc

from zhida.service.audit.models import Entry
from zhida.service.registry.models import Employer, Person, Record
from zhida.service.secrecy.sealing import keyed_hash


@pytest.fixture
def employer(db):
    return Employer.objects.create(
        number=uscc(1),
        name="=好味<b>餐馆",
        region="621025",
        contact="李梅",
        phone="13800001234",
        bank_account="6222000011112222",
        facts={"org_type": "企业", "industry": "H62", "staff": 10, "revenue": "123.5"},
        origins=[{"source": "导入 1", "on": "2022-10-01", "keys": ["staff"]}],
    )


@pytest.fixture
def person(db):
    return Person.objects.create(
        number=id_number(1), number_hash=keyed_hash(id_number(1)), name="张三", phone="13800001234",
        region="621025", facts={"education": "本科", "groups": ["农民工"]},
    )  # fmt: skip


def text_of(response) -> str:
    assert response.status_code == 200
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def test_search_by_name_number_type_and_industry(client_of, intake, employer):
    Employer.objects.create(
        number=uscc(2), name="二号商店", region="621025", facts={"org_type": "个体工商户"}
    )
    client = client_of(intake)
    for query in ("words=好味", f"words={uscc(1)}", f"words=好味 {uscc(1)[:6]}", "kind=企业", "industry=h6"):
        text = text_of(client.get(f"/registry/?{query}"))
        assert "好味" in text and "二号商店" not in text, query
    assert "没有找到" in text_of(client.get("/registry/?words=没有的"))


def test_a_list_takes_few_queries_and_is_not_counted_to_its_end(
    client_of, intake, django_assert_max_num_queries
):
    rows = [Employer(number=uscc(n), name=f"{n}号", region="621025") for n in range(1100)]
    Employer.objects.bulk_create(rows)
    client = client_of(intake)
    with django_assert_max_num_queries(10):
        text = text_of(client.get("/registry/?page=2"))
    assert "超过 1000 家" in text and "50号" in text


def test_markup_in_a_name_is_text(client_of, intake, employer):
    text = text_of(client_of(intake).get("/registry/"))
    assert "&lt;b&gt;" in text and "<b>餐馆" not in text


def test_another_region_sees_nothing(client_of, intake_elsewhere, employer, person):
    client = client_of(intake_elsewhere)
    assert "好味" not in text_of(client.get("/registry/"))
    assert client.get(f"/registry/employers/{employer.number}/").status_code == 404
    assert client.get(f"/registry/persons/{person.pk}/").status_code == 404


def test_an_employers_page_shows_facts_with_sources_and_what_it_could_get(
    client_of, intake, employer, person, django_assert_max_num_queries
):
    Record.objects.create(
        entity="hire", key="h1", employer=employer, person=person, region="621025",
        facts={"hired_on": "2022-07-10"},
    )  # fmt: skip
    client = client_of(intake)
    with django_assert_max_num_queries(30):
        text = text_of(client.get(f"/registry/employers/{employer.number}/"))
    assert "导入 1" in text and "10 人" in text and "失业保险稳岗返还" in text
    assert "138****1234" in text and "13800001234" not in text and "张三" not in text and "张*" in text


def test_a_person_is_masked_until_somebody_who_may_opens_it_and_that_is_noted(
    client_of, intake, auditor, person
):
    client = client_of(intake)
    text = text_of(client.get(f"/registry/persons/{person.pk}/"))
    assert "张三" not in text and id_number(1) not in text
    opened = text_of(client.post(f"/registry/persons/{person.pk}/open/"))
    assert "张三" in opened and id_number(1) in opened
    entry = Entry.objects.get(action="registry/opened")
    assert (entry.actor, entry.subject) == (intake.username, f"person:{person.pk}")
    assert client_of(auditor).post(f"/registry/persons/{person.pk}/open/").status_code == 403


def test_a_person_is_found_by_the_whole_number_which_stands_in_no_address(client_of, intake, person):
    client = client_of(intake)
    assert "张*" in text_of(client.post("/registry/persons/", {"number": id_number(1).lower()}))
    assert "不合编码规则" in text_of(client.post("/registry/persons/", {"number": id_number(1)[:17] + "Y"}))
    assert "没有找到" in text_of(client.post("/registry/persons/", {"number": id_number(2)}))
    assert Entry.objects.filter(action="registry/person looked for").count() == 2


def test_exports_are_noted_escaped_and_hold_nobody(client_of, intake, supervisor, employer, person):
    client = client_of(intake)
    text = text_of(client.get("/registry/employers.csv"))
    assert f"\r\n{uscc(1)},'=好味<b>餐馆,621025,企业" in text and "13800001234" not in text
    people = text_of(client.get("/registry/persons.csv"))
    assert "张*" in people and "张三" not in people and id_number(1) not in people
    assert Entry.objects.filter(action="registry/exported").count() == 2
    assert client_of(supervisor).get("/registry/employers.csv").status_code == 403


def test_what_was_exported_changes_nothing_when_imported(client_of, intake, employer, upload):
    import csv
    import io

    text = text_of(client_of(intake).get("/registry/employers.csv")).lstrip("\ufeff")
    headings, *rows = csv.reader(io.StringIO(text))
    rows[0][1] = rows[0][1].removeprefix("'")
    batch = upload("employers", headings, rows)
    assert (batch.unchanged, batch.wrong, batch.ignored) == (1, 0, ["经办地区"])
