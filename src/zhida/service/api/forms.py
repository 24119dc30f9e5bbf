"""What goes in and out, as the OpenAPI description says it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ninja import Query, Schema
from pydantic import ConfigDict

from zhida.decide import Problem
from zhida.decide.input import shown
from zhida.guide.provision import Guide
from zhida.service.api.problems import Refusal

REGION = Query(None, description="Region, six digits of GB/T 2260.")
ON = Query(None, description="Day, YYYY-MM-DD.")
MEASURES = Query([], description="Decide only these measures.")
WORDS = Query("", description="Words to look for.", max_length=100)
REFUSED_MOST = 1000


class Form(Schema):
    model_config = ConfigDict(from_attributes=True)


def body(name: str) -> dict[str, Any]:
    """A required JSON body of a form that is described in the document."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


class Place(Form):
    code: str
    name: str


class CatalogueEntry(Form):
    """A measure; `regions` are those whose own documents enact it."""

    measure: str
    name: str
    aliases: list[str]
    english: str
    summary: str
    audience: str
    life_events: list[str]
    unit: str
    payee: str
    kind: str
    regions: list[Place]


class Catalogue(Form):
    library: str
    measures: list[CatalogueEntry]


class Who(Form):
    audience: str
    unit: str
    payee: str


class Worth(Form):
    kind: str
    formula: str
    months: str
    note: str


class Window(Form):
    window: str
    status: str
    is_open: bool
    event: str


class Step(Form):
    number: int
    actor: str
    action: str
    days: int | None
    publicity_days: int | None


class Phone(Form):
    number: str
    printed: str


class Basis(Form):
    number: str
    title: str
    issuer: str
    issued: date | None
    clause: str
    row: str


class Condition(Form):
    id: str
    label: str
    reading: str
    review: str
    interpretations: list[str]


class Figure(Form):
    key: str
    name: str
    value: str
    source: str


class Interpretation(Form):
    id: str
    question: str
    answer: str


class MeasureGuide(Form):
    """One provision of a measure in words; what the text does not have is empty."""

    measure: str
    name: str
    title: str
    summary: str
    region: str
    region_name: str
    who: Who
    worth: Worth
    stop_events: list[str]
    limits: list[str]
    not_with: list[str]
    when: Window
    mode: str
    channel: str
    steps: list[Step]
    materials: list[str]
    fund: str
    permitted_use: list[str]
    payee_account: str
    office: str
    phone: Phone
    basis: Basis
    upper: list[str]
    notes: str
    conditions: list[Condition]
    figures: list[Figure]
    interpretations: list[Interpretation]


class Guides(Form):
    library: str
    region: str
    on: date
    provisions: list[MeasureGuide]


def guide_form(guide: Guide) -> dict[str, Any]:
    """The guide with what needs a form of its own put flat."""
    fields = {name: getattr(guide, name) for name in MeasureGuide.model_fields if hasattr(guide, name)}
    return {
        **fields,
        "not_with": [key for key, _ in guide.alternatives.measures],
        "mode": guide.how.mode if guide.how else "",
        "channel": guide.how.channel if guide.how else "",
    }


class Unit(Form):
    id: str
    verdict: str
    amount: str | None
    limit: str | None = None


class Traced(Form):
    """A condition for one unit: true, false, "review", or null where facts are missing."""

    unit: str
    id: str
    label: str
    verdict: bool | str | None
    expression: str
    facts: dict[str, Any]
    parameters: dict[str, Any]
    interpretations: list[str]


class Decision(Form):
    measure: str
    name: str
    document: str
    clause: str
    row: str
    verdict: str
    amount: str | None
    amount_range: list[str | None] | None
    amount_note: str | None
    schedule: dict[str, Any] | None
    components: list[dict[str, Any]] | None
    units: list[Unit]
    conditions: list[Traced]
    missing: list[str]
    interpretations: list[str]
    to_become_eligible: dict[str, Any] | None


class Combination(Form):
    total: str
    chosen: list[dict[str, Any]]
    given_up: list[dict[str, Any]]


class NextFact(Form):
    fact: str
    question: str
    would_settle: list[str]


class Outcome(Form):
    """What `zhida decide --json` prints."""

    library: str
    region: str
    on: date
    decisions: list[Decision]
    package: Combination
    next_question: NextFact | None


class Question(Form):
    """A question in words; `kind` is the fact's type, or "rows": how many of something there are."""

    key: str
    text: str
    help: str
    kind: str
    unit: str
    options: list[str]
    several: bool
    source: str
    asked: bool
    concerns: list[str]


class Turn(Form):
    """How many of the measures that are open are settled, and what to ask next."""

    settled: int
    total: int
    question: Question | None


class ReviewedProvision(Form):
    """`because` says why it is left out; `given_up` what something better takes from it."""

    provision: str
    title: str
    verdict: str
    amount: str
    basis: str
    is_submitted: bool
    because: str
    given_up: str
    missing: list[str]


class InTheWay(Form):
    path: str
    expected: str


class PackageReview(Form):
    """A package as it would be submitted now; `seen` changes when any of this does."""

    provisions: list[ReviewedProvision]
    commitment: str
    seen: str
    in_the_way: list[InTheWay]


class CaseStep(Form):
    number: int
    actor: str
    action: str
    standing: str
    deadline: str
    counting: str


class CaseStatus(Form):
    number: str
    measure: str
    title: str
    document: str
    clause: str
    verdict: str
    amount: str | None
    state: str
    state_text: str
    is_closed: bool
    to_do: str
    office: str
    phone: str
    steps: list[CaseStep]


class PackageStatus(Form):
    number: str
    region: str
    on: date
    submitted_at: datetime
    cases: list[CaseStatus]


def interview_parts(told: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str], list[str]]:
    """Case, refused keys and measures of an interview's body. Raises Refusal."""
    problems = [
        Problem(key, "key/unknown", shown(key), "case, refused or measures")
        for key in told.keys() - {"case", "refused", "measures"}
    ]
    case = told.get("case")
    if not isinstance(case, dict):
        problems.append(Problem("case", "type/mapping", shown(case), "a case, as for decide"))
    lists = [told.get(name, []) for name in ("refused", "measures")]
    for name, found in zip(("refused", "measures"), lists, strict=True):
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            problems.append(Problem(name, "type/list", shown(found), "a list of keys"))
        elif len(found) > REFUSED_MOST:
            problems.append(Problem(name, "list/too-long", f"{len(found)} keys", f"at most {REFUSED_MOST}"))
    if problems:
        raise Refusal(422, "the request cannot be read", problems)
    assert isinstance(case, dict)
    return case, lists[0], lists[1]
