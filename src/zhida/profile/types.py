"""Types of the policy profile and the algebra of their units: 元/人 × 人 is 元."""

from __future__ import annotations

from dataclasses import dataclass

BASE_UNITS = ("元", "人", "月", "日", "年", "户", "小时", "平方米")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of BASE_UNITS, in their order; all powers zero is a ratio (比率)."""

    powers: tuple[int, ...] = (0,) * len(BASE_UNITS)

    def __mul__(self, other: Unit) -> Unit:
        return Unit(tuple(a + b for a, b in zip(self.powers, other.powers, strict=True)))

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(tuple(a - b for a, b in zip(self.powers, other.powers, strict=True)))

    def __str__(self) -> str:
        pairs = tuple(zip(BASE_UNITS, self.powers, strict=True))
        over, under = ("·".join(b for b, n in pairs for _ in range(s * n)) for s in (1, -1))
        return f"{over or 1}/{under}" if under else over or "比率"


RATIO = Unit()


def parse_unit(text: str) -> Unit:
    """`元/人·月` is 元 per 人 and 月; "", 1 and 比率 are a ratio. ValueError for others."""
    over, *under = map(_product, text.strip().split("/"))
    for unit in under:
        over = over / unit
    return over


def _product(text: str) -> Unit:
    bases = [] if text in ("", "1", "比率") else text.split("·")
    if strange := set(bases).difference(BASE_UNITS):
        raise ValueError(f"unknown unit {'·'.join(strange)}; known are {'、'.join(BASE_UNITS)}")
    return Unit(tuple(map(bases.count, BASE_UNITS)))


@dataclass(frozen=True, slots=True)
class Type:
    """Marker base of all types."""


class Error(Type):
    """What has been reported already: it fits everywhere, so that nothing is said twice."""


class Boolean(Type):
    """true or false"""


class Date(Type):
    """A day of the calendar."""


class Days(Type):
    """What two dates differ by. Months are no fixed length and have no type."""


@dataclass(frozen=True, slots=True)
class Number(Type):
    """A decimal; literals and counts have no unit of their own and take that of the other side."""

    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Text(Type):
    """Any text, or one of `values`; a literal is one of itself. For = != in and `starts with`."""

    values: tuple[str, ...] = ()


Choice = Code = Region = Text  # they differ in the vocabulary, not in what may be done with them


@dataclass(frozen=True, slots=True)
class Row(Type):
    """One row of a one-to-many entity, by its key."""

    entity: str


@dataclass(frozen=True, slots=True)
class List(Type):
    """Values of one type; any number of a choice's values is a set, and rows are a list too."""

    of: Type


def Set(values: tuple[str, ...]) -> List:
    return List(Choice(values))


def RowsOf(entity: str) -> List:
    return List(Row(entity))


def join(left: Type, right: Type) -> Type | None:
    """The type that holds both, or None where they have nothing in common."""
    match left, right:
        case (Error(), _) | (_, Error()):
            return right if isinstance(left, Error) else left
        case Number(unit), Number(other) if unit is None or other in (unit, None):
            return Number(unit or other)
        case Text(values), Text(others):
            both = tuple(dict.fromkeys(values + others))
            return Text(both if values and others else ())
        case List(of), List(other_of):
            item = join(of, other_of)
            return item and List(item)
    return left if left == right else None


def describe(kind: Type) -> str:
    """The type in a message, after "found"."""
    match kind:
        case Number(unit):
            return f"a number of {unit}" if unit else "a number"
        case Text(()):
            return "a text"
        case Text(values):
            return f"one of {'、'.join(values)}" if values[1:] else f'"{values[0]}"'
        case Row(entity) | List(Row(entity)):
            return f"rows of {entity}"
        case List(of):
            return f"a list of {describe(of)}"
    words = {Boolean: "true or false", Date: "a date", Days: "a duration"}
    return words.get(type(kind), "an error")
