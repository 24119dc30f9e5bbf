"""Drafts as applicants have them: a small restaurant of 正宁 that hired a graduate, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhida.service.applications import drafts
from zhida.service.applications.models import Draft
from zhida.standards.identifiers import id_number_check_character, uscc_check_character

ON = date(2022, 10, 10)
USCC = (first := "91621025MA7XXXXX0") + uscc_check_character(first)
ID_NUMBER = (first := "62102519990702001") + id_number_check_character(first)
RESTAURANT = {
    "employer": {
        "org_type": "企业",
        "industry": "H62",
        "size": "小型",
        "insured_last_year_end": "10",
        "insured_last_year_start": "10",
        "insured_now": "11",
        "unemployment_contributions_last_year": "12000",
        "unemployment_contribution_months_last_year": "12",
        "layoff_rate_last_year": "0",
        "seriously_dishonest": False,
        "labour_dispatch": False,
    },
    "hires": [
        {
            "id": "h1",
            "hired_on": "2022-07-10",
            "contract_months": "12",
            "unemployment_insured_months": "3",
            "person": {"education": "本科", "graduated_on": "2022-06-30", "unemployed": True},
        }
    ],
}
CHOSEN = ["job-retention-refund:ZN91-030", "hiring-subsidy:ZN91-002", "hiring-expansion:ZN91-006"]
APPLICANT = {"name": "正宁县好味餐厅", "number": USCC, "contact": "李梅", "phone": "13900001234"}
ROWS = {"hires.h1": {"name": "张三", "number": ID_NUMBER}}


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """A store of files for each test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def start(db: None) -> Callable[..., tuple[Draft, str]]:
    """`start(user=…, chosen=…, …)`: the restaurant's draft and its token."""

    def started(user: Any = None, facts: Any = RESTAURANT, **fields: Any) -> tuple[Draft, str]:
        draft, token = drafts.start("621025", ON, "employer", (), facts)
        if user is not None:
            drafts.adopt(draft, user)
        drafts.change(draft, **{"chosen": CHOSEN, "applicant": APPLICANT, "rows": ROWS} | fields)
        return draft, token

    return started
