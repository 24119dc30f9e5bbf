"""The six rules in OpenFisca-Core, tuned: vectorised formulas, 64-bit whole numbers (cents) in place of its
32-bit floats, texts as codes, arrays put straight into the holders, entities linked by arrays.

    python openfisca_tuned.py POPULATION STANDARDS OUT

OpenFisca has no unknown value: here every truth is 0, 1 (unknown) or 2, and every number has a mask of where
it is known, which the formulas carry along. It says verdicts, first failing conditions and amounts; which
facts are missing, and bounds of amounts, it does not say. It is AGPL: in an environment of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_employers import employers_and_hires
from openfisca_model import (
    COUNTIES,
    DEGREES,
    LISTS,
    PERIOD,
    REGION,
    SIZES,
    STEPS,
    TYPES,
    VERDICTS,
    Array,
    interns,
)

# ---- files to arrays and back


def columns(population: Path, entity: str, names: Sequence[str]) -> pa.Table:
    folder = population / entity
    return pq.read_table(folder if folder.is_dir() else population / f"{entity}.parquet", columns=list(names))


def flag(column: pa.ChunkedArray) -> Array:
    return pc.fill_null(pc.add(pc.cast(column, pa.int8()), pc.cast(column, pa.int8())), 1).to_numpy()


def number(column: pa.ChunkedArray) -> Array:
    """Whole numbers, of money cents; -1 is unknown."""
    if not pa.types.is_decimal(column.type):
        return pc.fill_null(column, -1).to_numpy()
    parts = []
    for chunk in column.chunks:
        cents = np.frombuffer(chunk.buffers()[1], np.int64)[::2][
            chunk.offset : chunk.offset + len(chunk)
        ].copy()
        cents[pc.is_null(chunk).to_numpy(zero_copy_only=False)] = -1
        parts.append(cents)
    return np.concatenate(parts)


def code(column: pa.ChunkedArray, names: Sequence[str]) -> Array:
    """The place of a text among `names`, one more than the last for others; -1 is unknown."""
    found = pc.fill_null(pc.index_in(column, pa.array(names)), len(names)).to_numpy()
    return np.where(pc.is_null(column).to_numpy(), -1, found).astype(np.int8)


def day(column: pa.ChunkedArray) -> Array:
    return column.to_numpy().astype("datetime64[D]")


def of_industry(industry: pa.ChunkedArray, table: pa.Table) -> Array:
    """The row of each employer's industry in the table; the one after the last where it has none."""
    found = pc.fill_null(pc.index_in(industry, table["industry"].combine_chunks()), len(table))
    return found.to_numpy()


def thresholds(table: pa.Table, rows: Array, suffix: str = "") -> dict[str, Array]:
    given = {f"applies{suffix}": np.append(flag(table["applies"]), 1)[rows]}
    for step in STEPS:
        scale = 1 if step.endswith("staff") else 100
        given[f"{step}{suffix}"] = (np.append(number(table[step]), 0) * scale)[rows]
    return given


def save(
    path: Path, ids: dict[str, pa.ChunkedArray], results: dict[str, tuple[Array, Array, Array | None]]
) -> None:
    """A sheet: of each rule verdict, first failing condition and amount."""
    table: dict[str, Any] = dict(ids)
    for label, (verdicts, fails, amounts) in results.items():
        table[f"{label}.verdict"] = pa.DictionaryArray.from_arrays(pa.array(verdicts), pa.array(VERDICTS))
        table[f"{label}.fails"] = pa.array(fails)
        if amounts is not None:
            table[f"{label}.amount"] = money(amounts)
    pq.write_table(pa.table(table), path, compression="snappy", row_group_size=122_880)


def money(cents: Array) -> pa.Array:
    """Cents as DECIMAL(18, 2); below zero is unknown."""
    wide = np.zeros((len(cents), 2), np.int64)
    wide[:, 0] = np.maximum(cents, 0)
    known = pa.array(cents >= 0)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [known.buffers()[1], pa.py_buffer(wide)])


def main(population: Path, standards: Path, out: Path) -> None:
    out.mkdir(parents=True)
    types = code(columns(population, "employers", ["org_type"])["org_type"], TYPES)
    employer_ids = columns(population, "employers", ["id", "insured_region", "region"])
    place = pc.coalesce(employer_ids["insured_region"], employer_ids["region"], pa.scalar(REGION))
    assert pc.all(pc.equal(place, REGION)).as_py(), "the benchmark's employers are all of one county"
    ids = employer_ids["id"].to_numpy()
    first_model(population, standards, out, types, ids, place)
    second_model(population, standards, out, types, ids, place)


def first_model(
    population: Path, standards: Path, out: Path, types: Array, ids: Array, place: pa.ChunkedArray
) -> None:
    flags = ("insured_as_unit", "in_loss", "repayment_promised", "temporarily_in_difficulty",
             "seriously_dishonest", "labour_dispatch")  # fmt: skip
    numbers = {
        "employees": "employees", "revenue": "revenue", "assets": "assets", "staff": "staff",
        "bank_deposit": "bank_deposit", "months_continuous": "three_insurance_months_continuous",
        "start": "insured_last_year_start", "end": "insured_last_year_end", "insured_now": "insured_now",
        "contribution_months": "unemployment_contribution_months_last_year",
        "contributions": "unemployment_contributions_last_year",
    }  # fmt: skip
    count = len(ids)
    read = columns(population, "employers", [*flags, *numbers.values(), "size", "industry"])
    given = {name: flag(read[name]) for name in flags} | {n: number(read[c]) for n, c in numbers.items()}
    given |= {"type": types, "size": code(read["size"], SIZES)}
    industries = pq.read_table(standards / "industries.parquet")
    rows = of_industry(read["industry"], industries)
    given["list"] = np.append(code(industries["list"], LISTS), -1)[rows].astype(np.int8)
    given |= thresholds(industries, rows)
    given |= thresholds(pq.read_table(standards / "industries_2011.parquet"), rows, "_2011")
    del read
    here = next(p for p in columns(population, "places", ["id", "county_risk_area_found", "risk_area_found",
                "static_management", "filed"]).to_pylist() if p["id"] == REGION)  # fmt: skip
    wages = pq.read_table(standards / "wages.parquet").to_pylist()
    given["wage"] = np.full(count, next(w["monthly"] for w in wages if w["region"] == REGION), np.int64)
    for name, value in (("county_risk", here["county_risk_area_found"]), ("risk", here["risk_area_found"]),
                        ("closed", here["static_management"] and here["filed"])):  # fmt: skip
        given[name] = np.full(count, 1 if value is None else 2 * value, np.int8)
    wanted = (
        "employer_id",
        "hired_on",
        "person.graduated_on",
        "person.education",
        "person.unemployed",
        "person_is_owner",
        "identity_used_expansion",
        "contract_months",
        "unemployment_insured_months",
    )
    hires = columns(population, "hires", wanted)
    member_of = np.searchsorted(ids, hires["employer_id"].to_numpy())
    units = {
        "hired_on": day(hires["hired_on"]), "graduated_on": day(hires["person.graduated_on"]),
        "education": code(hires["person.education"], DEGREES), "unemployed": flag(hires["person.unemployed"]),
        "person_is_owner": flag(hires["person_is_owner"]), "used": flag(hires["identity_used_expansion"]),
        "contract_months": number(hires["contract_months"]),
        "insured_months": number(hires["unemployment_insured_months"]),
    }  # fmt: skip
    del hires
    run = employers_and_hires().simulate(units, given, member_of)

    def of(name: str) -> Array:
        return run.calculate(name, PERIOD)

    own = columns(population, "employers", ["id"])["id"]
    nothing = {n: np.where(of(f"fails{n}") != 99, 0, -1) for n in (0, 1, 2)}
    save(out / "employers.parquet", {"unit": own, "employer": own, "region": place}, {
        **{f"pension-deferral.{n}": (of(f"verdict{n}"), of(f"fails{n}"), nothing[n]) for n in (0, 1, 2)},
        "job-retention-refund.3": (of("verdict3"), of("fails3"), of("amount3")),
        "stay-at-work-training.4": (of("verdict4"), of("fails4"), of("amount4")),
    })  # fmt: skip
    results = {}
    for number_, label, price in ((0, "hiring-subsidy.0", 100_000), (1, "hiring-expansion.1", 150_000)):
        said, fails = of(f"hire_verdict{number_}"), of(f"hire_fails{number_}")
        results[label] = (said, fails, np.select([said == 3, said == 2], [0, -1], price))
    hired = columns(population, "hires", ["id", "employer_id", "person_id"])
    names = {"unit": hired["id"], "employer": hired["employer_id"], "person": hired["person_id"]}
    save(out / "hires.parquet", names, results)


def second_model(
    population: Path, standards: Path, out: Path, types: Array, ids: Array, place: pa.ChunkedArray
) -> None:
    wanted = ("id", "employer_id", "person_id", "started_on", "ended_on", "months", "extra_days", "completed",
              "retained", "person.education", "person.unemployed", "person.graduated_on",
              "person.household_region", "person.groups", "person.born_on")  # fmt: skip
    read = columns(population, "internships", wanted)
    counties = pq.read_table(standards / "counties.parquet")
    rows = pc.fill_null(pc.index_in(read["person.household_region"], counties["region"].combine_chunks()),
                        len(counties)).to_numpy()  # fmt: skip
    groups = read["person.groups"].combine_chunks()
    registered = np.zeros(len(read), np.int8)
    parents = groups.flatten_parent_indices() if hasattr(groups, "flatten_parent_indices") else None
    parents = pc.list_parent_indices(groups) if parents is None else parents
    held = pc.equal(pc.list_flatten(groups), "登记失业人员")
    registered[pc.filter(parents, held).to_numpy()] = 2
    registered[pc.is_null(groups).to_numpy(zero_copy_only=False)] = 1
    units = {
        "started_on": day(read["started_on"]), "ended_on": day(read["ended_on"]),
        "graduated_on": day(read["person.graduated_on"]), "born_on": day(read["person.born_on"]),
        "education": code(read["person.education"], DEGREES), "unemployed": flag(read["person.unemployed"]),
        "completed": flag(read["completed"]), "retained": flag(read["retained"]), "registered": registered,
        "county": np.append(code(counties["category"], COUNTIES), -1)[rows].astype(np.int8),
        "months": number(read["months"]), "extra_days": number(read["extra_days"]),
    }  # fmt: skip
    member_of = np.searchsorted(ids, read["employer_id"].to_numpy())
    run = interns().simulate(units, {"type": types}, member_of)
    results = (
        run.calculate("intern_verdict", PERIOD),
        run.calculate("fails", PERIOD),
        run.calculate("amount", PERIOD),
    )
    names = {"unit": read["id"], "employer": read["employer_id"], "person": read["person_id"]}
    save(out / "internships.parquet", names, {"internship-subsidy.0": results})


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
