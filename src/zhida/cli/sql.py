"""`zhida sql`: the SQL that screening runs for a measure, as one engine reads it."""

from __future__ import annotations

from zhida.cli import inputs, streams
from zhida.decide import Problem
from zhida.screen.dialects import DIALECTS
from zhida.screen.printed import printed_sql


def run(measure: str, dialect: str, region: str | None, on: str | None, directory: str | None) -> None:
    library = inputs.open_library(directory)
    found = inputs.read_overrides(library, region, on, [measure])
    if dialect not in DIALECTS:
        found.refuse("dialect", "option/unknown-dialect", dialect, f"one of {', '.join(DIALECTS)}")
    if found.problems:
        inputs.fail(found.problems)
    statements = printed_sql(library, found.measures[0], DIALECTS[dialect], found.region, found.on)
    if not statements:
        nothing = "no provision that is open there then"
        inputs.fail([Problem("MEASURE", "measure/not-open", nothing, "another --region or --on")])
    streams.write_utf8("\n\n".join(f"{sql};" for sql in statements) + "\n")
