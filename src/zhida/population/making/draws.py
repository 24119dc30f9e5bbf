"""Pseudo-random draws as SQL: each a function of the seed, its own name and the id of the row, nothing else.

A draw is `hash(id + constant)`. The constant is taken from a SHA-256 of seed and name, so that two draws
of one row, and the same draw of two rows, have nothing to do with each other. Any row can be made
without the rows before it, hence in any order and in parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhida.population.conversion import literal

RANGE = 1 << 62
"""Constants stay below: an id added to one is still a BIGINT."""


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of one kind of row. `key` is SQL: the BIGINT that identifies the row."""

    seed: int
    stream: str
    key: str

    def constant(self, name: str) -> int:
        """The number that stands for this draw."""
        digest = hashlib.sha256(f"{self.seed}:{self.stream}:{name}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % RANGE

    def bits(self, name: str) -> str:
        """64 random bits, UBIGINT."""
        return f"hash({self.key} + {self.constant(name)})"

    def byte(self, name: str) -> str:
        """A number from 0 to 255, UBIGINT: one of the bytes of a few draws that many names share."""
        place = self.constant(f"byte/{name}") % 64
        return f"({self.bits(f'bytes/{place // 8}')} >> {place % 8 * 8} & 255)"

    def whole(self, name: str, below: int) -> str:
        """A whole number from 0 to `below` - 1, BIGINT; `below` is at most 2³¹."""
        return f"CAST(({self.bits(name)} >> 32) * {below} >> 32 AS BIGINT)"

    def between(self, name: str, low: int, high: int) -> str:
        """A whole number from `low` to `high`, BIGINT."""
        return f"({low} + {self.whole(name, high - low + 1)})"

    def share(self, name: str) -> str:
        """A DOUBLE in [0, 1)."""
        return f"(CAST({self.bits(name)} >> 11 AS DOUBLE) * {2.0**-53!r})"

    def spread(self, name: str, low: float, high: float) -> str:
        """A DOUBLE in [low, high)."""
        return f"({low!r} + {self.share(name)} * {high - low!r})"

    def chance(self, name: str, per_mille: int) -> str:
        """True for so many rows in a thousand."""
        return f"({self.bits(name)} < {_part(per_mille, 1000)})"

    def pick(self, name: str, weights: Mapping[str, int]) -> str:
        """One of the SQL values, as often as their weights say."""
        drawn, total = self.bits(name), sum(weights.values())
        *others, last = weights
        below, cases = 0, []
        for value in others:
            below += weights[value]
            cases.append(f"WHEN {drawn} < {_part(below, total)} THEN {value}")
        return f"CASE {' '.join(cases)} ELSE {last} END" if cases else last

    def pick_text(self, name: str, weights: Mapping[str, int]) -> str:
        """One of the texts, as often as their weights say."""
        return self.pick(name, {literal(text): weight for text, weight in weights.items()})

    def one_of(self, name: str, texts: Sequence[str]) -> str:
        """One of many texts, each as often as another."""
        items = ", ".join(map(literal, texts))
        return f"list_extract([{items}], 1 + {self.whole(name, len(texts))})"

    def normal(self, name: str) -> str:
        """A DOUBLE from the standard normal distribution."""
        u, v = self.share(f"{name}/u"), self.share(f"{name}/v")
        return f"(sqrt(-2 * ln(1 - {u})) * cos(6.283185307179586 * {v}))"

    def geometric(self, name: str, mean: float, most: int) -> str:
        """A whole number from 0 whose mean is `mean`, cut at `most`."""
        if mean <= 0:
            return "0::BIGINT"
        ratio = mean / (1 + mean)
        number = f"floor(ln(1 - {self.share(name)}) / ln({ratio!r}))"
        return f"least({most}, CAST({number} AS BIGINT))"


def _part(of: int, total: int) -> str:
    """The UBIGINT below which that share of all draws lies: comparing is cheaper than dividing."""
    return f"{min(of * 2**64 // total, 2**64 - 1)}::UBIGINT"
