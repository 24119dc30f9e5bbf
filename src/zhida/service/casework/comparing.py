"""Two decisions of one case side by side: before and after a correction, the pinned one and today's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhida.decide import build_case, decide, to_json
from zhida.guide.verdicts import MARKS, VERDICTS
from zhida.guide.wording import key_name
from zhida.service.applications.facts import keys_of, value_at
from zhida.service.applications.review import amounts_of
from zhida.service.cases.models import Case
from zhida.service.cases.services import provision_of
from zhida.service.casework.trace import amount_text, fact_text, unit_name
from zhida.service.law import library


@dataclass(frozen=True, slots=True)
class Line:
    """What differs, in words; an empty side has none."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in the contract's form, what is left of it in the package, and the law it was made by."""

    decision: Mapping[str, Any]
    amount: Any
    library: str


class Undecidable(ValueError):
    """The facts make no case any more, or the law has no such provision; the text says which."""


def decided_again(case: Case, facts: Mapping[str, Any]) -> Decided:
    """The case's provision by today's law, on the case's own day; nothing is written. Raises Undecidable."""
    built, problems = build_case(library(), {**facts, "region": case.region, "on": case.on.isoformat()})
    if built is None:
        raise Undecidable("；".join(problem_text(problem) for problem in problems))
    measures = list(case.package.cases.values_list("measure", flat=True))
    outcome = decide(library(), built, measures)
    told = to_json(outcome)["decisions"]
    for decision, said in zip(outcome.decisions, told, strict=True):
        if (said["measure"], said["row"]) == (case.measure, case.row):
            amount = amounts_of(outcome, [decision])[provision_of(decision.rule)]
            return Decided(said, amount, outcome.library)
    raise Undecidable(_("现行政策库里没有这一条了。"))


def problem_text(problem: Any) -> str:
    return f"{key_name(library(), None, problem.path)}：{problem.expected}"


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Everything in which two decisions differ that a person decides by."""
    return [line for line in _lines(before, after) if line.before != line.after]


def _lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    yield Line(_("结论"), VERDICTS[before["verdict"]], VERDICTS[after["verdict"]])
    yield Line(_("金额"), amount_text(before), amount_text(after))
    old, new = _conditions(before), _conditions(after)
    for key in [*old, *(key for key in new if key not in old)]:
        label = (new.get(key) or old[key])["label"]
        yield Line(
            f"{unit_name(key[0], after['measure'])} · {label}", _mark(old.get(key)), _mark(new.get(key))
        )
        yield from _figures(label, old.get(key), new.get(key))


def _conditions(decision: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(c["unit"], c["id"]): c for c in decision["conditions"]}


def _mark(condition: Mapping[str, Any] | None) -> str:
    return MARKS[condition["verdict"]] if condition else ""


def _figures(label: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[Line]:
    before = old["parameters"] if old else {}
    after = new["parameters"] if new else {}
    for key in [*before, *(key for key in after if key not in before)]:
        yield Line(f"{label} · {key}", _figure(before.get(key)), _figure(after.get(key)))


def _figure(figure: Mapping[str, Any] | None) -> str:
    if not figure:
        return ""
    return " ".join(str(figure[name]) for name in ("value", "document", "clause") if figure.get(name))


def changed_facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """The facts that were corrected."""
    keys = dict.fromkeys((*keys_of(before), *keys_of(after)))
    found = []
    for key in keys:
        old, new = value_at(before, key), value_at(after, key)
        if old != new and not isinstance(old, list | dict) and not isinstance(new, list | dict):
            name = key_name(library(), None, key)
            found.append(Line(name, _said(key, old), _said(key, new)))
    return found


def _said(key: str, value: Any) -> str:
    return "" if value is None else fact_text(key, value)
