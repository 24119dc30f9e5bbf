"""The endpoints that need no person: catalogue, guide, decide, what to ask next."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from zhida.decide import decide, to_text
from zhida.guide import catalogue as entries
from zhida.guide.interview import Interview, Unreadable
from zhida.guide.provision import guide_of
from zhida.guide.search import search
from zhida.library import resolve
from zhida.service.api import forms
from zhida.service.api.access import BearerToken, public
from zhida.service.api.asked import asked, body_of, case_of, place_and_day
from zhida.service.api.models import Scope
from zhida.service.api.problems import Refusal
from zhida.service.law import library

router = Router()
DECIDE = BearerToken(Scope.DECIDE)
MOST_WARNINGS = 3000


@router.get("/measures", auth=public, response=forms.Catalogue, summary="List the measures")
def list_measures(
    request: HttpRequest, q: str = forms.WORDS, region: str | None = forms.REGION, on: str | None = forms.ON
) -> dict[str, Any]:
    """Every measure, or those that the words of `q` find; with a region only those in force there."""
    law = library()
    place, day = place_and_day(law, region, on)
    keys = search(law, q) if q.strip() else tuple(law.measures)
    if region is not None:
        there = {rule.measure for rule in resolve(law, place, day)}
        keys = tuple(key for key in keys if key in there)
    return {
        "library": law.hash,
        "measures": [entries.entry_of(law, law.measures[key].definition) for key in keys],
    }


@router.get("/measures/{measure}", auth=public, response=forms.Guides, summary="The guide to a measure")
def show_measure(
    request: HttpRequest, measure: str, region: str | None = forms.REGION, on: str | None = forms.ON
) -> dict[str, Any]:
    """Who, how much, when, how, by which text: one guide for each provision of the place and day."""
    law = library()
    place, day = place_and_day(law, region, on)
    rules = [rule for rule in resolve(law, place, day) if rule.measure == measure]
    if not rules:
        raise Refusal(404, "no document of this place enacts such a measure")
    return {
        "library": law.hash,
        "region": place,
        "on": day,
        "provisions": [forms.guide_form(guide_of(law, rule, day)) for rule in rules],
    }


@router.post(
    "/decide",
    auth=DECIDE,
    response=forms.Outcome,
    summary="Decide a case",
    openapi_extra={"requestBody": forms.body("Case")},
)
def decide_case(
    request: HttpRequest,
    region: str | None = forms.REGION,
    on: str | None = forms.ON,
    measure: list[str] = forms.MEASURES,
) -> HttpResponse:
    """What the case is entitled to: the same as `zhida decide --json` prints. `region` and `on` override
    the case's own. Where a given fact contradicts what follows from others, `Zhida-Warnings` says so."""
    law = library()
    found = asked(law, region, on, measure)
    case = case_of(law, body_of(request), found)
    outcome = decide(law, case, found.measures)
    response = HttpResponse(to_text(outcome), "application/json")
    if outcome.warnings:
        response["Zhida-Warnings"] = json.dumps(outcome.warnings)[:MOST_WARNINGS]
    return response


@router.post(
    "/next-question",
    auth=DECIDE,
    response=forms.Turn,
    summary="What to ask next",
    openapi_extra={"requestBody": forms.body("Interview")},
)
def next_question(request: HttpRequest) -> dict[str, Any]:
    """The question whose answer could settle the most; null where no answer could change anything.

    `refused` are keys that were asked and are not known; `measures` limits what it is about.
    """
    law = library()
    told = body_of(request)
    case, refused, measures = forms.interview_parts(told)
    found = asked(law, None, None, measures)
    case_of(law, case, found)
    interview = Interview(case, found.measures, tuple((key, None) for key in refused))
    try:
        turn = interview.turn(law)
    except Unreadable as error:
        raise Refusal(422, "the case cannot be decided", error.problems) from error
    return {"settled": turn.progress.settled, "total": turn.progress.total, "question": turn.question}
