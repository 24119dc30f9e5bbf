"""XPath regular expressions, which FEEL uses, translated for Python's `re`."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache

FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE, "x": re.VERBOSE}
BLOCKS = {
    "IsBasicLatin": (0x00, 0x7F),
    "IsLatin-1Supplement": (0x80, 0xFF),
    "IsGreek": (0x370, 0x3FF),
    "IsGreekandCoptic": (0x370, 0x3FF),
    "IsCyrillic": (0x400, 0x4FF),
    "IsCJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
_NAME_START = ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u1fff\u3001-\ud7ff\uf900-\uffef"
_CLASSES = {"i": _NAME_START, "c": _NAME_START + r"\-.0-9\u00b7"}


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """ValueError or re.error for what is no XPath pattern, or for flags other than s, m, i and x."""
    if not set(flags) <= set(FLAGS):
        raise ValueError(f"unknown flags {flags}")
    options = sum((FLAGS[flag] for flag in set(flags) - {"x"}), re.RegexFlag(0))
    try:
        return re.compile(_Translation(pattern, flags).whole(), options)
    except re.error as error:
        raise ValueError(str(error)) from error


def replacement(text: str, groups: int) -> str:
    """`$1` and `\\$` as Python writes them; `$12` is `$1` and a 2 where there are fewer groups."""
    parts: list[str] = []
    position = 0
    token = re.compile(r"\\([\\$])|\$(\d+)|([^\\$]+)")
    while position < len(text):
        found = token.match(text, position)
        if not found:
            raise ValueError(f"bad replacement {text}")
        digits = found[2] or ""
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        if not digits:
            parts.append((found[1] or found[3]).replace("\\", r"\\"))
        elif int(digits) <= groups:
            parts.append(rf"\g<{digits}>")
        position = found.start() + 1 + len(digits) if digits else found.end()
    return "".join(parts)


class _Translation:
    """One pass over a pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern, self.flags, self.at = pattern, flags, 0

    def take(self) -> str:
        """The next character; with the flag x, spaces do not count outside brackets."""
        char = self.pattern[self.at : self.at + 1]
        self.at += 1
        return char

    def skip_spaces(self) -> None:
        while "x" in self.flags and self.pattern[self.at : self.at + 1].isspace():
            self.at += 1

    def whole(self) -> str:
        parts: list[str] = []
        self.skip_spaces()
        while char := self.take():
            parts.append(self.piece(char))
            self.skip_spaces()
        return "".join(parts)

    def piece(self, char: str) -> str:
        if char == "\\":
            return self.escape()
        if char == "[":
            return self.bracket()
        if char == "." and "s" not in self.flags:
            return r"[^\n\r]"
        if char == "$" and "m" not in self.flags:
            return r"\Z"
        rest = self.pattern[self.at :]
        if char == "(" and rest.startswith("?") and not rest.startswith("?:"):
            raise ValueError("only (?:…) is allowed")
        return char

    def escape(self) -> str:
        self.skip_spaces()
        char = self.take()
        if char in _CLASSES:
            return f"[{_CLASSES[char]}]"
        if char.lower() in _CLASSES and char:
            return f"[^{_CLASSES[char.lower()]}]"
        if char in ("p", "P"):
            return f"[{'^' if char == 'P' else ''}{self.category()}]"
        if char == "0" or not char:
            raise ValueError("bad escape")
        return "\\" + char if char.isalnum() else re.escape(char)

    def bracket(self) -> str:
        """`[a-z-[aeiou]]` becomes a set that looks ahead past the subtracted one."""
        parts: list[str] = ["^"] if self.pattern.startswith("^", self.at) else []
        self.at += len(parts)
        start = self.at
        without = ""
        while (char := self.take()) != "]" or self.at == start + 1:
            if not char:
                raise ValueError("a bracket that does not end")
            if char == "-" and self.pattern.startswith("[", self.at):
                self.at += 1
                without = f"(?!{self.bracket()})"
            elif char == "\\":
                parts.append(self.escape_in_bracket())
            else:
                parts.append("\\[" if char == "[" else char)
        return f"{without}[{''.join(parts)}]"

    def escape_in_bracket(self) -> str:
        char = self.take()
        if char.isdigit():
            raise ValueError("no back-reference in brackets")
        if char in _CLASSES:
            return _CLASSES[char]
        if char == "p":
            return self.category()
        return "\\" + char

    def category(self) -> str:
        end = self.pattern.index("}", self.at)
        name = self.pattern[self.at : end].removeprefix("{")
        name = "".join(name.split()) if "x" in self.flags else name
        self.at = end + 1
        if name in BLOCKS:
            first, last = BLOCKS[name]
            return f"\\U{first:08x}-\\U{last:08x}"
        return _category(name)


@lru_cache(maxsize=64)
def _category(name: str) -> str:
    """The characters of a Unicode category such as Lu or L, as ranges inside brackets."""
    members = [
        code
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and unicodedata.category(chr(code)).startswith(name)
    ]
    if not members or not name:
        raise ValueError(f"unknown category {name}")
    ranges: list[list[int]] = []
    for code in members:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
