"""What a request says: place, day and measures in its address, a case in its body; with all that is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zhida.decide import Case, Problem, build_case
from zhida.decide.fact_values import Wrong, parse_date
from zhida.decide.input import read_case_bytes, shown
from zhida.library import Library
from zhida.service import clock
from zhida.service.api.problems import Refusal
from zhida.standards.regions import is_region_code

JSON = ("application/json", "")
BODY = "body"


@dataclass(slots=True)
class Asked:
    """Place, day and measures as the address gives them; None and none where it does not."""

    region: str | None = None
    on: date | None = None
    measures: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    def refuse(self, name: str, code: str, found: Any, expected: str) -> None:
        self.problems.append(Problem(name, code, shown(found), expected))
        self.bad.add(name)

    def checked(self) -> Asked:
        """Itself; raises Refusal with what is wrong."""
        if self.problems:
            raise Refusal(422, "the request cannot be read", self.problems)
        return self


def asked(library: Library, region: str | None, on: str | None, measures: Iterable[str] = ()) -> Asked:
    """Read the parameters; what is wrong is collected."""
    found = Asked()
    if region is not None and is_region_code(region):
        found.region = region
    elif region is not None:
        found.refuse("region", "region/malformed", region, "six digits of GB/T 2260 such as 621025")
    if on is not None:
        try:
            found.on = parse_date(on)
        except Wrong as wrong:
            found.refuse("on", wrong.code, on, wrong.expected)
    for key in measures:
        if key in library.measures:
            found.measures += (key,)
        else:
            near = difflib.get_close_matches(key, library.measures, 1, 0.5)
            hint = f" (did you mean {near[0]}?)" if near else ""
            found.refuse("measure", "option/unknown-measure", key, f"the key of a measure{hint}")
    return found


def place_and_day(library: Library, region: str | None, on: str | None) -> tuple[str, date]:
    """The home region and today where nothing is said. Raises Refusal."""
    found = asked(library, region, on).checked()
    return found.region or settings.ZHIDA_HOME_REGION, found.on or clock.today()


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    """The mapping in the body. Raises Refusal."""
    if request.content_type not in JSON:
        raise Refusal(415, f"found {request.content_type}, expected application/json")
    raw = read_case_bytes(request.body, BODY)
    if raw.problems:
        raise Refusal(422, "the body cannot be read", raw.problems)
    data: Mapping[str, Any] = raw.data
    return data


def case_of(library: Library, data: Mapping[str, Any], found: Asked) -> Case:
    """The case, with what the address overrides. Raises Refusal with everything that is wrong."""
    case, problems = build_case(library, data, found.region, found.on)
    problems = [*found.problems, *(p for p in problems if p.path not in found.bad)]
    if case is None or problems:
        raise Refusal(422, "the case cannot be decided", problems)
    return case
