"""The limit: read the columns that the six rules need, write the result columns, decide nothing.

The finished result is an earlier one of the same population, so reading it is part of the time as well.

    python read_write.py POPULATION FINISHED OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from duckdb_by_hand import OPTIONS, SHEETS, scan

NEEDED = {
    "employers": """id, org_type, insured_as_unit, insured_region, region, industry, size, employees, revenue,
        assets, staff, bank_deposit, three_insurance_months_continuous, in_loss, repayment_promised,
        temporarily_in_difficulty, insured_last_year_start, insured_last_year_end, insured_now,
        unemployment_contribution_months_last_year, unemployment_contributions_last_year, seriously_dishonest,
        labour_dispatch""",
    "hires": """id, employer_id, person_id, hired_on, "person.education", "person.graduated_on",
        "person.unemployed", "person.id_number", contract_months, person_is_owner, identity_used_expansion,
        unemployment_insured_months""",
    "internships": """id, employer_id, person_id, started_on, ended_on, months, extra_days, completed,
        retained, "person.education", "person.unemployed", "person.graduated_on", "person.household_region",
        "person.groups", "person.born_on" """,
}


def main(population: Path, finished: Path, out: Path, memory: str = "8GB") -> None:
    out.mkdir(parents=True)
    connection = duckdb.connect(config={"memory_limit": memory, "temp_directory": str(out / ".spill")})
    for sheet in SHEETS:
        counts = ", ".join(f"count({column.strip()})" for column in NEEDED[sheet].split(","))
        connection.execute(f"SELECT {counts} FROM {scan(sheet, population, population)}").fetchall()
        result = scan(sheet, finished, finished)
        connection.execute(f"COPY (SELECT * FROM {result}) TO '{out / sheet}.parquet' ({OPTIONS})")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), *sys.argv[4:5])  # type: ignore[arg-type]
