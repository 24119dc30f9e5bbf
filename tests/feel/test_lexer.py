"""Characters to tokens, in both modes."""

from __future__ import annotations

import pytest

from zhida.feel.lexer import FeelSyntaxError, Lexer, special_names


def tokens(text: str, names: tuple[str, ...] = (), policy: bool = False) -> list[str]:
    lexer, position, found = Lexer(text, policy), 0, []
    while (token := lexer.read(position, special_names(names))).kind != "end":
        found.append(f"{token.kind}:{token.value}" if token.kind != token.value else token.kind)
        position = token.span.end
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1..5", ["number:1", "..", "number:5"]),
        (".5 1.5e3", ["number:0.5", "number:1.5E+3"]),
        ("a**-b", ["name:a", "**", "-", "name:b"]),
        ("1 // x\n/* y */ 2", ["number:1", "number:2"]),
        (r'"a\"\\\t"', ['string:a"\\\t']),
        (r'"\ud83d\udc0e\U01F40E"', ["string:🐎🐎"]),
        (r'"\d\s"', [r"string:\d\s"]),
        ("企业规模 🐎", ["name:企业规模", "name:🐎"]),
        ("? <= 3", ["name:?", "<=", "number:3"]),
    ],
)
def test_tokens(text: str, wanted: list[str]) -> None:
    assert tokens(text) == wanted


def test_the_longest_name_in_scope_wins() -> None:
    names = ("a-b", "a-b c", "in flight")
    assert tokens("a-b  c", names) == ["name:a-b c"]
    assert tokens("a-b cd", names) == ["name:a-b", "name:cd"]
    assert tokens("a-b", ()) == ["name:a", "-", "name:b"]
    assert tokens("x in flight", names) == ["name:x", "name:in flight"]


def test_policy_reads_full_width_characters_as_usual_ones() -> None:
    usual = ["number:3.5", ">=", "name:甲", "*", "(", "number:0.055", ",", "<=", ")"]
    assert tokens("３．５＞＝甲＊（5.5％，≤）", policy=True) == usual


def test_strings_keep_their_full_width_characters() -> None:
    assert tokens('"（１）" ＋ 1', policy=True) == ["string:（１）", "+", "number:1"]


@pytest.mark.parametrize(
    ("text", "code", "at", "hint"),
    [
        ("甲 = “小型”", "syntax/unknown-character", 4, "straight double quotes"),
        ("甲、乙", "syntax/unknown-character", 1, "comma"),
        ("3 × 4", "syntax/unknown-character", 2, "write *"),
        ("3 ÷ 4", "syntax/unknown-character", 2, "write /"),
        ("甲 − 乙", "syntax/unknown-character", 2, "write -"),
        ("！甲", "syntax/unknown-character", 0, "not(…)"),
        ("甲 & 乙", "syntax/unknown-character", 2, "write and"),
        ("甲。", "syntax/unknown-character", 1, "full stop"),
        ('甲 = "小型', "syntax/unterminated-string", 4, ""),
        ('@"2022-02-30"', "syntax/bad-temporal", 0, "2022-01-31"),
    ],
)
def test_what_is_suspicious_is_refused_with_a_hint(text: str, code: str, at: int, hint: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        tokens(text, policy=True)
    assert (caught.value.code, caught.value.span.start) == (code, at)
    assert hint in caught.value.hint


@pytest.mark.parametrize("text", ["5%", "a ≤ b", "（1）"])
def test_standard_feel_has_no_sugar(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        tokens(text)
