"""How a person is shown to those who need not know who it is: 张*, 138****1234, the last four digits."""

from __future__ import annotations

LAST = 4


def name(text: str) -> str:
    """The family name, of which the first character stands for all."""
    return f"{text[0]}{'*' * min(len(text) - 1, 2)}" if len(text) > 1 else "*" * len(text)


def phone(text: str) -> str:
    if len(text) < 8:
        return "*" * len(text)
    return f"{text[:3]}****{text[-LAST:]}"


def number(text: str) -> str:
    """Never the birth date that stands in the middle of an identity number."""
    return f"{'*' * 4}{text[-LAST:]}" if len(text) > LAST else "*" * len(text)
