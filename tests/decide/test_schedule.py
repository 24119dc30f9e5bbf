"""What may be paid in advance: an offer within the schedule, never more than its share, and the rest."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import POLICIES
from tests.decide.cases import EMPLOYER, decision, outcome
from zhida.library import Library, load

WAITING = "  status: deferred\n  resolves_with: 辽宁省一次性吸纳就业补贴标准\n  figures:\n"
"""LN25-007: the province lets half be paid in advance, and leaves the amount to another text."""

HIRE: dict[str, Any] = {
    "hired_on": "2020-11-10",
    "contract_months": 12,
    "person": {"graduated_on": "2020-06-30", "education": "本科", "unemployed": True},
}


@pytest.fixture(params=["777.77"])
def settled(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    """The project's library after 辽宁 has set the amount that LN25-007 waits for."""
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    path = root / "documents/210000/LN25.yaml"
    text = path.read_text(encoding="utf-8")
    assert WAITING in text
    amount = f'    每人标准: "{request.param}"\n' if request.param else ""
    figures = f"{amount}    适用单位类型: [企业]\n    适用规模: []\n    适用学历: [本科]\n    离校月数: 24\n"
    path.write_text(text.replace(WAITING, f"  figures:\n{figures}", 1), encoding="utf-8")
    library, diagnostics = load(root)
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return library


def schedule(library: Library, hires: int, waived: bool | None = True) -> dict[str, Any] | None:
    data = {
        "region": "210000",
        "on": "2020-12-01",
        "employer": {"org_type": "企业", "contributions_waived": waived},
        "hires": [{"id": f"h{i}", **HIRE} for i in range(hires)],
    }
    found = decision(outcome(library, data), "hiring-subsidy")
    assert found.verdict == "eligible"
    return found.schedule


def test_half_in_advance_is_rounded_down_and_the_rest_makes_the_whole(settled: Library) -> None:
    assert schedule(settled, 1) == {
        "kind": "one-off",
        "advance": {
            "share": "0.5",
            "amount": "388.88",
            "due": "社会保险费减免期内可以先拨",
            "balance": "388.89",
            "balance_due": "恢复缴纳社会保险费以后",
        },
    }


def test_the_parts_of_several_hires_add_up(settled: Library) -> None:
    found = schedule(settled, 3)
    assert found is not None
    assert (found["advance"]["amount"], found["advance"]["balance"]) == ("1166.65", "1166.66")


@pytest.mark.parametrize("waived", [False, None])
def test_a_firm_that_pays_its_contributions_gets_nothing_in_advance(
    settled: Library, waived: bool | None
) -> None:
    assert schedule(settled, 1, waived) == {"kind": "one-off"}


@pytest.mark.parametrize("settled", [None], indirect=True)
def test_of_an_amount_that_is_not_set_only_the_share_is_known(settled: Library) -> None:
    found = schedule(settled, 1)
    assert found is not None
    assert found["advance"] | {"due": "", "balance_due": ""} == {
        "share": "0.5", "amount": None, "due": "", "balance": None, "balance_due": "",
    }  # fmt: skip


def test_where_no_share_is_set_nothing_is_offered(library: Library) -> None:
    found = decision(outcome(library, EMPLOYER, {"employer.contributions_waived": True}), "hiring-subsidy")
    assert found.schedule == {"kind": "one-off"}
