"""Words of the guide that the pages translate are all in the English catalogue."""

import pytest
from django.utils import translation

from zhida.guide.answers import REASONS, NotUnderstood
from zhida.guide.verdicts import VERDICTS


@pytest.mark.parametrize(
    "text", sorted({*REASONS.values(), str(NotUnderstood("nothing")), *VERDICTS.values()})
)
def test_the_words_of_the_guide_are_translated(text):
    with translation.override("en"):
        assert translation.gettext(text).isascii()
