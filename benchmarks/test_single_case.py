"""One case under six rules, and under the whole library. Run `make bench`; with peers, `make bench-peers`."""

from __future__ import annotations

from typing import Any

from benchmarks.single_case import CASE, ROOT, SIX, answer, read, six_rules

from zhida.decide import Judge, decide, to_text
from zhida.library import load

LIBRARY, _ = load(ROOT / "policies")
CONTENT = CASE.read_bytes()
ONE = read(LIBRARY, CONTENT)


def test_six_rules_without_trace(benchmark: Any) -> None:
    judge = Judge(LIBRARY, six_rules(LIBRARY, ONE))
    benchmark(judge, ONE)


def test_six_rules_with_trace(benchmark: Any) -> None:
    benchmark(decide, LIBRARY, ONE, SIX)


def test_six_rules_from_json_to_json_with_trace(benchmark: Any) -> None:
    benchmark(answer, LIBRARY, CONTENT)


def test_reading(benchmark: Any) -> None:
    benchmark(read, LIBRARY, CONTENT)


def test_writing(benchmark: Any) -> None:
    benchmark(to_text, decide(LIBRARY, ONE, SIX))
