"""What entries say, for those who read them: each app lists its actions in `AppConfig.audit_actions`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps


@cache
def actions() -> Mapping[str, Any]:
    """Every action of every app, with the words for it."""
    return {
        action: words
        for app in apps.get_app_configs()
        for action, words in getattr(app, "audit_actions", {}).items()
    }


def action_text(action: str) -> str:
    """The words for an action; an old one that no app knows any more, as it is."""
    return str(actions().get(action, action))
