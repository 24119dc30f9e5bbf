"""Chinese text in columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.cli.layout import fit, pad, wrap
from zhida.diagnostics import display_width

texts = st.text(st.sampled_from("中文，。（）、ab 1％“”"), max_size=80)


@given(texts, st.integers(min_value=8, max_value=40))
def test_wrapped_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("上年度裁员率，不高于", 12, ["上年度裁员", "率，不高于"]),
        ("上年度裁员率（5.5%）", 14, ["上年度裁员率", "（5.5%）"]),
        ("招用 h1 hired 2022-07-10", 16, ["招用 h1 hired", "2022-07-10"]),
        ("第一行\n第二行", 20, ["第一行", "第二行"]),
        ("", 10, [""]),
    ],
)
def test_lines_break_where_a_reader_would(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_padding_counts_columns() -> None:
    assert pad("金额", 8) == "金额    "
    assert pad("1.00 元", 8, right=True) == " 1.00 元"


def test_the_widest_column_that_may_wrap_gives_way() -> None:
    assert fit([40, 14, 60], [False, True, False], 90) == [38, 14, 38]
    assert fit([10, 14], [False, True], 90) == [10, 14]
