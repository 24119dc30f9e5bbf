"""Numbers of packages and cases: readable aloud, random enough that nobody can count through them.

A number alone never gives access to anything.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which are mistaken for each other."""
RANDOM = 8
SHAPE = re.compile(rf"(\d{{6}})(\d{{6}})([{ALPHABET}]{{{RANDOM}}})")


def package_number(region: str, on: date) -> str:
    """`621025-221010-K7MQ2XRD`: place, day, and eight random characters (39 bits)."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return f"{region}-{on:%y%m%d}-{random}"


def case_number(package: str, place: int) -> str:
    """The package's number and the case's place in it: `621025-221010-K7MQ2XRD-01`."""
    return f"{package}-{place:02}"


def tidy(text: str) -> str:
    """A package's number as somebody typed it, with spaces or small letters; empty where it is none."""
    compact = re.sub(r"[\s\-－—]+", "", unicodedata.normalize("NFKC", text)).upper()
    found = SHAPE.fullmatch(compact)
    return "-".join(found.groups()) if found else ""
