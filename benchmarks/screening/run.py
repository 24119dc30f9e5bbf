"""Time the six rules over one population, ours and peers, interleaved in one run.

    make bench-screening EMPLOYERS=1000000 ROUNDS=3 ONLY=ours,duckdb,limit FOLDER=/tmp/zhida-bench

Each contender is a process of its own, timed from its start to its files on disk; memory is its peak
resident set (this process stays small: a child's peak begins with that of its parent). After the first
round the results are compared row by row: figures of contenders that disagree are void.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = ROOT / ".venv/peers"
MEASURES = (
    "job-retention-refund",
    "stay-at-work-training",
    "hiring-subsidy",
    "hiring-expansion",
    "internship-subsidy",
    "pension-deferral",
)


@dataclass
class Contender:
    """`command` is run with `{out}` replaced; `peer` names whose answers it is compared with."""

    name: str
    told: str
    command: Sequence[str]
    compared: bool = True
    runs: list[tuple[float, float, float]] = field(default_factory=list)

    def run(self, out: Path) -> None:
        """One timed run: seconds, seconds of processors, megabytes."""
        shutil.rmtree(out, ignore_errors=True)
        start = time.perf_counter()
        process = subprocess.Popen(
            [part.replace("{out}", str(out)) for part in self.command], stdout=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{self.name} failed with {process.returncode}")
        self.runs.append((seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))

    def medians(self) -> tuple[float, float, float]:
        seconds, cpu, memory = zip(*self.runs, strict=True)
        return statistics.median(seconds), statistics.median(cpu), max(memory)


def contenders(population: Path, finished: Path, given: Path, memory: str) -> list[Contender]:
    zhida, ours, peer = (
        str(ROOT / ".venv/bin/zhida"),
        str(ROOT / ".venv/bin/python"),
        str(PEERS / "bin/python"),
    )
    screen = [zhida, "screen", str(population), "--region", "621025", "--on", "2022-10-01", "--out", "{out}"]
    screen += ["--memory", memory, *(part for key in MEASURES for part in ("--measure", key))]

    def script(python: str, name: str, *rest: str | Path) -> list[str]:
        return [python, str(HERE / f"{name}.py"), str(population), *map(str, rest), "{out}"]

    return [
        Contender("ours", "zhida, sheets alone", [*script(ours, "ours"), memory]),
        Contender("duckdb", "DuckDB by hand", [*script(peer, "duckdb_by_hand", given), memory]),
        Contender("polars", "Polars streaming", script(peer, "polars_streaming", given)),
        Contender(
            "openfisca",
            "OpenFisca-Core, tuned (no missing facts, no bounds)",
            script(peer, "openfisca_tuned", given),
        ),
        Contender(
            "limit", "read and write alone", [*script(peer, "read_write", finished), memory], compared=False
        ),
        Contender("screen-wide", "zhida screen --wide", [*screen, "--wide"]),
        Contender("screen", "zhida screen", screen, compared=False),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--employers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="ours,duckdb,polars,openfisca,limit,screen-wide,screen")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/zhida-bench"))
    parser.add_argument("--memory", default="8GB")
    parser.add_argument("--unchecked", action="store_true", help="do not compare the answers")
    asked = parser.parse_args()
    folder = asked.folder / str(asked.employers)
    population, given, finished = folder / "population", folder / "standards", folder / "duckdb"
    prepare(asked.employers, population, given)
    wanted = asked.only.split(",")
    chosen = [c for c in contenders(population, finished, given, asked.memory) if c.name in wanted]
    if "limit" in wanted and not finished.exists():
        by_hand = next(c for c in contenders(population, finished, given, asked.memory) if c.name == "duckdb")
        by_hand.run(finished)
    before = os.getloadavg()
    for number in range(asked.rounds):
        for contender in chosen:
            contender.run(folder / contender.name)
            seconds, cpu, memory = contender.runs[-1]
            print(
                f"{number + 1} {contender.name:12} {seconds:8.2f} s {cpu:8.2f} s of cpu {memory:8,.0f} MB",
                flush=True,
            )
        if number == 0 and not asked.unchecked:
            check([c for c in chosen if c.compared], folder)
    report(chosen, asked.employers, before)


def prepare(employers: int, population: Path, given: Path) -> None:
    """The population and the standards, where they are not there yet."""
    if not population.exists():
        population.parent.mkdir(parents=True, exist_ok=True)
        options = ["--employers", str(employers), "--region", "621025", "--out", str(population)]
        options += ["--inline-persons", "--only", "employers,hires,internships,places"]
        subprocess.run([ROOT / ".venv/bin/zhida", "population", "make", *options], check=True)
    if not given.exists():
        command = [ROOT / ".venv/bin/python", HERE / "standards.py", population, given]
        subprocess.run(command, check=True)


def check(compared: Sequence[Contender], folder: Path) -> None:
    """Stop where two contenders say something else of a row."""
    first, *others = compared
    for other in others:
        print(f"{first.name} and {other.name}: ", end="", flush=True)
        command = [ROOT / ".venv/bin/python", HERE / "compare.py", folder / first.name, folder / other.name]
        if subprocess.run(command).returncode:
            raise SystemExit("the answers differ: no figures")


def report(chosen: Sequence[Contender], employers: int, before: tuple[float, float, float]) -> None:
    """A table of medians, each beside the first contender's."""
    base = chosen[0].medians()
    print(f"\n{employers:,} employers; load {before[0]:.1f} before, {os.getloadavg()[0]:.1f} after;", end=" ")
    print(f"{os.cpu_count()} processors; median of {len(chosen[0].runs)}, peak memory the highest\n")
    print(f"| | seconds | processor seconds | MB | ÷ {chosen[0].name}: time | processor | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for contender in chosen:
        seconds, cpu, memory = found = contender.medians()
        ratios = " | ".join(f"{mine / its:.2f}" for mine, its in zip(found, base, strict=True))
        print(f"| {contender.told} | {seconds:.2f} | {cpu:.2f} | {memory:,.0f} | {ratios} |")
    print(json.dumps({c.name: c.runs for c in chosen}), file=sys.stderr)


if __name__ == "__main__":
    main()
