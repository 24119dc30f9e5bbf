"""What the self-check asks, screen by screen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.service.portal.restaurant import ANSWERS, MOST_SCREENS, SETTLED

from zhida.decide.question import next_question, open_questions
from zhida.service.applications import drafts
from zhida.service.applications.models import Draft
from zhida.service.law import library
from zhida.service.portal.forms import ScreenForm
from zhida.service.portal.screens import MOST, Screen, next_screen

pytestmark = pytest.mark.django_db
ON = date(2022, 10, 10)


def interview(audience: str, answers: dict[str, Any]) -> tuple[Draft, list[Screen]]:
    """A whole self-check in which nothing is known before, and each screen of it."""
    draft, _ = drafts.start("621025", ON, audience)
    screens: list[Screen] = []
    while (screen := next_screen(library(), drafts.decide(draft), draft.refused)) is not None:
        form = ScreenForm(draft, screen.keys, answers)
        assert form.is_valid(), form.errors
        drafts.answer_all(draft, *form.answers())
        screens.append(screen)
        assert len(screens) < 100, "the self-check does not end"
    return draft, screens


def test_a_restaurant_that_hired_one_graduate_is_settled_in_fifteen_screens():
    draft, screens = interview("employer", ANSWERS)
    assert len(screens) <= MOST_SCREENS
    decisions = [d for d in drafts.decide(draft).decisions if d.rule.measure in SETTLED]
    assert {d.rule.measure for d in decisions} == set(SETTLED)
    assert all(d.verdict != "unknown" and not d.missing for d in decisions)


@pytest.mark.parametrize("audience", ["employer", "person"])
def test_who_knows_nothing_is_asked_everything_once_and_then_no_more(audience):
    draft, screens = interview(audience, {})
    asked = [key for screen in screens for key in screen.keys]
    assert len(asked) == len(set(asked))
    assert set(draft.refused) == set(asked)


def test_nothing_is_asked_that_no_decision_waits_for():
    draft, _ = drafts.start("621025", ON, "employer")
    while True:
        outcome = drafts.decide(draft)
        screen = next_screen(library(), outcome, draft.refused)
        if screen is None:
            break
        waited_for = {q.fact for q in open_questions(library(), outcome.decisions, draft.refused)}
        assert set(screen.keys) <= waited_for
        assert 1 <= len(screen.keys) <= MOST
        form = ScreenForm(draft, screen.keys, ANSWERS)
        assert form.is_valid()
        drafts.answer_all(draft, *form.answers())


def test_a_screen_asks_the_next_question_of_the_core():
    """Or, in place of a rate that nobody has at hand, what the rate follows from."""
    draft, _ = drafts.start("621025", ON, "employer")
    for _ in range(6):
        outcome = drafts.decide(draft)
        question = next_question(library(), outcome.decisions, draft.refused)
        screen = next_screen(library(), outcome, draft.refused)
        assert question is not None and screen is not None
        assert question.fact in screen.keys
        form = ScreenForm(draft, screen.keys, ANSWERS)
        assert form.is_valid()
        drafts.answer_all(draft, *form.answers())


def test_yes_and_no_questions_about_one_party_are_one_checklist():
    _, screens = interview("employer", ANSWERS)
    checklists = [screen for screen in screens if screen.kind == "checklist"]
    assert {screen.owner for screen in checklists} == {"employer", "place"}
    assert all(key.startswith(f"{screen.owner}.") for screen in checklists for key in screen.keys)


def test_each_row_has_a_screen_of_its_own():
    _, screens = interview("employer", {**ANSWERS, "hires": "2"})
    rows = [screen for screen in screens if screen.kind == "row"]
    assert [screen.owner for screen in rows] == ["hires.h1", "hires.h2"]
    assert all(key.startswith(f"{screen.owner}.") for screen in rows for key in screen.keys)


def test_how_many_there_are_is_asked_for_all_lists_at_once():
    _, screens = interview("employer", ANSWERS)
    lists = [screen for screen in screens if screen.kind == "rows"]
    assert len(lists) == 1
    assert set(lists[0].keys) == {"hires", "placements", "internships", "loans", "bases"}


def test_a_layoff_rate_is_asked_through_the_headcounts_it_follows_from():
    _, screens = interview("employer", ANSWERS)
    asked = {key for screen in screens for key in screen.keys}
    assert {"employer.insured_last_year_start", "employer.insured_last_year_end"} <= asked
    assert "employer.layoff_rate_last_year" not in asked


def test_who_does_not_know_the_headcounts_is_asked_for_the_rate():
    unknown = {key: "" for key in ANSWERS if "insured_last_year" in key}
    _, screens = interview("employer", {**ANSWERS, **unknown})
    assert "employer.layoff_rate_last_year" in {key for screen in screens for key in screen.keys}
