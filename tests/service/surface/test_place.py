"""Where and when a page is read, and how links keep it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import BadRequest
from django.template import Context, Template
from django.test import RequestFactory

from zhida.service.surface import place
from zhida.service.surface.place import Place

HOME = Place("621025", date(2022, 10, 10))


def test_without_a_query_it_is_home_and_today():
    assert place.read({}) == HOME
    assert HOME.query == ""
    assert HOME.is_today


def test_only_what_differs_is_carried_along():
    assert Place("150200", HOME.on).query == "?region=150200"
    assert Place("621025", date(2022, 7, 1)).query == "?on=2022-07-01"
    assert place.read({"region": "150200", "on": "2022-07-01"}).query == "?region=150200&on=2022-07-01"


@pytest.mark.parametrize("query", [{"region": "1"}, {"region": "999999"}, {"on": "2022-02-30"}, {"on": "x"}])
def test_nonsense_is_a_bad_request(query):
    with pytest.raises(BadRequest):
        place.read(query)


def test_a_page_about_something_fixes_its_place():
    request = RequestFactory().get("/?region=150200")
    place.show(request, HOME)
    assert place.of(request) == HOME
    assert place.is_fixed(request)


def test_an_address_of_a_template_keeps_the_place():
    context = Context({"place": Place("150200", HOME.on)})
    assert Template("{% place_url 'portal:measures' %}").render(context) == "/measures/?region=150200"


def test_the_same_page_with_another_parameter():
    context = Context({"request": RequestFactory().get("/measures/?q=a&page=3")})
    assert Template("{% same_page page=4 %}").render(context) == "/measures/?q=a&amp;page=4"
    assert Template("{% same_page page='' q='' %}").render(context) == "/measures/"
