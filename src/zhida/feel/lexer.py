"""Characters to tokens. A token is read on demand, since FEEL's names depend on what is in scope.

Standard FEEL lets names contain spaces and operators, so the longest name in scope wins. The policy
profile has plain identifiers, ≤ ≥ ≠ and %, and reads full-width characters as their usual forms.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from zhida.diagnostics import Span
from zhida.feel.values import CONTEXT
from zhida.temporal import parse_temporal


class FeelSyntaxError(ValueError):
    """Text that is not FEEL: where, a stable code, and what to do about it."""

    def __init__(self, message: str, span: Span, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.span, self.code, self.hint = message, span, code, hint


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, string, temporal, name, end, or the operator or keyword itself."""

    kind: str
    text: str
    value: Any
    span: Span


KEYWORDS = frozenset((
    "and", "or", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between",
    "instance", "of", "function", "external", "true", "false", "null",
))  # fmt: skip
_LETTER = r"(?:[^\W\d]|[\U00010000-\U000EFFFF])"
NAME = rf"{_LETTER}(?:\w|[\u00b7\U00010000-\U000EFFFF])*"
LOOSE_NAME = rf"{_LETTER}(?:[^\S\n]|[\w.\-+*/'·\U00010000-\U000EFFFF])*?"  # one that is being declared
_STRING = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(
    rf"""(?P<space>(?:\s|//[^\n]*|/\*.*?\*/)+)
    |(?P<percent>\d+(?:\.\d+)?%)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<temporal>@"[^"\n]*")
    |(?P<string>{_STRING})
    |(?P<name>{NAME}|\?)
    |(?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.≤≥≠])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_POLICY_OPERATORS = {"≤": "<=", "≥": ">=", "≠": "!="}
_USUAL_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
del _USUAL_FORMS[ord("＂")]
_SUGGESTIONS = (
    ("“”„＂「」『』‘’'`", 'write strings between straight double quotes: "…"'),
    ("、；;", "separate items with a comma"),
    ("×✕", "write * to multiply"),
    ("÷", "write / to divide"),
    ("−–—", "write - for minus"),
    ("!", "write not(…), or != to compare"),
    ("&|", "write and, or"),
    ("【】", "write [ ]"),
    ("。", "no full stop ends an expression; a path is written with ."),
    ("%", "write a fraction such as 0.05"),
)


def usual_forms(text: str) -> str:
    """Full-width characters outside strings in their usual forms, one for one."""
    pieces = re.split(f"({_STRING})", text, flags=re.DOTALL)
    return "".join(p if i % 2 else p.translate(_USUAL_FORMS) for i, p in enumerate(pieces))


def special_names(names: Collection[str]) -> frozenset[str]:
    """Those of more than one identifier, which need to be known to be read."""
    return frozenset(name for name in names if name and not re.fullmatch(NAME, name))


@lru_cache(maxsize=1024)
def _names_pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Any of the names, the longest first."""
    longest_first = sorted(names, key=len, reverse=True) or ["(?!)"]
    spaced = (re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
    return re.compile("|".join(rf"{name}(?!\w)" for name in spaced))


class Lexer:
    """Reads one token at a given place of one text."""

    def __init__(self, text: str, policy: bool) -> None:
        self.text, self.policy = usual_forms(text) if policy else text, policy

    def read(self, start: int, names: frozenset[str]) -> Token:
        """The token at or after `start`, where `names` are the special names in scope."""
        if found := _names_pattern(names).match(self.text, start):
            name = " ".join(found[0].split())
            return Token("name", name, name, Span(*found.span()))
        match = _TOKEN.match(self.text, start)
        if match and match.lastgroup == "space":
            return self.read(match.end(), names)
        if not match or (not self.policy and (match["percent"] or match[0] in _POLICY_OPERATORS)):
            return self._no_token(start)
        return self._token(str(match.lastgroup), match[0], Span(*match.span()))

    def _token(self, kind: str, text: str, span: Span) -> Token:
        match kind:
            case "number":
                return Token(kind, text, CONTEXT.create_decimal(text), span)
            case "percent":
                return Token("number", text, CONTEXT.create_decimal(text[:-1]).scaleb(-2), span)
            case "string":
                return Token(kind, text, _unescape(text[1:-1]), span)
            case "temporal":
                return Token(kind, text, _temporal(text, span), span)
        value = _POLICY_OPERATORS.get(text, text)
        return Token(value if kind == "op" or text in KEYWORDS else kind, text, value, span)

    def _no_token(self, start: int) -> Token:
        if start >= len(self.text):
            return Token("end", "the end", None, Span(start, start))
        char, span = self.text[start], Span(start, start + 1)
        if char == '"':
            raise FeelSyntaxError("a string that does not end", span, "syntax/unterminated-string")
        hint = next((hint for chars, hint in _SUGGESTIONS if char in chars), "")
        raise FeelSyntaxError(f"{char} has no meaning here", span, "syntax/unknown-character", hint)


def _unescape(text: str) -> str:
    r"""`\n`, `\u20ac`, `\U01F40E`; pairs of surrogates are joined, other escapes are a pattern's."""

    def character(found: re.Match[str]) -> str:
        number = found[1] or found[2]
        return chr(int(number, 16)) if number else _ESCAPES.get(found[3], found[0])

    plain = _ESCAPE.sub(character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _temporal(text: str, span: Span) -> Any:
    try:
        return parse_temporal(text[2:-1])
    except (ValueError, LookupError, OverflowError) as error:
        message = f"{text} is neither a date, a time nor a duration"
        hint = 'write @"2022-01-31", @"P1Y6M" or @"P10D"'
        raise FeelSyntaxError(message, span, "syntax/bad-temporal", hint) from error
