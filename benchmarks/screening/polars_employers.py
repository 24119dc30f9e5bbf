"""What the rules have in common in Polars, and those on employers."""

from __future__ import annotations

import polars as pl
from polars import col, lit, when

Expr = pl.Expr
MONEY = pl.Decimal(18, 2)
NATURAL = ["社会团体", "基金会", "社会服务机构", "律师事务所", "会计师事务所"]
HERE = lit("621025")
PLACE_FACTS = ("county_risk_area_found", "risk_area_found", "static_management", "filed")
SIZES = ("large", "medium", "small")
UNITS = {"staff": "employees", "revenue": "revenue", "assets": "assets"}


def first(*arms: tuple[Expr, Expr | int], otherwise: Expr | int | None = None) -> Expr:
    """The value of the first arm whose condition is true."""
    chain: pl.Expr = lit(None) if otherwise is None else _lit(otherwise)
    for condition, value in reversed(arms):
        chain = when(condition).then(_lit(value)).otherwise(chain)
    return chain


def _lit(value: Expr | int | str) -> Expr:
    return value if isinstance(value, Expr) else lit(value)


def bit(condition: Expr, value: int) -> Expr:
    return when(condition).then(value).otherwise(0)


def text(value: str) -> Expr:
    return lit(value)


def verdict(fails: Expr, unsure: Expr, review: Expr | None = None) -> Expr:
    arms = [(fails != 99, text("ineligible")), (unsure, text("unknown"))]
    if review is not None:
        arms.append((review, text("review")))
    return first(*arms, otherwise=text("eligible"))


def paid(fails: Expr, unsure: Expr, price: Expr) -> Expr:
    return when(fails != 99).then(lit(0, MONEY)).when(~unsure).then(price.cast(MONEY)).otherwise(None)


def nothing(fails: Expr) -> Expr:
    return when(fails != 99).then(lit(0, MONEY)).otherwise(lit(None, MONEY))


def cents(value: Expr) -> Expr:
    """A whole number of cents as money, without rounding."""
    return (value.cast(pl.Decimal(18, 0)) * lit("0.01").cast(pl.Decimal(3, 2))).cast(MONEY)


def reaches(size: str) -> Expr:
    parts = [(col(f"{size}_{u}") == 0) | (col(fact) >= col(f"{size}_{u}")) for u, fact in UNITS.items()]
    return when(col("size").is_null()).then(parts[0] & parts[1] & parts[2])


def sized() -> Expr:
    return first(
        (col("size").is_not_null(), col("size")),
        (~col("applies"), text("未划型")),
        (col("applies").is_null(), lit(None, pl.String)),
        (col("large"), text("大型")),
        (col("large").is_null(), lit(None, pl.String)),
        (col("medium"), text("中型")),
        (col("medium").is_null(), lit(None, pl.String)),
        (col("small"), text("小型")),
        (col("small").is_null(), lit(None, pl.String)),
        otherwise=text("微型"),
    )


def size_lacks() -> Expr:
    """Bits of the facts that an unknown size waits for."""
    whole: Expr = bit(col("applies").is_null(), when(col("industry").is_null()).then(2).otherwise(4)) + 1
    for place, (unit, fact) in enumerate(UNITS.items()):
        here = {s: col(s).is_null() & ~(col(f"{s}_{unit}") == 0).fill_null(False) for s in SIZES}
        below = here["medium"] | (~col("medium").fill_null(False) & here["small"])
        whole = whole + bit(
            col(fact).is_null() & (here["large"] | (~col("large").fill_null(False) & below)), 8 << place
        )
    return whole


def place() -> Expr:
    return pl.coalesce("insured_region", "region", HERE)


def employers(scan) -> pl.LazyFrame:  # type: ignore[no-untyped-def]
    org, difficulty = col("org_type"), col("temporarily_in_difficulty")
    own = (org != "个体工商户") | col("insured_as_unit")
    start, end = col("insured_last_year_start"), col("insured_last_year_end")
    months = col("unemployment_contribution_months_last_year")
    frame = (
        scan("employers")
        .with_columns(place=place())
        .filter(col("place") == HERE)
        .join(scan("industries"), on="industry", how="left", maintain_order="left")
        .join(scan("wages"), left_on="place", right_on="region", how="left", maintain_order="left")
        .join(
            scan("places").select("id", *PLACE_FACTS),
            left_on="place",
            right_on="id",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            business=org.is_in(["企业", "个体工商户"]) & own,
            institution=org.is_in(["事业单位", *NATURAL]),
            payer=org.is_in(["企业", *NATURAL, "个体工商户"]) & own,
            reference=org.is_in([*NATURAL, "个体工商户"]),
            hardest=col("list") == "特困5",
            wider=col("list") == "扩围17",
            recognised=(col("three_insurance_months_continuous") >= 6)
            & col("in_loss")
            & col("repayment_promised")
            & (col("bank_deposit") < (col("staff") * col("monthly")).cast(MONEY)),
            lost=when(start > 0).then(start - end),
            opened_empty=(start == 0).fill_null(False),
            closed=col("static_management") & col("filed"),
            **{size: reaches(size) for size in SIZES},
        )
        .with_columns(
            sized=sized(),
            hardship=difficulty | col("recognised"),
            stable=(col("lost") * 1000 <= 55 * start) | ((end <= 30) & (col("lost") * 10 <= 2 * start)),
            severe=col("county_risk_area_found") & col("closed") & difficulty,
            risk_review=~col("risk_area_found") & (org == "企业") & col("hardest"),
        )
        .with_columns(
            grounds0=col("hardest") | (col("wider") & col("hardship")),
            fits1=(org != "企业") | col("sized").is_in(["中型", "小型", "微型"]),
            unsized=col("sized") == "未划型",
            grounds2=col("hardest") | (col("wider") & difficulty) | col("severe"),
            percent=first(
                (col("reference"), 90),
                (col("reference").is_null() & (col("sized") == "大型"), lit(None, pl.Int32)),
                (col("sized") == "大型", 50),
                (col("sized") != "未划型", 90),
            ),
        )
        .with_columns(
            settle=~col("reference") & col("unsized"),
            fails0=first((~col("business"), 0), (~col("grounds0"), 1), otherwise=99),
            open0=(col("business") & col("grounds0")).is_null(),
            fails1=first(
                (~col("business"), 0),
                (~col("fits1") & ~col("unsized"), 1),
                (~col("severe"), 2),
                otherwise=99,
            ),
            open1=col("business").is_null()
            | col("severe").is_null()
            | col("fits1").is_null()
            | (~col("fits1") & col("unsized").is_null()).fill_null(False),
            review1=(~col("fits1") & col("unsized")).fill_null(False),
            fails2=first((~col("institution"), 0), (~col("grounds2"), 1), otherwise=99),
            open2=(col("institution") & col("grounds2")).is_null(),
            fails3=first(
                (~col("payer"), 0),
                (~col("stable") & ~col("opened_empty"), 1),
                (months < 12, 2),
                (col("seriously_dishonest"), 3),
                otherwise=99,
            ),
            open3=col("payer").is_null()
            | months.is_null()
            | col("seriously_dishonest").is_null()
            | col("labour_dispatch").is_null()
            | (col("stable").is_null() & ~col("opened_empty")),
            review3=(~col("stable").fill_null(False) & col("opened_empty")) | col("labour_dispatch"),
            due=(col("unemployment_contributions_last_year") * 100).cast(pl.Int64),
            fails4=first(
                (~col("payer"), 0), (~col("risk_area_found") & ~col("risk_review"), 1), otherwise=99
            ),
            open4=col("payer").is_null()
            | col("risk_area_found").is_null()
            | (~col("risk_area_found") & col("risk_review").is_null()).fill_null(False),
            review4=(~col("risk_area_found") & col("risk_review")).fill_null(False),
            price4=(col("insured_now") * 500).cast(MONEY),
        )
        .with_columns(price3=cents((col("due") * col("percent") + 50) // 100))
        .with_columns(size_lacks=when(col("sized").is_null()).then(size_lacks()).otherwise(0))
    )
    lists = bit(col("list").is_null(), when(col("industry").is_null()).then(1).otherwise(2))
    types = bit(org.is_null(), 1) + bit(col("insured_as_unit").is_null(), 2)

    def closed(base: int) -> Expr:
        filed = bit(col("filed").is_null(), 4 * base)
        parts = base + bit(col("static_management").is_null(), 2 * base) + filed
        return bit(col("closed").is_null(), 1) * parts

    missing0 = bit(col("business").is_null(), types) + bit(
        col("grounds0").is_null(),
        lists * 4
        + bit(
            col("hardship").is_null() & col("wider").fill_null(True),
            bit(difficulty.is_null(), 16)
            + bit(
                col("recognised").is_null(),
                bit(col("three_insurance_months_continuous").is_null(), 32)
                + bit(col("in_loss").is_null(), 64)
                + bit(col("repayment_promised").is_null(), 128)
                + bit(col("bank_deposit").is_null(), 256)
                + bit(col("staff").is_null(), 512)
                + bit(col("monthly").is_null(), 1024),
            ),
        ),
    )
    missing1 = (
        bit(col("business").is_null(), types)
        + bit(col("fits1").is_null() & org.is_null() & col("business").is_not_null(), 1)
        + bit(col("fits1").is_null() | col("unsized").is_null(), col("size_lacks") * 4)
        + bit(
            col("severe").is_null(),
            bit(col("county_risk_area_found").is_null(), 256) + closed(512) + bit(difficulty.is_null(), 4096),
        )
    )
    missing2 = bit(col("institution").is_null(), types) + bit(
        col("grounds2").is_null(),
        lists * 4
        + bit(difficulty.is_null() & (col("wider").fill_null(True) | col("severe").is_null()), 16)
        + bit(col("severe").is_null(), bit(col("county_risk_area_found").is_null(), 32) + closed(64)),
    )
    unpriced = col("price3").is_null() & ~col("settle").fill_null(False)
    missing3 = bit(
        col("open3"),
        bit(col("payer").is_null(), types)
        + bit(
            col("stable").is_null() & ~col("opened_empty"),
            bit(col("lost").is_null(), 4 + bit(start.is_null(), 8)) + bit(end.is_null(), 16),
        )
        + bit(months.is_null(), 32)
        + bit(col("seriously_dishonest").is_null(), 64)
        + bit(col("labour_dispatch").is_null(), 128),
    ) + bit(
        unpriced,
        bit(org.is_null() & col("percent").is_null() & ~(col("open3") & col("payer").is_null()), 1)
        + bit(col("due").is_null(), 256)
        + bit(
            col("percent").is_null() & ~col("reference").fill_null(False),
            col("size_lacks") * 512 + bit(col("unsized"), 32768),
        ),
    )
    missing4 = (
        bit(col("payer").is_null(), types)
        + bit(col("risk_area_found").is_null(), 4)
        + bit(
            ~col("risk_area_found") & col("risk_review").is_null(),
            lists * 8 + bit(org.is_null() & col("payer").is_not_null(), 1),
        )
        + bit(col("price4").is_null(), 32)
    )
    waits3 = (col("fails3") == 99) & (col("open3") | col("price3").is_null())
    waits4 = (col("fails4") == 99) & (col("open4") | col("price4").is_null())
    most3 = (
        when(col("due") == 0)
        .then(lit(0, MONEY))
        .when(~col("unsized").fill_null(False))
        .then(cents((col("due") * 90 + 50) // 100))
    )
    columns = {
        "pension-deferral.0": (
            verdict(col("fails0"), col("open0")),
            col("fails0"),
            bit((col("fails0") == 99) & col("open0"), missing0),
            nothing(col("fails0")),
            lit(None, MONEY),
        ),
        "pension-deferral.1": (
            verdict(col("fails1"), col("open1"), col("review1")),
            col("fails1"),
            bit((col("fails1") == 99) & col("open1"), missing1),
            nothing(col("fails1")),
            lit(None, MONEY),
        ),
        "pension-deferral.2": (
            verdict(col("fails2"), col("open2")),
            col("fails2"),
            bit((col("fails2") == 99) & col("open2"), missing2),
            nothing(col("fails2")),
            lit(None, MONEY),
        ),
        "job-retention-refund.3": (
            verdict(col("fails3"), col("open3"), col("review3") | col("settle").fill_null(False)),
            col("fails3"),
            bit(waits3, missing3),
            paid(col("fails3"), col("open3"), col("price3")),
            when(waits3).then(pl.coalesce("price3", most3)),
        ),
        "stay-at-work-training.4": (
            verdict(col("fails4"), col("open4"), col("review4")),
            col("fails4"),
            bit(waits4, missing4),
            paid(col("fails4"), col("open4"), col("price4")),
            when(waits4).then(col("price4")),
        ),
    }
    return frame.select(
        unit=col("id"),
        employer=col("id"),
        person=lit(None, pl.String),
        region=col("place"),
        **named(columns),
    )


def named(columns: dict[str, tuple[Expr, ...]]) -> dict[str, Expr]:
    names = ("verdict", "fails", "missing", "amount", "upper")
    return {f"{label}.{n}": e for label, parts in columns.items() for n, e in zip(names, parts, strict=True)}
