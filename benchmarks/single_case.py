"""One case, six rules: ours with and without a trace, beside zen-engine and OpenFisca-Core, in one run.

    make bench-peers       sets up the peers' environment, then runs this with the project's Python

All have to decide alike. Peers run in turn with ours, so that a busy machine slows all of them.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhida.decide import Judge, build_case, decide, to_text
from zhida.decide.case import Case
from zhida.decide.input import read_case_bytes
from zhida.library import Library, Rule, load, resolve

ROOT = Path(__file__).parents[1]
CASE = Path(__file__).with_name("single_case.json")
SIX = (
    "job-retention-refund",
    "stay-at-work-training",
    "hiring-subsidy",
    "hiring-expansion",
    "internship-subsidy",
    "pension-deferral",
)
OTHER_ROUTES = ("ZN91-026", "ZN91-027")
"""The deferral is enacted three times, for three routes: one is compared."""
ROUNDS, WARM_UP, TURNS = 500, 100, 3


def six_rules(library: Library, case: Case) -> tuple[Rule, ...]:
    rules = resolve(library, case.region, case.on)
    return tuple(rule for rule in rules if rule.measure in SIX and rule.row not in OTHER_ROUTES)


def read(library: Library, content: bytes) -> Case:
    case, problems = build_case(library, read_case_bytes(content, CASE.name).data)
    assert case is not None, problems
    return case


def answer(library: Library, content: bytes) -> bytes:
    """JSON in, the decision with its trace as JSON out; all three routes of the deferral."""
    return to_text(decide(library, read(library, content), SIX))


def found(judge: Judge, case: Case) -> dict[str, list[str]]:
    """What is decided, in the words of the peers' script."""
    judged = zip(judge.rules, judge(case), strict=True)
    return {rule.measure: [_said(*unit) for unit in units or ()] for rule, units in judged}


def _said(verdict: str, reason: str | None, worth: Any) -> str:
    return reason or (verdict if worth is None else f"{verdict} {worth}")


def seconds(function: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    for _ in range(WARM_UP):
        function()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return times


def agree(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> bool:
    """Whether reasons are the same, and amounts to the yuan: OpenFisca's default is 32-bit floating point."""
    return {key: list(map(_to_the_yuan, said)) for key, said in ours.items()} == {
        key: list(map(_to_the_yuan, said)) for key, said in theirs.items()
    }


def _to_the_yuan(said: str) -> str:
    word, _, amount = said.partition(" ")
    return f"{word} {float(amount):.0f}" if amount else word


def main(peers_python: str) -> None:
    library, diagnostics = load(ROOT / "policies")
    assert not diagnostics
    content = CASE.read_bytes()
    case = read(library, content)
    judge = Judge(library, six_rules(library, case))
    whole = {
        path.stem: read(library, path.read_bytes()) for path in sorted((ROOT / "examples").glob("*.yaml"))
    }
    ours: dict[str, Callable[[], Any]] = {
        "ours, without trace": lambda: judge(case),
        "ours, with trace": lambda: decide(library, case, SIX),
        "ours, JSON to JSON with trace": lambda: answer(library, content),
        **{f"ours, whole library: {name}": lambda c=one: decide(library, c) for name, one in whole.items()},  # type: ignore[misc]
    }
    times: dict[str, list[float]] = {}
    for _ in range(TURNS):
        for name, function in ours.items():
            times.setdefault(name, []).extend(seconds(function, ROUNDS // TURNS))
        output = subprocess.run(
            [peers_python, str(CASE.with_name("single_case_peers.py")), str(CASE)],
            capture_output=True, check=True, text=True,
        ).stdout  # fmt: skip
        for peer, report in json.loads(output).items():
            assert agree(found(judge, case), report["found"]), (peer, report["found"], found(judge, case))
            name = f"{peer} {report['version']}"
            times.setdefault(name, []).extend(report["seconds"])
            times.setdefault(f"{name}, JSON to JSON", []).extend(report["json"])
    load_average = os.getloadavg()[0]
    print(f"CPython {platform.python_version()}, {os.cpu_count()} cores, load average {load_average:.1f}\n")
    base = statistics.median(times["ours, without trace"])
    print(f"{'':44} {'least':>10} {'median':>10} {'most':>10}  × ours without trace")
    for name, found_times in times.items():
        figures = (min(found_times), statistics.median(found_times), max(found_times))
        print(f"{name:44} {' '.join(f'{t * 1e6:8.1f}µs' for t in figures)}  {figures[1] / base:8.1f}")


if __name__ == "__main__":
    main(sys.argv[1])
