"""The six rules as a model of OpenFisca-Core: three truth values in small integers, money in whole cents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Array = np.ndarray[Any, Any]
PERIOD, REGION = "2022-10", "621025"
NATURAL = ["社会团体", "基金会", "社会服务机构", "律师事务所", "会计师事务所"]
TYPES = ["企业", "个体工商户", "事业单位", "其他", *NATURAL]
SIZES = ["未划型", "大型", "中型", "小型", "微型"]
UNSIZED, LARGE, MEDIUM, SMALL, MICRO = range(5)
LISTS = ["特困5", "扩围17", "其他"]
DEGREES = ["研究生", "本科", "专科", "中职"]
COUNTIES = ["重点县", "未收录", "非重点县"]
VERDICTS = ["eligible", "review", "unknown", "ineligible"]
STEPS = [f"{size}_{unit}" for size in ("large", "medium", "small") for unit in ("staff", "revenue", "assets")]

# ---- truths: 0 no, 1 unknown, 2 yes


def truth(known: Array, holds: Array) -> Array:
    return np.where(known, holds.astype(np.int8) * np.int8(2), np.int8(1))


def both(*parts: Array) -> Array:
    return np.minimum.reduce(parts)


def either(*parts: Array) -> Array:
    return np.maximum.reduce(parts)


def flip(part: Array) -> Array:
    return np.int8(2) - part


def among(code: Array, names: Sequence[str], wanted: Sequence[str]) -> Array:
    return truth(code >= 0, np.isin(code, [names.index(name) for name in wanted]))


def first(conditions: Sequence[tuple[Array, int]], count: int) -> Array:
    """The number of the first condition that surely fails, else 99."""
    fails = np.full(count, 99, np.int8)
    for failing, number in reversed(conditions):
        fails[failing] = number
    return fails


def verdict(fails: Array, unsure: Array, review: Array | None = None) -> Array:
    found = np.zeros(len(fails), np.int8)
    if review is not None:
        found[review] = 1
    found[unsure] = 2
    found[fails != 99] = 3
    return found


# ---- the model

Formula = Callable[..., Array]


class Model:
    """A tax and benefit system of units and their employers, and the variables that it is given."""

    def __init__(self, unit: str) -> None:
        self.unit = build_entity(key=unit, plural=f"{unit}s", label=unit, is_person=True)
        role = {"key": "member", "plural": "members", "label": "member"}
        self.employer = build_entity(key="employer", plural="employers", label="employer", roles=[role])
        self.system = TaxBenefitSystem([self.unit, self.employer])

    def add(self, entity: Any, name: str, dtype: Any, formula: Formula | None = None) -> None:
        body = {"value_type": int, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
        if formula is not None:
            body["formula"] = formula
        self.system.add_variable(type(name, (Variable,), body))
        self.system.variables[name].dtype = np.dtype(dtype)

    def simulate(self, units: dict[str, Array], employers: dict[str, Array], member_of: Array) -> Simulation:
        populations = self.system.instantiate_entities()
        simulation = Simulation(self.system, populations)
        person, employer = populations[self.unit.key], populations["employer"]
        person.count, employer.count = len(member_of), len(next(iter(employers.values())))
        person.ids, employer.ids = range(person.count), range(employer.count)
        employer.members_entity_id = member_of
        employer.members_role = np.full(person.count, employer.entity.flattened_roles[0])
        for given in (units, employers):
            for name, values in given.items():
                simulation.set_input(name, PERIOD, values)
        return simulation


def sizing(row: Any, period: Any) -> Array:
    """The size that is said, else that by the thresholds of the industry; -1 unknown."""
    said = row("size", period)
    amounts = {
        "staff": row("employees", period),
        "revenue": row("revenue", period),
        "assets": row("assets", period),
    }
    reached = []
    for size in ("large", "medium", "small"):
        parts = []
        for unit, value in amounts.items():
            least = row(f"{size}_{unit}", period)
            known = row("applies", period) != 1
            zero = truth(known, least == 0)
            parts.append(either(zero, truth(known & (value >= 0), value >= least)))
        reached.append(both(*parts))
    found = np.full(len(said), MICRO, np.int8)
    for level, truths in zip((SMALL, MEDIUM, LARGE), reversed(reached), strict=True):
        found[truths == 2] = level
        found[truths == 1] = -1
    found[row("applies", period) == 1] = -1
    found[row("applies", period) == 0] = UNSIZED
    return np.where(said >= 0, said, found)


def as_formula(function: Formula) -> Formula:
    """As OpenFisca wants it: a function of a variable's class, named `formula`."""
    return lambda row, period, parameters=None: function(row, period)


def months_between(start: Array, end: Array) -> Array:
    """Full months; where a day is unknown, anything."""
    months = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype(np.int64)
    ahead = (end - end.astype("datetime64[M]")) < (start - start.astype("datetime64[M]"))
    behind = (end - end.astype("datetime64[M]")) > (start - start.astype("datetime64[M]"))
    return months - ((months > 0) & ahead) + ((months < 0) & behind)


def interns() -> Model:
    model = Model("internship")
    own, unit = model.employer, model.unit
    model.add(own, "type", np.int8)
    for name in ("started_on", "ended_on", "graduated_on", "born_on"):
        model.add(unit, name, "datetime64[D]")
    for name in ("education", "county", "unemployed", "registered", "completed", "retained"):
        model.add(unit, name, np.int8)
    for name in ("months", "extra_days"):
        model.add(unit, name, np.int64)

    def rate(row: Any, period: Any) -> Array:
        done, kept = (
            np.bincount(row.members_entity_id[row.members(n, period) == 2], minlength=row.count)
            for n in ("completed", "retained")
        )
        bands = [kept * 10 >= done * least for least in (7, 6, 5)]
        return np.where(done > 0, np.select(bands, [1500, 1350, 1200], 1000), -1)

    def host(row: Any, period: Any) -> Array:
        return among(row("type", period), TYPES, ["企业", "事业单位", *NATURAL])

    def other(row: Any, period: Any) -> Array:
        return among(row("type", period), TYPES, ["其他"])

    def recent(row: Any, period: Any) -> Array:
        left, start = row("graduated_on", period), row("started_on", period)
        month = left.astype("datetime64[M]") + 24
        day = np.minimum(left - left.astype("datetime64[M]"), (month + 1).astype("datetime64[D]") - month - 1)
        known = ~np.isnat(left) & ~np.isnat(start)
        return truth(known, (left <= start) & (start < month.astype("datetime64[D]") + day))

    def lasted(row: Any, period: Any) -> Array:
        start, end, said = (row(n, period) for n in ("started_on", "ended_on", "months"))
        over = (row("completed", period) == 2) & (end <= np.datetime64("2022-10-01")) & ~np.isnat(start)
        return np.where(said >= 0, said, np.where(over, months_between(start, end + 1), -1))

    def graduate(row: Any, period: Any) -> Array:
        degree = among(row("education", period), DEGREES, ["研究生", "本科", "专科"])
        return both(degree, row("unemployed", period), row("recent", period))

    def vocational(row: Any, period: Any) -> Array:
        degree = among(row("education", period), DEGREES, ["中职"])
        return both(degree, row("unemployed", period), row("recent", period))

    def jobless(row: Any, period: Any) -> Array:
        born, start = row("born_on", period), row("started_on", period)
        age = months_between(born, start) // 12
        young = truth(~np.isnat(born) & ~np.isnat(start), (age >= 16) & (age <= 24))
        return both(either(row("unemployed", period), row("registered", period)), young)

    def trainee(row: Any, period: Any) -> Array:
        poor = both(row("vocational", period), among(row("county", period), COUNTIES, ["重点县"]))
        return either(row("graduate", period), poor, row("jobless", period))

    def unlisted(row: Any, period: Any) -> Array:
        return both(row("vocational", period), among(row("county", period), COUNTIES, ["未收录"]))

    def fails(row: Any, period: Any) -> Array:
        lasting = row("lasted", period)
        no_host = (row.employer("host", period) == 0) & (row.employer("other", period) == 0)
        no_trainee = (row("trainee", period) == 0) & (row("unlisted", period) == 0)
        return first([(no_host, 0), (no_trainee, 1), ((lasting >= 0) & (lasting < 3), 2)], row.count)

    def unsure(row: Any, period: Any) -> Array:
        found = (
            (row.employer("host", period) == 1) | (row("trainee", period) == 1) | (row("lasted", period) < 0)
        )
        return found | ((row("trainee", period) == 0) & (row("unlisted", period) == 1))

    def intern_verdict(row: Any, period: Any) -> Array:
        review = (row.employer("host", period) == 0) & (row.employer("other", period) == 2)
        review |= (row("trainee", period) == 0) & (row("unlisted", period) == 2)
        return verdict(row("fails", period), row("unsure", period), review)

    def amount(row: Any, period: Any) -> Array:
        months, days, paid = row("lasted", period), row("extra_days", period), row.employer("rate", period)
        exact = (200 * (months * 22 + np.minimum(np.maximum(days, 0), 22)) * paid + 22) // 44
        price = np.where(months >= 12, 1200 * paid, np.minimum(exact, 1200 * paid))
        price = np.where((paid < 0) | (months < 0) | row("unsure", period), -1, price)
        return np.where(row("fails", period) != 99, 0, price)

    for each in (host, other):
        model.add(own, each.__name__, np.int8, as_formula(each))
    model.add(own, "rate", np.int64, as_formula(rate))
    for each in (recent, graduate, vocational, jobless, trainee, unlisted, fails, intern_verdict):
        model.add(unit, each.__name__, np.int8, as_formula(each))
    model.add(unit, "unsure", np.bool_, as_formula(unsure))
    for each in (lasted, amount):
        model.add(unit, each.__name__, np.int64, as_formula(each))
    return model
