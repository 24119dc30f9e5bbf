"""The requests of the API's page are sent, and answered as it shows."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from tests.docs.markdown import DOCS, Block, blocks
from zhida.service.accounts.models import Appointment, User
from zhida.service.api import tokens
from zhida.service.api.description import Api
from zhida.service.api.models import Scope
from zhida.service.api.urls import api

PAGE = DOCS / "api.md"


def exchanges() -> list[tuple[Block, Block]]:
    """Each request and the answer below it."""
    found = sorted([*blocks(PAGE, "http"), *blocks(PAGE, "json")], key=lambda block: block.line)
    return [(one, two) for one, two in pairwise(found) if (one.language, two.language) == ("http", "json")]


@pytest.mark.django_db
@pytest.mark.parametrize(("request_", "answer"), exchanges(), ids=lambda block: f"{block.line}")
def test_a_request_is_answered_as_shown(request_: Block, answer: Block, settings: Any):
    settings.ZHIDA_TODAY = date(2022, 10, 10)
    user = User.objects.create_user("payroll", "好味餐厅")
    Appointment.objects.create(user=user, role="applicant", region="621025")
    token = tokens.issue(user, "docs", Scope.values, days=1, per_minute=60, by="docs")[1]
    head, _, body = request_.text.partition("\n\n")
    method, path, _version = head.splitlines()[0].split(" ")
    headers = {"Authorization": f"Bearer {token}"} if "Authorization" in head else {}
    sent = Client().generic(method, path, body, "application/json", headers=headers)
    assert sent.status_code == int(answer.label), sent.content.decode()
    assert_shown(json.loads(answer.text), json.loads(sent.content), "")


def assert_shown(shown: Any, found: Any, path: str) -> None:
    """Whatever the page shows is there; what it leaves out may be."""
    if isinstance(shown, dict):
        for key, value in shown.items():
            assert key in found, f"{path}.{key}"
            assert_shown(value, found[key], f"{path}.{key}")
    elif isinstance(shown, list):
        assert len(shown) == len(found), (path, found)
        for number, (one, other) in enumerate(zip(shown, found, strict=True)):
            assert_shown(one, other, f"{path}[{number}]")
    else:
        assert shown == found, path


def test_every_endpoint_is_named():
    assert isinstance(api, Api)
    paths = {path.removeprefix("/api/v1") for path in api.get_openapi_schema()["paths"]}
    named = set(re.findall(r"^\| `(?:GET|POST) (\S+)`", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named == paths
