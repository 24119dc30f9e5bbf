"""An application as a program hands it in: read, checked whole, and made a draft like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from zhida.decide import Problem, decide
from zhida.decide.decision import Decision, plain
from zhida.decide.input import shown
from zhida.service.api.asked import Asked, case_of
from zhida.service.api.problems import Refusal
from zhida.service.applications import drafts
from zhida.service.applications.forms import account_fields, people_rows, who_fields
from zhida.service.applications.identity import IdNumberField, TidyField
from zhida.service.applications.models import Draft
from zhida.service.applications.offers import refusal
from zhida.service.applications.review import Fault
from zhida.service.cases.services import provision_of
from zhida.service.law import library

PARTS = ("case", "applicant", "people", "provisions")
LARGEST = 200


@dataclass(frozen=True, slots=True)
class Application:
    """What to apply for, who applies, and whom the rows of lists are about."""

    case: Mapping[str, Any]
    applicant: Mapping[str, str]
    people: Mapping[str, Mapping[str, str]]
    provisions: tuple[str, ...]


def application_of(told: Mapping[str, Any], further: Iterable[str] = ()) -> Application:
    """The body's parts. Raises Refusal with all that is not of its form."""
    problems = [
        Problem(key, "key/unknown", shown(key), f"one of {', '.join((*PARTS, *further))}")
        for key in told.keys() - {*PARTS, *further}
    ]
    case, applicant, people = (told.get(part, {}) for part in ("case", "applicant", "people"))
    provisions = told.get("provisions")
    for name, part in (("case", case), ("applicant", applicant), ("people", people)):
        if not isinstance(part, dict):
            problems.append(Problem(name, "type/mapping", shown(part), "a mapping"))
    if not isinstance(provisions, list) or not provisions or not all(_is_text(p) for p in provisions):
        expected = "a list of provisions such as job-retention-refund:ZN91-030"
        problems.append(Problem("provisions", "type/list", shown(provisions), expected))
    problems += _not_texts("applicant", applicant)
    for row, person in people.items() if isinstance(people, dict) else ():
        if not isinstance(person, dict):
            problems.append(Problem(f"people.{row}", "type/mapping", shown(person), "name and number"))
        problems += _not_texts(f"people.{row}", person)
    if problems:
        raise Refusal(422, "the application cannot be read", problems)
    return Application(case, applicant, people, tuple(dict.fromkeys(provisions or ())))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LARGEST


def _not_texts(path: str, part: Any) -> Iterator[Problem]:
    for key, value in part.items() if isinstance(part, dict) else ():
        if not _is_text(value):
            yield Problem(
                f"{path}.{key}", "type/text", shown(value), f"a text of at most {LARGEST} characters"
            )


def draft_of(application: Application, user: Any) -> Draft:
    """The application as the user's draft, as of today. In the caller's transaction. Raises Refusal."""
    case = case_of(library(), application.case, Asked())
    facts = {key: _plain(value) for key, value in application.case.items() if key not in ("region", "on")}
    draft, _ = drafts.start(case.region, case.on, facts=facts)
    drafts.adopt(draft, user)
    drafts.apply_today(draft)
    built = case_of(library(), {**application.case, "on": draft.on.isoformat()}, Asked())
    decisions = {provision_of(d.rule): d for d in decide(library(), built).decisions}
    problems = list(_wrong_provisions(application.provisions, decisions))
    chosen = [decisions[key] for key in application.provisions if key in decisions]
    kind = chosen[0].rule.payee if chosen else "employer"
    applicant, wrong = _cleaned("applicant", application.applicant, {**who_fields(kind), **account_fields()})
    problems += wrong
    rows, wrong = _people(draft, application.people, chosen)
    problems += wrong
    if problems:
        raise Refusal(422, "the application cannot be taken", problems)
    drafts.change(draft, chosen=list(application.provisions), audience=kind, applicant=applicant, rows=rows)
    return draft


def _plain(value: Any) -> Any:
    """As JSON keeps it; numbers as text, that no decimal is lost."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return plain(value)


def _wrong_provisions(wanted: Iterable[str], decisions: Mapping[str, Decision]) -> Iterator[Problem]:
    """What there is not, what cannot be applied for, and what is for others than the first."""
    payees: dict[str, str] = {}
    for key in wanted:
        decision = decisions.get(key)
        if decision is None:
            expected = "a provision of this place, as measure:row of a decision"
            yield Problem("provisions", "provision/unknown", shown(key), expected)
        elif because := refusal(decision):
            yield Problem(
                "provisions", "provision/refused", shown(key), f"one that is open to you ({because})"
            )
        else:
            payees[key] = decision.rule.payee
    if len(set(payees.values())) > 1:
        expected = "provisions for employers, or for persons, in one application"
        yield Problem("provisions", "provision/mixed", shown("、".join(payees)), expected)


def _people(
    draft: Draft, told: Mapping[str, Mapping[str, str]], chosen: Iterable[Decision]
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    known = set(people_rows(draft, [decision.rule.unit for decision in chosen]))
    fields = {"name": TidyField(spaces=True), "number": IdNumberField()}
    rows: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for row, person in told.items():
        if row not in known:
            expected = f"one of {', '.join(sorted(known))}" if known else "nobody: no row is about a person"
            problems.append(Problem(f"people.{row}", "id/unknown", shown(row), expected))
            continue
        rows[row], wrong = _cleaned(f"people.{row}", person, fields)
        problems += wrong
    return rows, problems


def _cleaned(
    path: str, told: Mapping[str, str], fields: Mapping[str, Any]
) -> tuple[dict[str, str], list[Problem]]:
    """Values as the form of the site would keep them."""
    clean: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in told.items():
        if key not in fields:
            expected = f"one of {', '.join(fields)}"
            problems.append(Problem(f"{path}.{key}", "key/unknown", shown(key), expected))
            continue
        try:
            clean[key] = fields[key].clean(value)
        except ValidationError as wrong:
            problems.append(Problem(f"{path}.{key}", "value/invalid", shown(value), str(wrong.messages[0])))
    return clean, problems


def faults_as_problems(faults: Iterable[Fault]) -> list[Problem]:
    """What is in the way of submitting, with the path that a program knows."""
    return [Problem(_path(fault.field), "application/incomplete", "nothing", fault.text) for fault in faults]


def _path(field: str) -> str:
    kind, _, rest = field.partition(":")
    if kind == "who":
        return f"applicant.{rest}"
    return f"people.{rest.replace(':', '.')}" if kind == "row" else "provisions"
