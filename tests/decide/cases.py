"""Facts that several tests start from."""

from __future__ import annotations

from typing import Any

from zhida.decide import Outcome, build_case, decide
from zhida.decide.decision import Decision
from zhida.decide.worked import changed
from zhida.library import Library

EMPLOYER: dict[str, Any] = {
    "region": "621025",
    "on": "2022-10-01",
    "employer": {
        "org_type": "企业",
        "size": "小型",
        "insured_last_year_end": 28,
        "layoff_rate_last_year": "0.10",
        "unemployment_contributions_last_year": "12345.67",
        "unemployment_contribution_months_last_year": 12,
        "seriously_dishonest": False,
        "labour_dispatch": False,
    },
    "hires": [
        {
            "id": "h1",
            "hired_on": "2022-07-10",
            "contract_months": 12,
            "unemployment_insured_months": 3,
            "identity_used_expansion": False,
            "person": {"graduated_on": "2022-06-30", "education": "本科", "unemployed": True},
        }
    ],
    "history": [],
}
"""The example of the contract: a small firm that hired one graduate."""


def outcome(library: Library, data: dict[str, Any], changes: dict[str, Any] | None = None) -> Outcome:
    """The outcome of `data` with dotted keys changed (None removes)."""
    case, problems = build_case(library, changed(data, changes or {}))
    assert case is not None, "\n".join(map(str, problems))
    return decide(library, case)


def decision(found: Outcome, measure: str, row: str | None = None) -> Decision:
    """The one decision on `measure` (of `row` where it has several)."""
    matching = [d for d in found.decisions if d.rule.measure == measure and row in (None, d.rule.row)]
    assert len(matching) == 1
    return matching[0]
