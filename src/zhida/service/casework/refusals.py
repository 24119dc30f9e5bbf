"""What keeps a step from being taken, each with a sentence for the person who tried."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhida.service.cases.models import Case
from zhida.service.cases.states import NotPossible, State


class Refused(NotPossible):
    """Nothing was changed; the text says why."""


class Stale(Refused):
    """The case has moved since the page was shown."""


class NotYours(Refused):
    """The role, region or office of the actor does not cover it, or it is another person's turn."""


def stale(case: Case) -> Stale:
    state = State(case.state).label
    return Stale(_("这个案件刚被办过，现在是“%(state)s”。请看过最新情况再办。") % {"state": state})
