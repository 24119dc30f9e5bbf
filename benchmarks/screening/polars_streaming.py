"""The six rules in Polars: lazy, streaming, straight to Parquet. Needs polars alone.

python polars_streaming.py POPULATION STANDARDS OUT
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import polars as pl
from polars import col, lit, when
from polars_employers import (
    HERE,
    MONEY,
    NATURAL,
    SIZES,
    Expr,
    bit,
    cents,
    employers,
    first,
    named,
    paid,
    place,
    reaches,
    size_lacks,
    sized,
    verdict,
)


def main(population: Path, standards: Path, out: Path) -> None:
    out.mkdir(parents=True)

    def scan(name: str) -> pl.LazyFrame:
        if (population / name).is_dir():
            return pl.scan_parquet(population / name / "*.parquet")
        folder = population if (population / f"{name}.parquet").exists() else standards
        return pl.scan_parquet(folder / f"{name}.parquet")

    for name, frame in (
        ("employers", employers(scan)),
        ("hires", hires(scan)),
        ("internships", internships(scan)),
    ):
        frame.sink_parquet(out / f"{name}.parquet", compression="snappy", row_group_size=122_880)


def hires(scan) -> pl.LazyFrame:  # type: ignore[no-untyped-def]
    owners = (
        scan("employers")
        .with_columns(place=place())
        .filter(col("place") == HERE)
        .join(scan("industries_2011"), on="industry", how="left", maintain_order="left")
        .with_columns(**{size: reaches(size) for size in SIZES})
        .with_columns(sized=sized())
        .select(
            "place",
            owner_id=col("id"),
            business=col("org_type") == "企业",
            size_state=first(
                (col("sized").is_null(), 2),
                (col("sized") == "未划型", 1),
                (col("sized") == "大型", 3),
                otherwise=0,
            ).cast(pl.UInt8),
            size_lacks=(when(col("sized").is_null()).then(size_lacks()).otherwise(0) * 64).cast(pl.UInt16),
        )
    )
    contract, insured = col("contract_months"), col("unemployment_insured_months")
    unemployed = col("person.unemployed")
    frame = (
        scan("hires")
        .join(owners, left_on="employer_id", right_on="owner_id", maintain_order="left")
        .with_columns(
            timely=(col("hired_on") >= date(2022, 1, 1)) & (col("hired_on") <= date(2022, 12, 31)),
            graduate=col("person.education").is_in(["研究生", "本科", "专科"]),
            fresh=col("person.graduated_on").dt.year() == col("hired_on").dt.year(),
            owner=col("person_is_owner").fill_null(False),
            used=col("identity_used_expansion").fill_null(False),
        )
        .with_columns(
            fails0=first(
                (~col("timely"), 0),
                (~col("business"), 2),
                (col("size_state") == 3, 3),
                (~col("graduate"), 4),
                (~col("fresh"), 5),
                (~unemployed, 6),
                (contract < 12, 7),
                (col("owner"), 8),
                otherwise=99,
            ),
            open0=(
                col("timely")
                & col("business")
                & col("graduate")
                & col("fresh")
                & unemployed
                & (contract >= 12)
            ).is_null()
            | (col("size_state") == 2),
            fails1=first(
                (~col("timely"), 0),
                (~col("business"), 2),
                (~col("graduate"), 3),
                (~col("fresh"), 4),
                (~unemployed, 5),
                (contract <= 0, 6),
                (insured < 1, 7),
                (col("used"), 8),
                otherwise=99,
            ),
            open1=(
                col("timely")
                & col("business")
                & col("graduate")
                & col("fresh")
                & unemployed
                & (contract > 0)
                & (insured >= 1)
            ).is_null(),
        )
    )
    shared = (
        bit(col("hired_on").is_null(), 1)
        + bit(col("person.education").is_null(), 2)
        + bit(col("person.graduated_on").is_null(), 4)
        + bit(unemployed.is_null(), 8)
        + bit(contract.is_null(), 16)
    )
    waits0, waits1 = ((col(f"fails{n}") == 99) & col(f"open{n}") for n in (0, 1))
    columns = {
        "hiring-subsidy.0": (
            verdict(col("fails0"), col("open0"), col("size_state") == 1),
            col("fails0"),
            bit(waits0, shared + bit(col("business").is_null(), 32) + col("size_lacks")),
            paid(col("fails0"), col("open0"), lit(1000, MONEY)),
            when(waits0).then(lit(1000, MONEY)),
        ),
        "hiring-expansion.1": (
            verdict(col("fails1"), col("open1")),
            col("fails1"),
            bit(waits1, shared + bit(insured.is_null(), 32) + bit(col("business").is_null(), 64)),
            paid(col("fails1"), col("open1"), lit(1500, MONEY)),
            when(waits1).then(lit(1500, MONEY)),
        ),
    }
    return frame.select(
        unit=col("id"),
        employer=col("employer_id"),
        person=col("person_id"),
        region=col("place"),
        number=when((col("fails0") == 99) | (col("fails1") == 99)).then(col("person.id_number")),
        **named(columns),
    )


def months_between(start: Expr, end: Expr) -> Expr:
    whole = (end.dt.year() - start.dt.year()) * 12 + (end.dt.month() - start.dt.month())
    ahead, behind = end.dt.day() < start.dt.day(), end.dt.day() > start.dt.day()
    return whole - ((whole > 0) & ahead).cast(pl.Int32) + ((whole < 0) & behind).cast(pl.Int32)


def internships(scan) -> pl.LazyFrame:  # type: ignore[no-untyped-def]
    retention = (
        scan("internships")
        .group_by("employer_id")
        .agg(
            done=col("completed").fill_null(False).sum().cast(pl.Int64),
            kept=col("retained").fill_null(False).sum().cast(pl.Int64),
        )
    )
    hosts = ["企业", "事业单位", *NATURAL]
    owners = (
        scan("employers")
        .with_columns(place=place())
        .filter(col("place") == HERE)
        .select(
            "place", owner_id=col("id"), host=col("org_type").is_in(hosts), other=col("org_type") == "其他"
        )
    )
    education, unemployed = col("person.education"), col("person.unemployed")
    graduated, started = col("person.graduated_on"), col("started_on")
    frame = (
        scan("internships")
        .join(owners, left_on="employer_id", right_on="owner_id", maintain_order="left")
        .join(retention, on="employer_id", how="left", maintain_order="left")
        .join(
            scan("counties"),
            left_on="person.household_region",
            right_on="region",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            registered=col("person.groups").list.contains("登记失业人员"),
            recent=(graduated <= started) & (started < graduated.dt.offset_by("24mo")),
            age=months_between(col("person.born_on"), started) // 12,
            over=(col("completed") & (col("ended_on") <= date(2022, 10, 1))).fill_null(False),
            days=pl.min_horizontal(col("extra_days").fill_null(0), lit(22)),
            rate=when(col("done") > 0).then(
                first(
                    (col("kept") * 10 >= col("done") * 7, 1500),
                    (col("kept") * 10 >= col("done") * 6, 1350),
                    (col("kept") * 10 >= col("done") * 5, 1200),
                    otherwise=1000,
                )
            ),
        )
        .with_columns(
            lasted=pl.coalesce(
                "months", when(col("over")).then(months_between(started, col("ended_on").dt.offset_by("1d")))
            ).cast(pl.Int64),
            graduate=education.is_in(["研究生", "本科", "专科"]) & unemployed & col("recent"),
            vocational=(education == "中职") & unemployed & col("recent"),
            jobless=(unemployed | col("registered")) & (col("age") >= 16) & (col("age") <= 24),
        )
        .with_columns(
            poor=col("vocational") & (col("category") == "重点县"),
            unlisted=col("vocational") & (col("category") == "未收录"),
        )
        .with_columns(trainee=col("graduate") | col("poor") | col("jobless"), price=worth(col("rate")))
        .with_columns(
            fails=first(
                (~col("host") & ~col("other"), 0),
                (~col("trainee") & ~col("unlisted"), 1),
                (col("lasted") < 3, 2),
                otherwise=99,
            ),
            schooling=col("poor").is_null() | (~col("trainee") & col("unlisted").is_null()).fill_null(False),
            open=col("host").is_null()
            | col("trainee").is_null()
            | col("lasted").is_null()
            | (~col("trainee") & col("unlisted").is_null()).fill_null(False),
        )
    )
    schools = col("graduate").is_null() | col("schooling")
    routes = schools | col("jobless").is_null()
    trainee_open = col("trainee").is_null() | (~col("trainee") & col("unlisted").is_null()).fill_null(False)
    missing = (
        bit(col("host").is_null(), 1)
        + bit(
            trainee_open,
            bit(education.is_null() & schools, 2)
            + bit(
                unemployed.is_null()
                & (schools | (col("jobless").is_null() & ~col("registered").fill_null(False))),
                4,
            )
            + bit(graduated.is_null() & schools, 8)
            + bit(started.is_null() & routes, 16)
            + bit(
                col("category").is_null() & col("schooling"),
                when(col("person.household_region").is_null()).then(32).otherwise(64),
            )
            + bit(
                col("jobless").is_null(),
                bit(
                    col("registered").is_null() & ~unemployed.fill_null(False),
                    128 + bit(col("person.groups").is_null(), 256),
                )
                + bit(col("person.born_on").is_null(), 512),
            ),
        )
        + bit(
            col("lasted").is_null(),
            1024 + bit(col("over") & started.is_null() & ~(col("trainee").is_null() & routes), 16),
        )
        + bit(col("price").is_null() & col("rate").is_null(), 4096)
    )
    review = (~col("host") & col("other")) | (~col("trainee") & col("unlisted"))
    waits = (col("fails") == 99) & (col("open") | col("price").is_null())
    rate = col("rate").fill_null(1500)
    most = pl.coalesce("price", when(col("lasted").is_null()).then(cents(rate * 1200)).otherwise(worth(rate)))
    columns = {
        "internship-subsidy.0": (
            verdict(col("fails"), col("open"), review),
            col("fails"),
            bit(waits, missing),
            paid(col("fails"), col("open"), col("price")),
            when(waits).then(most),
        )
    }
    return frame.select(
        unit=col("id"),
        employer=col("employer_id"),
        person=col("person_id"),
        region=col("place"),
        **named(columns),
    )


def worth(rate: Expr) -> Expr:
    most = rate.cast(pl.Int64) * 1200
    exact = ((col("lasted") * 22 + col("days")) * rate * 200 + 22) // 44
    return cents(
        when(col("lasted") >= 12).then(most).otherwise(when(exact < most).then(exact).otherwise(most))
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
