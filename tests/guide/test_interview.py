"""An interview as a value: what is known, what to ask, when it ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.guide.answers import NotUnderstood
from zhida.guide.interview import Interview, Unreadable, measures_for
from zhida.library import Library

FIRM = {"region": "621025", "on": "2022-10-01", "employer": {"org_type": "企业"}, "hires": []}


def refund(**employer: object) -> Interview:
    base = {**FIRM, "employer": {"org_type": "企业", "size": "小型", **employer}}
    return Interview(base, ("job-retention-refund",))


def test_the_question_says_what_may_be_answered_and_who_knows(library: Library) -> None:
    interview = Interview({"region": "621025", "on": date(2022, 10, 1), "employer": {}, "hires": []})
    question = interview.turn(library).question
    assert question is not None
    assert (question.key, question.kind) == ("employer.org_type", "choice")
    assert question.options[:2] == ("企业", "个体工商户")
    assert question.source
    assert "job-retention-refund" in question.concerns


def test_an_answer_makes_the_next_interview_and_leaves_this_one_as_it_was(library: Library) -> None:
    first = refund()
    second = first.answered(library, "employer.layoff_rate_last_year", "10%")
    assert second.data()["employer"]["layoff_rate_last_year"] == Decimal("0.1")
    assert "layoff_rate_last_year" not in first.data()["employer"]
    assert second.back() == first


def test_it_asks_until_all_is_settled(library: Library) -> None:
    interview, asked = refund(), []
    while (turn := interview.turn(library)).question is not None:
        asked.append(turn.question.key)
        answer = {"boolean": "否", "rate": "0", "choice": "1"}.get(turn.question.kind, "12")
        interview = interview.answered(library, turn.question.key, answer)
    assert len(asked) == len(set(asked)) > 2
    assert (turn.progress.settled, turn.progress.total) == (1, 1)


@pytest.mark.parametrize("answer", ["", "不知道", "?", " ？ "])
def test_what_is_not_known_is_not_asked_again(library: Library, answer: str) -> None:
    question = refund().turn(library).question
    assert question is not None
    after = refund().answered(library, question.key, answer)
    assert after.answers == ((question.key, None),)
    following = after.turn(library).question
    assert following is None or following.key != question.key


def test_an_answer_that_is_not_understood_says_why(library: Library) -> None:
    with pytest.raises(NotUnderstood, match="请填整数"):
        refund().answered(library, "employer.insured_last_year_end", "2.5")


def test_an_answer_that_contradicts_another_is_refused(library: Library) -> None:
    hire = {"id": "h1", "person": {"born_on": "2000-01-01"}}
    interview = Interview({**FIRM, "hires": [hire]})
    with pytest.raises(NotUnderstood, match="不能早于出生日期"):
        interview.answered(library, "hires.h1.hired_on", "1999-01-01")


def test_rows_are_asked_for_by_their_number(library: Library) -> None:
    interview = Interview({"region": "621025", "on": "2022-10-01"}, ("skill-upgrade",))
    question = interview.turn(library).question
    assert question is not None
    assert (question.kind, question.text) == ("rows", "有几项证书要办理？没有填 0。")
    after = interview.answered(library, question.key, "２")
    assert after.data()["certificates"] == [{"id": "c1"}, {"id": "c2"}]
    following = after.turn(library).question
    assert following is not None
    while not following.key.startswith("certificates."):
        after = after.answered(library, following.key, "")
        following = after.turn(library).question
        assert following is not None
    assert following.text.startswith("证书 c1 ")


def test_a_base_that_is_no_case_is_unreadable(library: Library) -> None:
    with pytest.raises(Unreadable) as caught:
        Interview({**FIRM, "employer": {"size": "小形"}}).turn(library)
    assert [problem.code for problem in caught.value.problems] == ["choice/unknown"]


def test_measures_are_chosen_by_who_is_paid(library: Library) -> None:
    firms, people = measures_for(library, "employer"), measures_for(library, "person")
    assert "job-retention-refund" in firms and "skill-upgrade" in people
    assert not set(firms) & set(people)
    assert set(firms) | set(people) <= set(measures_for(library, None)) == set(library.measures)
