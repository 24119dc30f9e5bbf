"""Taking out of a text what looks like personal data: the last guard of logs and of the audit.

Nothing that names people belongs there in the first place. Names have no form that could be recognised;
identifiers, telephone numbers, accounts and e-mail addresses have.
"""

from __future__ import annotations

import re

MASK = "[masked]"

# 15 digits: identity numbers before 1999; 16 to 19: bank cards; 17 and a check character: identity numbers.
LONG_NUMBER = r"(?<![0-9A-Za-z])\d{15,19}[Xx]?(?![0-9A-Za-z])"
SPACED_CARD = r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"
MOBILE = r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])"
LANDLINE = r"(?<![0-9A-Za-z])0\d{2,3}-\d{7,8}(?!\d)"
EMAIL = r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"

PERSONAL = re.compile("|".join((LONG_NUMBER, SPACED_CARD, MOBILE, LANDLINE, EMAIL)))


def mask(text: str) -> str:
    """The text with `[masked]` in place of identity numbers, telephones, cards and e-mail addresses."""
    return PERSONAL.sub(MASK, text)
