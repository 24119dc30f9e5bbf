"""Facts about places: for every place where rows are, those of the nearest one that the population knows."""

from __future__ import annotations

from sqlglot import exp

from zhida.screen.context import Context
from zhida.screen.frame import Frame
from zhida.screen.plan import Table, rows_of
from zhida.screen.syntax import binary, column, text
from zhida.screen.terms import Kind, Term
from zhida.standards.regions import ancestors

PLACE_OF, PLACE_ID = "place.of", "place.nearest"


def place_frame(context: Context) -> Frame:
    """The rows of places, one for each place in which there are units: PLACE_OF says which."""
    tables = context.tables
    known = {str(id) for id in tables.distinct("place", "id")}
    nearest = {
        region: next((code for code in ancestors(region) if code in known), None)
        for region in context.regions
    }
    rows = [[text(region), text(code)] for region, code in nearest.items() if code is not None]
    of = rows_of((PLACE_OF, PLACE_ID), ("VARCHAR", "VARCHAR"), rows, "nearest")
    same = binary(exp.EQ, tables.value("place", "id"), column(PLACE_ID))
    both = exp.select("*").from_(tables.table("place").sql).join(of.sql, on=same)
    frame = Frame("place", Table(both.subquery("placed")))
    frame.scan(PLACE_OF, Term(column(PLACE_OF), Kind.TEXT))
    return frame
