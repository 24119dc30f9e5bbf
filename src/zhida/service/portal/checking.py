"""The self-check: it starts, asks one screen after another, and says what came of it. Nobody logs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhida.decide import Outcome
from zhida.decide.fact_values import parse_fact
from zhida.decide.question import fact_of
from zhida.guide.answers import NotUnderstood, answer_text
from zhida.guide.interview import progress_of
from zhida.service.applications import drafts
from zhida.service.applications.facts import keys_of, value_at
from zhida.service.applications.models import Draft
from zhida.service.law import library
from zhida.service.portal.forms import ScreenForm, StartForm
from zhida.service.portal.labels import count_label, owner_label, screen_title
from zhida.service.portal.results import page_of
from zhida.service.portal.screens import Screen, next_screen
from zhida.service.portal.views import alternates
from zhida.service.surface import place

SHOWN_CONCERNS = 4


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Where, for whom, about what; `?measure=` asks about these measures only."""
    at = place.of(request)
    named = [key for key in request.GET.getlist("measure") if key in library().measures]
    form = StartForm(at, request.POST or None, initial=_initial(request, named))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        measures = named or form.measures()
        _, token = drafts.start(chosen["region"], at.on, chosen["audience"], measures)
        return redirect("portal:ask", token)
    names = [library().measures[key].definition for key in named]
    return render(
        request, "portal/start.html", {"form": form, "named": names, "alternates": alternates(request)}
    )


def _initial(request: HttpRequest, named: list[str]) -> dict[str, Any]:
    payees = {library().measures[key].definition.payee for key in named}
    asked = request.GET.get("audience", "")
    audience = asked or (payees.pop() if len(payees) == 1 else "")
    return {"audience": audience, "events": request.GET.getlist("event")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """The next screen, until no answer could change anything."""
    draft = _open(request, token)
    if draft.package_id is not None:
        return redirect("portal:result", token)
    if request.method == "POST":
        keys = _posted_keys(request)
        form = _form(draft, keys, request.POST)
        if form.is_valid() and _save(draft, form):
            return redirect(f"{request.path}?was={_whole(request.POST.get('settled'))}")
        return _screen(request, token, draft, _screen_of(keys), form, status=422)
    screen = next_screen(library(), _decide(draft), draft.refused)
    if screen is None:
        return redirect("portal:result", token)
    return _screen(request, token, draft, screen, _form(draft, screen.keys))


@never_cache
@require_safe
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that was answered, each to be changed."""
    draft = _open(request, token)
    context = {"token": token, "draft": draft, "given": [_given(draft, key) for key in _known_keys(draft)]}
    return render(request, "portal/answers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """One answer, given anew or taken back."""
    draft = _open(request, token)
    if draft.package_id is not None:
        return redirect("portal:result", token)
    if request.method == "POST" and "forget" in request.POST:
        drafts.forget(draft, key)
        return redirect("portal:answers", token)
    form = _form(draft, (key,), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _save(draft, form):
        return redirect("portal:ask", token)
    status = 422 if request.method == "POST" else 200
    return _screen(request, token, draft, _screen_of((key,)), form, status=status, changing=True)


@never_cache
@require_safe
def result(request: HttpRequest, token: str) -> HttpResponse:
    """What one can have, what is still open, and what not, with the reasons."""
    draft = _open(request, token)
    outcome = _decide(draft)
    context = {
        "token": token,
        "draft": draft,
        "page": page_of(outcome, draft.facts),
        "open": next_screen(library(), outcome, draft.refused) is not None,
        "link": request.build_absolute_uri(),
    }
    return render(request, "portal/result.html", context)


def _open(request: HttpRequest, token: str) -> Draft:
    """The draft behind a link, whose place the header then shows. Raises Http404."""
    try:
        draft = drafts.find(token, request.user)
    except drafts.NoDraft:
        raise Http404("draft") from None
    place.show(request, place.Place(draft.region, draft.on))
    return draft


def _decide(draft: Draft) -> Outcome:
    return drafts.decide(draft)


def _form(draft: Draft, keys: tuple[str, ...], data: Any = None) -> ScreenForm:
    """The questions under these keys. Raises BadRequest for a key that no case has."""
    try:
        return ScreenForm(draft, keys, data, initial={key: value_at(draft.facts, key) for key in keys})
    except KeyError:
        raise BadRequest("keys") from None


def _save(draft: Draft, form: ScreenForm) -> bool:
    """Keeps the answers; what contradicts itself is said at its field instead."""
    known, refused = form.answers()
    try:
        drafts.answer_all(draft, known, refused)
    except drafts.Contradiction as contradiction:
        for problem in contradiction.problems:
            field = problem.path if problem.path in form.fields else None
            form.add_error(field, gettext(str(NotUnderstood(problem.code))))
        return False
    except KeyError:
        raise BadRequest("keys") from None
    return True


def _posted_keys(request: HttpRequest) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(request.POST.getlist("key")))
    if not keys:
        raise BadRequest("keys")
    return keys


def _screen_of(keys: tuple[str, ...]) -> Screen:
    """A screen asked for by its keys, to be corrected or changed."""
    return Screen("one", "", "", keys, ())


def _screen(
    request: HttpRequest,
    token: str,
    draft: Draft,
    screen: Screen,
    form: ScreenForm,
    status: int = 200,
    changing: bool = False,
) -> HttpResponse:
    found = progress_of(_decide(draft))
    owner = owner_label(draft.facts, screen.owner or screen.keys[0])
    was = _whole(request.GET.get("was"))
    context = {
        "token": token,
        "draft": draft,
        "form": form,
        "screen": screen,
        "owner": owner,
        "title": screen_title(screen.kind, owner, screen.source) if len(screen.keys) > 1 else "",
        "concerns": [library().measures[key].definition for key in screen.concerns][:SHOWN_CONCERNS],
        "more_concerns": max(0, len(screen.concerns) - SHOWN_CONCERNS),
        "progress": found,
        "fell_back": found.settled < was,
        "changing": changing,
    }
    return render(request, "portal/ask.html", context, status=status)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to read back."""

    key: str
    owner: str
    question: str
    answer: str


def _known_keys(draft: Draft) -> list[str]:
    """What was answered in its order, then what was known from elsewhere."""
    known = keys_of(draft.facts)
    asked = [key for key in draft.asked if key in draft.refused or key in known]
    return [*asked, *(key for key in known if key not in asked and key.partition(".")[0] != "history")]


def _given(draft: Draft, key: str) -> Given:
    found, value = fact_of(library(), key), value_at(draft.facts, key)
    owner = owner_label(draft.facts, key)
    if found is None:
        text = gettext("不知道") if value is None else str(len(value))
        return Given(key, owner, str(count_label(key) or key), text)
    fact = found[1]
    typed = None if value is None else parse_fact(fact, value, draft.on)
    return Given(key, owner, fact.question, gettext(answer_text(fact, typed)))
