"""Characters to tokens. A token is read on demand, since FEEL's names depend on what is in scope.

Standard FEEL lets names contain spaces and operators, so the longest name in scope wins. The policy profile
has plain identifiers, accepts ≤ ≥ ≠ and %, and reads full-width punctuation and digits as their usual forms.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from zhida.diagnostics import Span
from zhida.feel.values import CONTEXT
from zhida.temporal import parse_temporal


class FeelSyntaxError(Exception):
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


KEYWORDS = frozenset(
    "and or if then else for in return some every satisfies between instance of function external"
    " true false null".split()
)
_LETTER = r"(?:[^\W\d]|[\U00010000-\U000EFFFF])"
NAME = rf"{_LETTER}(?:\w|[\u00b7\U00010000-\U000EFFFF])*"
LOOSE_NAME = rf"{_LETTER}(?:[^\S\n]|[\w.\-+*/'·\U00010000-\U000EFFFF])*?"
_TOKEN = re.compile(
    rf"""(?P<space>(?:\s|//[^\n]*|/\*.*?\*/)+)
    |(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<temporal>@"[^"\n]*")
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>{NAME}|\?)
    |(?P<op>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{{}},:.≤≥≠%])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SUGAR = {"≤": "<=", "≥": ">=", "≠": "!="}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if not chr(code).isalpha()}
_FULL_WIDTH |= {0x3000: 0x20}
del _FULL_WIDTH[ord("＂")]
_SUGGESTIONS = {
    **dict.fromkeys("“”„＂「」『』‘’'`", 'write strings between straight double quotes: "…"'),
    **dict.fromkeys("、；;，", "separate items with a comma"),
    **dict.fromkeys("×✕", "write * to multiply"),
    "÷": "write / to divide",
    **dict.fromkeys("−–—", "write - for minus"),
    **dict.fromkeys("!！", "write not(…), or != to compare"),
    **dict.fromkeys("&|", "write and, or"),
    "。": "an expression has no full stop; a path is written with .",
    "【": "write [",
    "】": "write ]",
}


def normalise(text: str) -> str:
    """Full-width punctuation and digits outside strings in their usual forms, character for character."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', text, flags=re.DOTALL)
    return "".join(p if index % 2 else p.translate(_FULL_WIDTH) for index, p in enumerate(pieces))


def canonical(name: str) -> str:
    """A name with its spaces made regular: single, and none around operators."""
    return re.sub(r"\s*([^\w\s])\s*", r"\1", " ".join(name.split()))


@lru_cache(maxsize=1024)
def _known_names(names: frozenset[str]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """A pattern for the names that are more than one identifier, longest first."""
    special = sorted((n for n in names if not re.fullmatch(NAME, n)), key=len, reverse=True)
    patterns = []
    for name in special:
        pieces = re.findall(r"\w+|[^\w\s]", name)
        spaced = "".join(
            (r"\s+" if before[-1:].isalnum() and piece[0].isalnum() else r"\s*") + re.escape(piece)
            for before, piece in zip(["", *pieces], pieces, strict=False)
        )
        patterns.append(spaced.removeprefix(r"\s*") + (r"(?!\w)" if pieces and pieces[-1][-1].isalnum() else ""))
    pattern = re.compile("|".join(p for p in patterns if p)) if special else None
    return pattern, {canonical(name): name for name in special}


class Lexer:
    """Reads one token at a given place of one text."""

    def __init__(self, text: str, policy: bool) -> None:
        self.text = normalise(text) if policy else text
        self.policy = policy

    def read(self, start: int, names: frozenset[str]) -> Token:
        """The token at or after `start`, of which `names` are the names in scope."""
        pattern, spelt = _known_names(names)
        while True:
            if pattern and (found := pattern.match(self.text, start)):
                name = spelt[canonical(found[0])]
                return Token("name", found[0], name, Span(start, found.end()))
            match = _TOKEN.match(self.text, start)
            if not match:
                return self._no_token(start)
            if match.lastgroup != "space":
                return self._token(match)
            start = match.end()

    def _token(self, match: re.Match[str]) -> Token:
        text, span = match[0], Span(*match.span())
        kind = str(match.lastgroup)
        value: Any = text
        if kind == "number":
            value = CONTEXT.create_decimal(text)
        elif kind == "string":
            value = _unescape(text[1:-1])
        elif kind == "temporal":
            value = _temporal(text, span)
        elif kind == "op":
            if not self.policy and text in "≤≥≠%":
                return self._no_token(span.start)
            kind = value = _SUGAR.get(text, text)
        elif text in KEYWORDS:
            kind = text
        elif self.policy and (wide := re.search("[\uff21-\uff5a]", text)):
            raise FeelSyntaxError(
                f"full-width letter {wide[0]} in a name", span, "syntax/full-width-letter",
                f"write {text.translate({code: code - 0xFEE0 for code in range(0xFF21, 0xFF5B)})}",
            )
        return Token(kind, text, value, span)

    def _no_token(self, start: int) -> Token:
        if start >= len(self.text):
            return Token("end", "the end", None, Span(start, start))
        char = self.text[start]
        code = "syntax/unterminated-string" if char == '"' else "syntax/unknown-character"
        message = "a string that does not end" if char == '"' else f"{char} has no meaning here"
        raise FeelSyntaxError(message, Span(start, start + 1), code, _SUGGESTIONS.get(char, ""))


def _unescape(text: str) -> str:
    """`\\n`, `\\u20ac`, `\\U01F40E`; surrogate pairs are joined, and other escapes are left to `matches`."""
    def replace(found: re.Match[str]) -> str:
        number = found[1] or found[2]
        return chr(int(number, 16)) if number else _ESCAPES.get(found[3], found[0])

    plain = _ESCAPE.sub(replace, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _temporal(text: str, span: Span) -> Any:
    try:
        return parse_temporal(text[2:-1])
    except (ValueError, LookupError, OverflowError) as error:
        raise FeelSyntaxError(
            f"{text} is neither a date, a time nor a duration", span, "syntax/bad-temporal",
            '@"2022-01-31", @"P1Y6M" or @"P10D"',
        ) from error


def number_of(token: Token, percent: bool) -> Decimal:
    """The number itself, or a hundredth of it."""
    return CONTEXT.scaleb(token.value, -2) if percent else token.value


def special_names(names: Collection[str]) -> frozenset[str]:
    """The names that need to be known to be read: those of more than one identifier."""
    return frozenset(name for name in names if not re.fullmatch(NAME, name))
