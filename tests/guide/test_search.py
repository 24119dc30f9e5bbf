"""Measures found by the words that people use."""

from __future__ import annotations

import pytest

from zhida.guide.search import EVERYDAY, search, words_of
from zhida.library import Library


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("稳岗返还", "job-retention-refund"),  # an alias
        ("失业保险稳岗返还", "job-retention-refund"),  # the name
        ("失业金", "unemployment-benefit"),
        ("ｓｋｉｌｌ－ｕｐｇｒａｄｅ", "skill-upgrade"),  # full-width, and the key
        ("One-Off HIRING subsidy", "hiring-subsidy"),
        ("直播 补贴", "ecommerce-subsidy"),  # two words
        (
            "招人　学徒",
            "apprenticeship-subsidy",
        ),  # a full-width blank between an occasion and a part of the name
    ],
)
def test_the_best_hit_comes_first(library: Library, words: str, first: str) -> None:
    assert search(library, words)[0] == first


@pytest.mark.parametrize("event", ["招人", "创业", "失业", "考证", "毕业", "经营困难", "融资", "社保缴费"])
def test_an_occasion_finds_what_is_filed_under_it(library: Library, event: str) -> None:
    filed = {key for key, m in library.measures.items() if event in m.definition.life_events}
    assert len(filed) > 1
    assert filed <= set(search(library, event))


def test_all_words_must_fit(library: Library) -> None:
    both = set(search(library, "个人 创业"))
    assert both == set(search(library, "个人")) & set(search(library, "创业"))
    assert both < set(search(library, "创业"))


@pytest.mark.parametrize(
    ("said", "filed"), [("招聘", "招人"), ("下岗", "失业"), ("开店", "创业"), ("证书", "考证")]
)
def test_everyday_words_find_at_least_what_their_occasion_finds(
    library: Library, said: str, filed: str
) -> None:
    assert set(search(library, filed)) <= set(search(library, said))


def test_everyday_words_stand_for_occasions_that_measures_have(library: Library) -> None:
    known = {event for m in library.measures.values() for event in m.definition.life_events}
    assert set(EVERYDAY.values()) <= known
    assert not set(EVERYDAY) & known


def test_no_words_find_all_and_nonsense_finds_nothing(library: Library) -> None:
    assert search(library, "　") == tuple(library.measures)
    assert search(library, "飞船") == ()


def test_words_are_parted_by_blanks_and_commas() -> None:
    assert words_of(" 招人，培训、ＡＢ  招人 ") == ("招人", "培训", "ab")
