"""Every action that is recorded has words for those who read the audit."""

import re
from pathlib import Path

import zhida.service
from zhida.service.audit.wording import action_text, actions

# The first argument, which is the action; an f-string has no fixed words and must say so elsewhere.
RECORDED = re.compile(r"\b(?:record|note|_record|Event)\(\s*\"([^\"]+)\"")


def test_every_recorded_action_has_words():
    sources = Path(zhida.service.__file__).parent.rglob("*.py")
    found = {action for source in sources for action in RECORDED.findall(source.read_text(encoding="utf-8"))}
    assert "logged out" in found
    assert sorted(found - actions().keys()) == []


def test_an_action_of_earlier_times_is_shown_as_it_is():
    assert action_text("no longer known") == "no longer known"
    assert action_text("registered") == "注册"
