"""XPath patterns as Python's."""

from __future__ import annotations

import pytest

from zhida.dmn.patterns import compile_pattern, replacement


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("^a$", "", "a\n", False),
        ("^b$", "m", "a\nb", True),
        ("a.b", "", "a\rb", False),
        ("a.b", "s", "a\nb", True),
        ("a b", "x", "ab", True),
        ("a[ ]b", "x", "a b", True),
        ("[A-Z-[OI]]", "", "O", False),
        ("[a-z-[aeiou]]+x", "", "bcx", True),
        (r"^\p{Lu}\p{Ll}+$", "", "Éa", True),
        (r"\P{L}", "", "abc", False),
        (r"^\p{IsBasicLatin}+$", "", "中", False),
        (r"^\i\c*$", "", "a-1", True),
    ],
)
def test_matching(pattern: str, flags: str, text: str, found: bool) -> None:
    assert bool(compile_pattern(pattern, flags).search(text)) is found


@pytest.mark.parametrize(
    ("pattern", "flags"), [("(a", ""), (r"(a)\2", ""), (r"[\1]", ""), ("a", "q"), ("(?=a)", "")]
)
def test_what_is_no_pattern(pattern: str, flags: str) -> None:
    with pytest.raises(ValueError):
        compile_pattern(pattern, flags)


def test_replacements() -> None:
    assert replacement(r"$1\$$12", 1) == r"\g<1>$\g<1>2"
    with pytest.raises(ValueError):
        replacement("$y", 1)
