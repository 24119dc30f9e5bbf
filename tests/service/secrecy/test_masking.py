"""Taking out what looks like personal data."""

import pytest

from zhida.service.secrecy.masking import mask


@pytest.mark.parametrize(
    "text",
    [
        "62102519900307451X",
        "62102519900307451x",
        "621025199003074514",
        "621025900307451",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "13812345678",
        "138 1234 5678",
        "+86 138-1234-5678",
        "0934-6121234",
        "zhang.san@example.com",
        "６２１０２５１９９００３０７４５１４",
    ],
)
def test_it_is_taken_out_wherever_it_stands(text):
    assert mask(text) == "[masked]"
    assert mask(f"身份证号{text}，") == "身份证号[masked]，"
    assert mask(f'{{"value": "{text}"}}') == '{"value": "[masked]"}'


@pytest.mark.parametrize(
    "text",
    ["91621025MA71ABCD12", "正人社发〔2022〕91号", "2022-10-10T12:30:45.123456+08:00", "621025",
     "1234567890.12", "12333", "a" * 64, "0" * 64, "3.11.7", "10.0.0.1"],
)  # fmt: skip
def test_what_names_nobody_stays(text):
    assert mask(text) == text
