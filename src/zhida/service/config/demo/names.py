"""Names of people who do not exist, drawn from a seed."""

from __future__ import annotations

from random import Random

FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰涛明超霞平刚桂文辉玲力鹏"


def person_name(draw: Random) -> str:
    """A family name and one or two more characters."""
    given = "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
    return draw.choice(FAMILY) + given


def demo_phone(number: int) -> str:
    """A landline of 庆阳 whose local part begins with a zero, as none does."""
    return f"0934-0{number:06}"
