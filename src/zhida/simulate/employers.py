"""How large an employer is and what it does, as far as is known: given, else derived as a rule would.

Documents may size by different methods (A13); here everybody is sized by the method that holds where no
document says otherwise, so that the groups mean the same in every place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from zhida.feel.nodes import Literal
from zhida.library import Library, Rule, resolve
from zhida.population import Population
from zhida.screen.context import Context
from zhida.screen.dialects import DUCKDB
from zhida.screen.duckdb_engine import DuckTables
from zhida.screen.facts import Facts, reading
from zhida.screen.plan import Query, statement
from zhida.screen.regions import Area
from zhida.screen.units import unit_frame

METHOD = "划型办法"
"""The switch that says by which text enterprises are sized."""


def employers_query(
    connection: duckdb.DuckDBPyConnection, library: Library, population: Population, region: str, on: date
) -> str | None:
    """SQL of (id, size, industry) of the employers in `region`, NULL where unknown.

    None where the population has no employers, or no rule says how to derive facts.
    """
    rule = next(_by_method(library, on), None)
    if "employer" not in population.sources or rule is None:
        return None
    context = Context(library, on, region, DuckTables(connection, population), (region,))
    frame = unit_frame(context, "employer", Area(region, (), ()))
    facts = Facts(reading(context), frame, rule)
    identifier = context.identifier(frame, "id")
    assert identifier is not None, "every file has ids"
    columns = {"id": identifier} | {key: facts.fact("employer", key) for key in ("size", "industry")}
    return DUCKDB.sql(statement(Query("sized", frame.query(), columns)))


def _by_method(library: Library, on: date) -> Iterator[Rule]:
    """Every rule, those under the method that is the switch's default first."""
    rules = [r for d, _ in library.documents for r in resolve(library, d.region, on)]
    switches = [s for i in library.interpretations.values() for s in i.switches if s.name == METHOD]
    default = Literal(switches[0].default) if switches else None
    yield from (rule for rule in rules if METHOD in rule.figures and rule.figures[METHOD].value == default)
    yield from rules
