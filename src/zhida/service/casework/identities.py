"""How a number is shown: an employer's is public, of a person's only the end."""

from __future__ import annotations

from zhida.service.registry import masking
from zhida.standards.identifiers import uscc_problem


def shown_number(number: str) -> str:
    return number if uscc_problem(number) is None else masking.number(number)
