"""The demo county: invented employers, people and cases, so that every page has something to look at.

Everything is drawn from a seed. Nobody and nothing in it exists: names are marked 演示, telephone numbers
have a local part that is never given out.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from zhida.service.accounts.models import User
from zhida.service.config.demo import people
from zhida.service.config.demo.activity import act
from zhida.service.config.demo.registered import register
from zhida.service.config.demo_accounts import ACCOUNTS

__all__ = ["ACCOUNTS", "build"]


def build(region: str = "", employers: int = 300, seed: int = 1) -> Sequence[tuple[str, str, str]]:
    """Fill an empty site, and say who may log in: user name, password, what they are.

    A site in which the first of them is there already stays as it is.
    """
    at = region or settings.ZHIDA_HOME_REGION
    if not User.objects.filter(username=ACCOUNTS[0][0]).exists():
        people.appoint(at)
        register(at, employers, seed)
        people.represent(at)
        act(at)
    return ACCOUNTS
