"""The public pages: front page, catalogue, guides, and what search engines read."""

from __future__ import annotations

import json
import re

import pytest

from zhida.service.law import library

pytestmark = pytest.mark.django_db


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def names(page: str) -> list[str]:
    return re.findall(r"/measures/([a-z-]+)/[^\"]*\">", page)


def test_the_front_page_says_what_is_open_today(client):
    assert "正宁县今天能办 25 项" in text(client, "/")


def test_the_catalogue_lists_what_the_place_has(client):
    page = text(client, "/measures/")
    assert "找到 25 项" in page
    assert "每人 1,000 元" in page
    assert "每人 1,500 元" in text(client, "/measures/?region=150200&q=吸纳")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("招聘", "hiring-subsidy"),
        ("下岗", "unemployment-assistance"),
        ("稳岗补贴", "job-retention-refund"),
        ("SKILLS upgrading", "skill-upgrade"),
        ("ｓｋｉｌｌｓ　upgrading", "skill-upgrade"),
    ],
)
def test_people_find_it_in_their_own_words(client, words, first):
    page = text(client, f"/measures/?q={words}")
    assert first in names(page)[:3]


def test_filters_narrow_the_catalogue(client):
    for_people = names(text(client, "/measures/?payee=person"))
    assert "skill-upgrade" in for_people
    assert "job-retention-refund" not in for_people
    assert "startup-loan-personal" in names(text(client, "/measures/?kind=loan"))
    assert "hiring-subsidy" in names(text(client, "/measures/?event=招人"))


def test_a_filter_that_is_none_is_no_filter(client):
    assert "找到 25 项" in text(client, "/measures/?payee=nobody&kind=x")


def test_what_the_place_does_not_have_is_shown_with_the_places_that_do(client):
    page = text(client, "/measures/?q=价格临时补贴")
    assert "没有符合的政策" in page
    assert "/measures/price-allowance/?region=620800" in page


def test_the_state_is_that_of_the_day(client):
    assert "已截止" in text(client, "/measures/?on=2023-06-01")
    assert "快截止" in text(client, "/measures/?on=2022-12-20")


@pytest.mark.parametrize("measure", sorted(library().measures))
def test_every_measure_has_a_guide_wherever_one_asks(client, measure):
    assert "其他地方和年份" in text(client, f"/measures/{measure}/")


def test_a_guide_answers_every_question(client):
    page = text(client, "/measures/job-retention-refund/")
    for words in (
        "谁能享受",
        "给多少",
        "怎么办",
        "材料",
        "找谁",
        "0934-6355457",
        "依据哪一条",
        "一(十)",
        "算一个例子",
    ):
        assert words in page, words


def test_provisions_of_one_measure_share_what_they_share(client):
    page = text(client, "/measures/pension-deferral/")
    assert page.count("缓缴养老保险费（困难行业）") >= 2
    assert page.count("自愿提出缓缴申请") == 1


def test_a_guide_follows_the_place_and_the_day(client):
    assert "1,500 元/人" in text(client, "/measures/hiring-subsidy/?region=150200")
    assert "正宁县的文件里没有这项政策" in text(client, "/measures/price-allowance/")


def test_search_engines_read_a_government_service(client):
    page = text(client, "/measures/hiring-subsidy/?region=150200&on=2022-07-01")
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
    assert found["@type"] == "GovernmentService"
    assert found["areaServed"]["name"] == "包头市"
    assert found["subjectOf"]["legislationIdentifier"] == "包人社办发〔2022〕78号"
    assert '<link rel="canonical" href="http://testserver/measures/hiring-subsidy/?region=150200">' in page
    assert 'hreflang="en" href="http://testserver/measures/hiring-subsidy/?region=150200&amp;lang=en"' in page
    assert re.search(r'<meta name="description" content="招用规定的毕业生[^"]+">', page)


def test_each_language_has_an_address(client):
    page = text(client, "/measures/hiring-subsidy/?lang=en")
    assert '<html lang="en">' in page
    assert "One-off hiring subsidy" in page
    assert "?lang=en" in re.search(r'rel="canonical" href="([^"]+)"', page)[1]


def test_robots_find_the_map_and_keep_out_of_private_pages(client):
    found = text(client, "/robots.txt")
    assert "Sitemap: http://testserver/sitemap.xml" in found
    assert "Disallow: /check/*/" in found


def test_the_map_lists_every_measure_where_it_is_enacted(client):
    found = text(client, "/sitemap.xml")
    assert found.startswith("<?xml")
    assert "http://testserver/measures/hiring-subsidy/?region=150200" in found
    assert all(f"/measures/{measure}/" in found for measure in library().measures)


@pytest.mark.parametrize(
    "query", ["region=99", "region=x%00", "on=2022-13-01", "on=gestern", "on=0000-00-00"]
)
def test_a_place_or_day_that_is_none_is_a_bad_request(client, query):
    answer = client.get(f"/measures/?{query}")
    assert answer.status_code == 400
    assert "读不懂" in answer.content.decode()


def test_a_measure_that_is_none_is_not_found(client):
    answer = client.get("/measures/no-such-measure/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


def test_words_cannot_become_markup(client):
    page = text(client, "/measures/?q=<script>alert(1)</script>")
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "address", ["/", "/measures/", "/measures/hiring-subsidy/", "/check/", "/sitemap.xml"]
)
def test_public_pages_ask_the_database_nothing(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(address)
