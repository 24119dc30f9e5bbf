"""What was paid before: to employers, their representatives, bases and persons."""

from __future__ import annotations

from dataclasses import dataclass

from zhida.population.conversion import literal, quote
from zhida.population.making.codes import uscc
from zhida.population.making.draws import Draws
from zhida.population.making.employers import OTHERS, PERSONS, employer_recipe, representative
from zhida.population.making.units import FIRST_IDS, TRADES, Scene
from zhida.population.schema import LOGICAL_TYPES, FileSchema


@dataclass(frozen=True, slots=True)
class Branch:
    """Grants of one measure: to so many in a thousand rows of a kind; SQL for what they say.

    `rows`: `employer`, `base` or `person`. `subject` is the name under which history knows the row.
    """

    measure: str
    rows: str
    per_mille: int
    subject: str = "CAST(id AS VARCHAR)"
    low: int = 500
    high: int = 3000
    where: str = "TRUE"
    months: int = 0
    skilled: bool = False


def branches(scene: Scene) -> tuple[Branch, ...]:
    """Every kind of grant. One in ten employers is named by its 统一社会信用代码 instead of its id."""
    d = Draws(scene.seed, "employer", "id")
    by_code = Draws(scene.seed, "history", "id").chance("by code", 100)
    code = uscc("e_body", "e_type", "county", "county_sum")
    firm = f"CASE WHEN {by_code} THEN {code} ELSE CAST(id AS VARCHAR) END"
    base = f"CAST({FIRST_IDS['base']} + id AS VARCHAR)"
    runs_base = Draws(scene.seed, "base", f"({FIRST_IDS['base']} + id)").chance("runs one", 20)
    other, hired = f"slot >= {OTHERS}", f"slot < {OTHERS}"
    return (
        Branch("job-retention-refund", "employer", 120, firm, 300, 90_000),
        Branch("stay-at-work-training", "employer", 60, firm, 500, 60_000),
        Branch("startup-employment-grant", "employer", 50, representative(d), 5_000, 50_000),
        Branch("incubator-award", "employer", 250, base, 300_000, 600_000, runs_base),
        Branch("hiring-expansion", "person", 30, where=hired),
        Branch("hiring-subsidy", "person", 30, where=hired),
        Branch("internship-subsidy", "person", 20, where=hired),
        Branch("unemployment-benefit", "person", 120, where=other, months=24),
        Branch("unemployment-assistance", "person", 40, where=other, months=6),
        Branch("flexible-insurance-subsidy", "person", 40, where=other, months=30),
        Branch("startup-grant", "person", 30, where=other),
        Branch("training-subsidy", "person", 30),
        Branch("skill-upgrade", "person", 60, skilled=True),
    )


def history_query(scene: Scene, schema: FileSchema) -> str:
    """The SELECT of the history of one part, in the order of the employers."""
    measure = schema.fields["measure"].fact
    known = measure.values if measure else ()
    employers = employer_recipe(scene.seed, scene.on, scene.employers).hidden(())
    rows = {
        "employer": f"SELECT *, id AS owner FROM {employers}",
        "person": f"SELECT *, id AS owner FROM ({scene.persons})",
    }
    parts = [
        _grants(scene, branch, number, rows[branch.rows])
        for number, branch in enumerate(branches(scene))
        if branch.measure in known
    ]
    order = f"CASE WHEN owner < {PERSONS} THEN owner ELSE (owner - {PERSONS}) // 64 END, owner, number"
    columns = ", ".join(
        f"CAST({quote(name)} AS {LOGICAL_TYPES[field.kind]}) AS {quote(name)}"
        for name, field in schema.fields.items()
        if field.fact is not None and name in COLUMNS
    )
    return f"SELECT {columns} FROM ({' UNION ALL '.join(parts)}) ORDER BY {order}"


COLUMNS = ("measure", "subject", "on", "amount", "period", "months", "trade", "level")


def _grants(scene: Scene, branch: Branch, number: int, rows: str) -> str:
    d = Draws(scene.seed, f"history/{branch.measure}", "owner")
    day = f"(DATE '{scene.on}' - CAST({d.between('days', 1, 800)} AS INTEGER))"
    values = {
        "measure": literal(branch.measure),
        "subject": branch.subject,
        "on": day,
        "amount": f"{d.between('amount', branch.low, branch.high)} / 1.0",
        "period": f"CAST(year({day}) AS VARCHAR)",
        "months": d.between("months", 1, branch.months) if branch.months else "NULL",
        "trade": d.one_of("trade", TRADES) if branch.skilled else "NULL",
        "level": d.pick_text("level", {"初级": 50, "中级": 35, "高级": 15}) if branch.skilled else "NULL",
    }
    items = ", ".join(f"{sql} AS {quote(name)}" for name, sql in values.items())
    paid = d.chance("paid", branch.per_mille)
    return f"SELECT owner, {number} AS number, {items} FROM ({rows}) WHERE {branch.where} AND {paid}"
