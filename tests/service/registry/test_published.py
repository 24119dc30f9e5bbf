"""The three published lists: for everybody, of a place and a day, and never of persons."""

import pytest
from django.core.cache import cache
from tests.service.registry.conftest import id_number, uscc

from zhida.service.accounts.models import Agency
from zhida.service.registry.models import Employer, Person
from zhida.service.secrecy.sealing import keyed_hash


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def served(db):
    facts = {"org_type": "企业", "industry": "H62"}
    Employer.objects.create(number=uscc(1), name="好味餐馆", region="621025", facts=facts)
    own = {"org_type": "个体工商户", "industry": "H62"}
    Employer.objects.create(number=uscc(2), name="张三小吃", region="621025", facts=own)
    for number in range(6):
        groups = ["农民工", "残疾人"] if number == 0 else ["农民工"]
        Person.objects.create(
            number=id_number(number), number_hash=keyed_hash(id_number(number)), name="李四",
            region="621025", facts={"groups": groups},
        )  # fmt: skip


def test_the_list_of_measures_of_a_place_and_a_day(client, db):
    text = client.get("/lists/measures/").content.decode()
    assert "失业保险稳岗返还" in text and "0934-6355457" in text and "正人社发〔2022〕91号" in text
    assert "包头" in client.get("/lists/measures/?region=150202").content.decode()
    assert "没有政策文件" in client.get("/lists/measures/?region=110101").content.decode()
    assert client.get("/lists/measures/?on=never").status_code == 400


def test_the_lists_as_files(client, served):
    for name in ("measures", "served", "agencies"):
        for form in ("csv", "xlsx"):
            response = client.get(f"/lists/{name}/?form={form}")
            assert response.status_code == 200
            assert f".{form}" in response["Content-Disposition"]
            b"".join(response.streaming_content)


def test_persons_are_counted_and_few_of_them_not_even_that(client, served):
    text = client.get("/lists/served/").content.decode()
    assert "农民工" in text and ">6<" in text and "不足 5" in text
    assert "李四" not in text


def test_names_of_organisations_are_published_and_of_one_person_businesses_are_not(client, served):
    text = client.get("/lists/served/industry-H62/").content.decode()
    assert "好味餐馆" in text and "张三小吃" not in text
    assert client.get("/lists/served/group-农民工/").status_code == 404
    assert client.get("/lists/served/type-企业/").status_code == 404


def test_agencies_of_the_place_and_of_those_above(client, office):
    Agency.objects.create(name="庆阳市人社局", region="621000", phone="0934-1")
    Agency.objects.create(name="东河区人社局", region="150202")
    text = client.get("/lists/agencies/").content.decode()
    assert "就业股" in text and "庆阳市人社局" in text and "东河区" not in text
