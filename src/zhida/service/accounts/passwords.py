"""What a password must be, beyond Django's own rules."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Without what is taken for something else when read aloud or copied: 0 O 1 l I.
LETTERS = "abcdefghijkmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
LONGEST_RUN = 5


class VariedPasswordValidator:
    """At least two kinds of characters, no long run along the alphabet, the digits or the keyboard."""

    def validate(self, password: str, user: Any = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < 2:
            raise ValidationError(
                _("密码至少要有两类字符：大写字母、小写字母、数字、符号。"), code="password_plain"
            )
        if _has_run(password.lower()):
            raise ValidationError(
                _("密码里不要有连续的字母、数字或键盘顺序，例如 12345、qwert。"), code="password_run"
            )

    def get_help_text(self) -> str:
        return _("至少两类字符：大写字母、小写字母、数字、符号；不要用 12345、qwert 这样的连续字符。")


def temporary_password() -> str:
    """A password for the first log-in: easy to read over the telephone, changed at once."""
    parts = ["".join(secrets.choice(kind) for _ in range(4)) for kind in (CAPITALS, LETTERS, DIGITS)]
    return "-".join(parts)


def _has_run(text: str) -> bool:
    runs = [*RUNS, *(run[::-1] for run in RUNS)]
    pieces = (text[start : start + LONGEST_RUN] for start in range(len(text) - LONGEST_RUN + 1))
    return any(piece in run for piece in pieces for run in runs)
