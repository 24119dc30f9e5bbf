"""Names to log in with: one spelling each."""

from __future__ import annotations

import re
import unicodedata

PHONE = re.compile(r"1[3-9][0-9]{9}")
EMAIL = re.compile(r"[a-z0-9_.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
OFFICIAL = re.compile(r"[a-z][a-z0-9._-]{2,39}")


def plain(text: str) -> str:
    """Full-width letters and capitals made the usual ones, a telephone number without gaps and +86."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    digits = re.sub(r"[ ()-]", "", text)
    digits = re.sub(r"^\+?86(?=1[3-9][0-9]{9}$)", "", digits)
    return digits if PHONE.fullmatch(digits) else text


def is_phone_or_email(username: str) -> bool:
    return bool(PHONE.fullmatch(username) or EMAIL.fullmatch(username))
