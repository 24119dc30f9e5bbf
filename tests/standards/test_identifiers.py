"""Identifiers: real numbers pass, every slip is named, a region code is never held against one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.standards import (
    birth_date,
    id_number_check_character,
    id_number_problem,
    sex,
    uscc_check_character,
    uscc_problem,
)
from zhida.standards.identifiers import ID_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS

ON = date(2022, 10, 1)

bodies = st.text(USCC_ALPHABET, min_size=17, max_size=17)
births = st.dates(date(1900, 1, 1), ON)
id_bodies = st.builds(
    lambda region, born, order: f"{region:06}{born:%Y%m%d}{order:03}",
    st.integers(0, 999999),
    births,
    st.integers(0, 999),
)


def id_number(region: str, born: str, order: str = "001") -> str:
    body = region + born + order
    return body + id_number_check_character(body)


def test_the_weights_are_those_printed_in_the_standards():
    assert USCC_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    assert ID_WEIGHTS == (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "914403001922038216", "91330100799655058B", "9144030071526726XG"],
)
def test_published_credit_codes_pass(code: str):
    assert uscc_problem(code) is None


@pytest.mark.parametrize("prefix", ["N2", "A1", "Y1", "51", "52", "92", "93"])
def test_every_kind_of_holder_has_valid_credit_codes(prefix: str):
    body = prefix + "621025MA7ABCDE1"
    assert uscc_problem(body + uscc_check_character(body)) is None


@pytest.mark.parametrize(
    "code, problem",
    [
        ("", "found 0 characters, expected 18"),
        ("91350100M000100Y4", "found 17 characters, expected 18"),
        ("91350100M000100Y44", "found check character '4', expected '3'"),
        (
            "91350100M000I00Y43",
            "found 'I' as character 13, expected a digit or a capital letter other than I O S V Z",
        ),
        (
            "91350100m000100Y43",
            "found 'm' as character 9, expected a digit or a capital letter other than I O S V Z",
        ),
        (
            "９1350100M000100Y43",
            "found '９' as character 1, expected a digit or a capital letter other than I O S V Z",
        ),
    ],
)
def test_a_wrong_credit_code_is_explained(code: str, problem: str):
    assert uscc_problem(code) == problem


@given(bodies)
def test_the_computed_check_character_makes_a_credit_code_valid(body: str):
    assert uscc_problem(body + uscc_check_character(body)) is None


@given(bodies, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_changed_character_of_a_credit_code_is_noticed(body: str, place: int, other: str):
    code = body + uscc_check_character(body)
    changed = code[:place] + other + code[place + 1 :]
    assert (uscc_problem(changed) is None) == (changed == code)


def test_the_published_example_of_an_id_number_passes():
    assert id_number_problem("11010519491231002X", ON) is None
    assert birth_date("11010519491231002X") == date(1949, 12, 31)
    assert sex("11010519491231002X") == "女"
    assert sex(id_number("621025", "20000229", "013")) == "男"


@pytest.mark.parametrize(
    "region",
    ["621025", "620824", "620881", "330113", "150271", "810000", "830000", "911156", "000000"],
)
def test_the_region_of_an_id_number_is_never_an_error(region: str):
    assert id_number_problem(id_number(region, "19900315"), ON) is None


@pytest.mark.parametrize(
    "number, problem",
    [
        ("110105491231002", "found 15 characters, expected 18"),
        ("1101051949123100２X", "found '２' as character 17, expected a digit"),
        ("11010519491231002x", "found 'x' as character 18, expected a digit or a capital X"),
        ("110105194912310021", "found check character '1', expected 'X'"),
        (
            id_number("621025", "20220230"),
            "found birth date 2022-02-30, expected a day that exists",
        ),
        (
            id_number("621025", "00000101"),
            "found birth date 0000-01-01, expected a day that exists",
        ),
        (
            id_number("621025", "20221002"),
            "found birth date 2022-10-02, expected none after 2022-10-01",
        ),
        (
            id_number("621025", "18911231"),
            "found birth date 1891-12-31, expected an age of at most 130",
        ),
    ],
)
def test_a_wrong_id_number_is_explained(number: str, problem: str):
    assert id_number_problem(number, ON) == problem


def test_a_child_born_today_and_the_oldest_age_pass():
    assert id_number_problem(id_number("621025", "20221001"), ON) is None
    assert id_number_problem(id_number("621025", "18921231"), ON) is None


@given(id_bodies)
def test_the_computed_check_character_makes_an_id_number_valid(body: str):
    assert id_number_problem(body + id_number_check_character(body), ON) is None


@given(id_bodies, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_changed_digit_of_an_id_number_is_noticed(body: str, place: int, other: str):
    number = body + id_number_check_character(body)
    changed = number[:place] + other + number[place + 1 :]
    assert (id_number_problem(changed, ON) is None) == (changed == number)


@given(id_bodies, st.integers(0, 16))
def test_two_swapped_digits_of_an_id_number_are_noticed(body: str, place: int):
    number = body + id_number_check_character(body)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (id_number_problem(swapped, ON) is None) == (swapped == number)
