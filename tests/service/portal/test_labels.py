"""The page's own words."""

from django.utils.translation import override

from zhida.guide.answers import REASONS, NotUnderstood
from zhida.service.applications.reasons import WORDS
from zhida.service.law import library
from zhida.service.portal.labels import COUNTS, ROWS, owner_label

FACTS = {"hires": [{"id": "h1"}, {"id": "h7"}]}


def test_every_list_of_a_case_has_words():
    lists = {entity.case_key for entity in library().entities.values() if entity.rows} - {"history"}
    assert set(COUNTS) == set(ROWS) == lists


def test_a_row_is_called_by_its_place_in_the_list():
    assert owner_label(FACTS, "hires.h7.person.education") == "第 2 名新招员工"
    assert owner_label(FACTS, "employer.size") == "本单位"
    assert owner_label(FACTS, "hires") == ""


def test_whatever_is_wrong_with_an_answer_can_be_said_in_english():
    assert {*REASONS.values(), str(NotUnderstood("something else"))} <= set(WORDS)


def test_labels_follow_the_language():
    with override("en"):
        assert owner_label(FACTS, "hires.h1") == "Hire no. 1"
