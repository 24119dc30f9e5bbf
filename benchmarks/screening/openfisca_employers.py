"""The rules on employers and on their hires, as a model of OpenFisca-Core."""

from __future__ import annotations

from typing import Any

import numpy as np
from openfisca_model import (
    DEGREES,
    LARGE,
    LISTS,
    MEDIUM,
    NATURAL,
    SIZES,
    STEPS,
    TYPES,
    UNSIZED,
    Array,
    Model,
    among,
    as_formula,
    both,
    either,
    first,
    flip,
    sizing,
    truth,
    verdict,
)


def employers_and_hires() -> Model:
    model = Model("hire")
    own, hire = model.employer, model.unit
    for name in ("type", "size", "list"):
        model.add(own, name, np.int8)
    for name in (
        "insured_as_unit",
        "in_loss",
        "repayment_promised",
        "temporarily_in_difficulty",
        "seriously_dishonest",
        "labour_dispatch",
        "county_risk",
        "risk",
        "closed",
    ):
        model.add(own, name, np.int8)  # fmt: skip
    for name in (
        "employees",
        "revenue",
        "assets",
        "staff",
        "bank_deposit",
        "months_continuous",
        "start",
        "end",
        "insured_now",
        "contribution_months",
        "contributions",
        "wage",
    ):
        model.add(own, name, np.int64)  # fmt: skip
    for name in ("applies", "applies_2011"):
        model.add(own, name, np.int8)
    for step in STEPS:
        model.add(own, step, np.int64)
        model.add(own, f"{step}_2011", np.int64)

    def owned(row: Any, period: Any, *types: str) -> Array:
        household = among(row("type", period), TYPES, ["个体工商户"])
        return both(
            among(row("type", period), TYPES, types), either(flip(household), row("insured_as_unit", period))
        )

    def payer(row: Any, period: Any) -> Array:
        return owned(row, period, "企业", "个体工商户", *NATURAL)

    def business(row: Any, period: Any) -> Array:
        return owned(row, period, "企业", "个体工商户")

    def sized_2011(row: Any, period: Any) -> Array:
        return sizing(
            lambda name, at: row(f"{name}_2011" if name in (*STEPS, "applies") else name, at), period
        )

    def severe(row: Any, period: Any) -> Array:
        parts = (row(name, period) for name in ("county_risk", "closed", "temporarily_in_difficulty"))
        return both(*parts)

    def grounds0(row: Any, period: Any) -> Array:
        months, deposit, staff = (row(n, period) for n in ("months_continuous", "bank_deposit", "staff"))
        low = truth((deposit >= 0) & (staff >= 0), deposit < staff * row("wage", period) * 100)
        recognised = both(
            truth(months >= 0, months >= 6), row("in_loss", period), row("repayment_promised", period), low
        )
        hardship = either(row("temporarily_in_difficulty", period), recognised)
        lists = row("list", period)
        return either(among(lists, LISTS, ["特困5"]), both(among(lists, LISTS, ["扩围17"]), hardship))

    def grounds2(row: Any, period: Any) -> Array:
        lists = row("list", period)
        wider = both(among(lists, LISTS, ["扩围17"]), row("temporarily_in_difficulty", period))
        return either(among(lists, LISTS, ["特困5"]), wider, row("severe", period))

    def fails0(row: Any, period: Any) -> Array:
        return first([(row("business", period) == 0, 0), (row("grounds0", period) == 0, 1)], row.count)

    def verdict0(row: Any, period: Any) -> Array:
        return verdict(row("fails0", period), both(row("business", period), row("grounds0", period)) == 1)

    def fits1(row: Any, period: Any) -> Array:
        fits = among(row("sized", period), SIZES, ["中型", "小型", "微型"])
        return either(flip(among(row("type", period), TYPES, ["企业"])), fits)

    def unsized(row: Any, period: Any) -> Array:
        return among(row("sized", period), SIZES, ["未划型"])

    def fails1(row: Any, period: Any) -> Array:
        misfit = (row("fits1", period) == 0) & (row("unsized", period) == 0)
        return first(
            [(row("business", period) == 0, 0), (misfit, 1), (row("severe", period) == 0, 2)], row.count
        )

    def verdict1(row: Any, period: Any) -> Array:
        fits, open_size = row("fits1", period), row("unsized", period)
        unsure = (row("business", period) == 1) | (row("severe", period) == 1) | (fits == 1)
        return verdict(
            row("fails1", period), unsure | ((fits == 0) & (open_size == 1)), (fits == 0) & (open_size == 2)
        )

    def institution(row: Any, period: Any) -> Array:
        return among(row("type", period), TYPES, ["事业单位", *NATURAL])

    def fails2(row: Any, period: Any) -> Array:
        return first([(row("institution", period) == 0, 0), (row("grounds2", period) == 0, 1)], row.count)

    def verdict2(row: Any, period: Any) -> Array:
        return verdict(row("fails2", period), both(row("institution", period), row("grounds2", period)) == 1)

    def stable(row: Any, period: Any) -> Array:
        start, end = row("start", period), row("end", period)
        known, lost = (start > 0) & (end >= 0), start - end
        small = both(truth(end >= 0, end <= 30), truth(known, lost * 10 <= 2 * start))
        return either(truth(known, lost * 1000 <= 55 * start), small)

    def fails3(row: Any, period: Any) -> Array:
        unstable = (row("stable", period) == 0) & (row("start", period) != 0)
        months = row("contribution_months", period)
        short = (months >= 0) & (months < 12)
        dishonest = row("seriously_dishonest", period) == 2
        return first([(row("payer", period) == 0, 0), (unstable, 1), (short, 2), (dishonest, 3)], row.count)

    def open3(row: Any, period: Any) -> Array:
        unsure = (row("payer", period) == 1) | (row("contribution_months", period) < 0)
        unsure |= (row("seriously_dishonest", period) == 1) | (row("labour_dispatch", period) == 1)
        return unsure | ((row("stable", period) == 1) & (row("start", period) != 0))

    def reference(row: Any, period: Any) -> Array:
        return among(row("type", period), TYPES, [*NATURAL, "个体工商户"])

    def percent(row: Any, period: Any) -> Array:
        size, favoured = row("sized", period), row("reference", period)
        rate = np.where(size == LARGE, 50, np.where(size >= MEDIUM, 90, -1))
        rate = np.where((favoured == 1) & (size == LARGE), -1, rate)
        return np.where(favoured == 2, 90, rate)

    def amount3(row: Any, period: Any) -> Array:
        due, rate = row("contributions", period), row("percent", period)
        price = np.where((due >= 0) & (rate >= 0), (due * rate + 50) // 100, -1)
        price[row("open3", period)] = -1
        return np.where(row("fails3", period) != 99, 0, price)

    def verdict3(row: Any, period: Any) -> Array:
        settle = (row("reference", period) == 0) & (row("sized", period) == UNSIZED)
        empty = (row("stable", period) != 2) & (row("start", period) == 0)
        review = empty | (row("labour_dispatch", period) == 2) | settle
        return verdict(row("fails3", period), row("open3", period), review)

    def risk_review(row: Any, period: Any) -> Array:
        business = among(row("type", period), TYPES, ["企业"])
        return both(flip(row("risk", period)), business, among(row("list", period), LISTS, ["特困5"]))

    def fails4(row: Any, period: Any) -> Array:
        nowhere = (row("risk", period) == 0) & (row("risk_review", period) == 0)
        return first([(row("payer", period) == 0, 0), (nowhere, 1)], row.count)

    def open4(row: Any, period: Any) -> Array:
        unsure = (row("payer", period) == 1) | (row("risk", period) == 1)
        return unsure | ((row("risk", period) == 0) & (row("risk_review", period) == 1))

    def verdict4(row: Any, period: Any) -> Array:
        review = (row("risk", period) == 0) & (row("risk_review", period) == 2)
        return verdict(row("fails4", period), row("open4", period), review)

    def amount4(row: Any, period: Any) -> Array:
        insured = row("insured_now", period)
        price = np.where((insured >= 0) & ~row("open4", period), insured * 50_000, -1)
        return np.where(row("fails4", period) != 99, 0, price)

    truths = (
        payer,
        business,
        institution,
        severe,
        grounds0,
        grounds2,
        fits1,
        unsized,
        stable,
        reference,
        risk_review,
    )
    for each in (
        *truths,
        fails0,
        fails1,
        fails2,
        fails3,
        fails4,
        verdict0,
        verdict1,
        verdict2,
        verdict3,
        verdict4,
    ):
        model.add(own, each.__name__, np.int8, as_formula(each))
    for each in (open3, open4):
        model.add(own, each.__name__, np.bool_, as_formula(each))
    for each in (percent, amount3, amount4):
        model.add(own, each.__name__, np.int64, as_formula(each))
    model.add(own, "sized", np.int8, as_formula(sizing))
    model.add(own, "sized_2011", np.int8, as_formula(sized_2011))

    model.add(hire, "hired_on", "datetime64[D]")
    model.add(hire, "graduated_on", "datetime64[D]")
    model.add(hire, "education", np.int8)
    for name in ("unemployed", "person_is_owner", "used"):
        model.add(hire, name, np.int8)
    for name in ("contract_months", "insured_months"):
        model.add(hire, name, np.int64)

    def timely(row: Any, period: Any) -> Array:
        day = row("hired_on", period)
        return truth(
            ~np.isnat(day), (day >= np.datetime64("2022-01-01")) & (day <= np.datetime64("2022-12-31"))
        )

    def graduate(row: Any, period: Any) -> Array:
        return among(row("education", period), DEGREES, ["研究生", "本科", "专科"])

    def fresh(row: Any, period: Any) -> Array:
        hired, left = row("hired_on", period), row("graduated_on", period)
        same = hired.astype("datetime64[Y]") == left.astype("datetime64[Y]")
        return truth(~np.isnat(hired) & ~np.isnat(left), same)

    def at_business(row: Any, period: Any) -> Array:
        return row.employer("enterprise", period)

    def enterprise(row: Any, period: Any) -> Array:
        return among(row("type", period), TYPES, ["企业"])

    def shared(row: Any, period: Any) -> list[Array]:
        return [row(n, period) for n in ("timely", "at_business", "graduate", "fresh", "unemployed")]

    def hire_fails0(row: Any, period: Any) -> Array:
        at, business, graduated, same, free = (part == 0 for part in shared(row, period))
        months = row("contract_months", period)
        large = row.employer("sized_2011", period) == LARGE
        short = (months >= 0) & (months < 12)
        owner = row("person_is_owner", period) == 2
        order = [
            (at, 0),
            (business, 2),
            (large, 3),
            (graduated, 4),
            (same, 5),
            (free, 6),
            (short, 7),
            (owner, 8),
        ]
        return first(order, row.count)

    def hire_verdict0(row: Any, period: Any) -> Array:
        size = row.employer("sized_2011", period)
        unsure = (both(*shared(row, period)) == 1) | (row("contract_months", period) < 0) | (size < 0)
        return verdict(row("hire_fails0", period), unsure, size == UNSIZED)

    def hire_fails1(row: Any, period: Any) -> Array:
        at, business, graduated, same, free = (part == 0 for part in shared(row, period))
        months, insured = row("contract_months", period), row("insured_months", period)
        none, uninsured = months == 0, (insured >= 0) & (insured < 1)
        used = row("used", period) == 2
        order = [
            (at, 0),
            (business, 2),
            (graduated, 3),
            (same, 4),
            (free, 5),
            (none, 6),
            (uninsured, 7),
            (used, 8),
        ]
        return first(order, row.count)

    def hire_verdict1(row: Any, period: Any) -> Array:
        unsure = (both(*shared(row, period)) == 1) | (row("contract_months", period) < 0)
        return verdict(row("hire_fails1", period), unsure | (row("insured_months", period) < 0))

    model.add(own, "enterprise", np.int8, as_formula(enterprise))
    for each in (
        timely,
        graduate,
        fresh,
        at_business,
        hire_fails0,
        hire_verdict0,
        hire_fails1,
        hire_verdict1,
    ):
        model.add(hire, each.__name__, np.int8, as_formula(each))
    return model
