"""Words of the guide that the pages translate are all in the English catalogue."""

from pathlib import Path

import pytest
from django.utils import translation

import zhida.service.applications
from zhida.guide.answers import REASONS, NotUnderstood
from zhida.guide.verdicts import VERDICTS

CATALOGUE = Path(zhida.service.applications.__file__).parent / "locale/en/LC_MESSAGES/django.po"


@pytest.mark.parametrize(
    "text", sorted({*REASONS.values(), str(NotUnderstood("nothing")), *VERDICTS.values()})
)
def test_the_words_of_the_guide_are_translated(text):
    with translation.override("en"):
        assert translation.gettext(text).isascii()


def test_nothing_is_left_untranslated():
    entries = CATALOGUE.read_text(encoding="utf-8").split("\n\n")[1:]
    assert [entry for entry in entries if 'msgstr ""\n' in f"{entry}\n" or "fuzzy" in entry] == []
