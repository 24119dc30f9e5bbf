"""The rows that one kind of award unit has in a population, with what every rule says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.library.rule import Limit, Rule
from zhida.screen import syntax
from zhida.screen.arithmetic import half_up
from zhida.screen.context import Context
from zhida.screen.facts import Facts, Reading
from zhida.screen.frame import Frame, Parent
from zhida.screen.history import Asked
from zhida.screen.lowering import lower
from zhida.screen.plan import Query
from zhida.screen.regions import Area, below
from zhida.screen.syntax import cast, text
from zhida.screen.terms import Kind, Term
from zhida.screen.verdicts import MONEY, PASSES, judge, surely

OWNED = frozenset({"hire", "internship", "placement", "base"})
"""Units that are nothing without their employer: only those whose employer is in the area count."""
UNIT, EMPLOYER, PERSON, REGION = "unit", "employer", "person", "region"
NUMBER = "number"
"""The person's identity number, in rows that carry it and may be paid under a rule that counts persons."""
GRANTS = ("one-off", "monthly", "staged")
"""Loans, deferrals and rate cuts are no grants: nothing excludes them."""
FINE = 12
"""Decimals of a quotient that is not rounded yet."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule over the units of its kind. `label` begins the names of its columns; `keys` are the
    facts that bit n of `<label>.missing` stands for; `limits` those that need more than a count."""

    rule: Rule
    label: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of unit in one area: a row per unit, the columns of each rule side by side. What awards
    ask of each unit but is the same for all is in `constants`, as SQL, and not a column."""

    kind: str
    area: Area
    query: Query
    judged: tuple[Judged, ...]
    constants: Mapping[str, str]


def sheet(reading: Reading, area: Area, kind: str, rules: Sequence[Rule]) -> Sheet:
    """What `rules`, all on units of `kind`, say of the rows in `area`."""
    frame = unit_frame(reading.context, kind, area)
    columns = _identity(reading.context, frame)
    judged, named, constants = [], [], {}
    for number, rule in enumerate(rules):
        label = f"{rule.measure}.{number}"
        facts = Facts(reading, frame, rule)
        found = judge(facts, label)
        passes = syntax.binary(exp.EQ, found.fails.sql, syntax.integer(PASSES))
        columns |= {
            f"{label}.{name}": getattr(found, name)
            for name in ("verdict", "fails", "missing", "amount", "upper")
        }
        for name, term in _for_awards(facts, label, found.worth).items():
            if isinstance(term.sql, exp.Literal | exp.Boolean | exp.Null):
                constants[name] = facts.dialect.sql(term.sql)
            else:
                columns[name] = _where(passes, term)
        judged.append(Judged(rule, label, found.keys))
        if rule.exclusion is not None or any(limit.per == "person" for limit in rule.limits):
            named.append(passes)
    columns |= _numbers(reading.context, frame, named)
    last = frame.query()
    return Sheet(kind, area, Query(f"{kind}_units", last, columns), tuple(judged), constants)


def unit_frame(context: Context, kind: str, area: Area) -> Frame:
    """The rows of `kind` in `area`, beside those of their employers and persons."""
    frame = Frame(kind, context.tables.table(kind))
    if kind != "employer":
        _with_parent(context, frame, "employer", area if kind in OWNED else None)
    if kind not in ("employer", "person"):
        _with_parent(context, frame, "person", None)
    owner = frame.parents.get("employer")
    if owner is None or owner.kind != "inner":
        place = context.region_of(frame).sql
        frame.keep(syntax.conjunction([below(place, context.region), area.holds(place)]))
    return frame


def _with_parent(context: Context, frame: Frame, entity: str, area: Area | None) -> None:
    """Join the parent's rows where the file names them; only those in `area` where one is given."""
    link = context.identifier(frame, f"{entity}_id")
    if link is None or not context.has(entity):
        return
    above = Frame(entity, context.tables.table(entity))
    key = context.identifier(above, "id")
    assert key is not None, "every file has ids"
    if area is not None:
        place = context.region_of(above).sql
        above.keep(syntax.conjunction([below(place, context.region), area.holds(place)]))
    on = syntax.binary(exp.EQ, link.sql, key.sql)
    parent = Parent(above, on, "left" if area is None else "inner")
    parent.columns[key.sql.name] = key
    frame.parents[entity] = parent


def _identity(context: Context, frame: Frame) -> dict[str, Term]:
    """Whom a row is about: the unit, its employer and person by id, and where it is."""
    unit = context.identifier(frame, "id")
    assert unit is not None, "every file has ids"
    employer = unit if frame.entity == "employer" else context.identifier(frame, "employer_id")
    person = unit if frame.entity == "person" else context.identifier(frame, "person_id")
    return {
        UNIT: unit,
        EMPLOYER: employer or Term(cast(exp.null(), "VARCHAR"), Kind.TEXT),
        PERSON: person or Term(cast(exp.null(), "VARCHAR"), Kind.TEXT),
        REGION: context.region_of(frame),
    }


def _numbers(context: Context, frame: Frame, named: Sequence[Expr]) -> dict[str, Term]:
    """The identity number in the rows for which one of `named` holds."""
    number = context.scan(frame, "person", "id_number") if named and frame.entity != "person" else None
    return {} if number is None else {NUMBER: _where(syntax.disjunction(named), number)}


def pays_alone(rule: Rule) -> bool:
    """Whether a unit is its own award: it is the payee, and shares no limit or exclusion with another."""
    own = rule.unit == rule.payee == "employer"
    alone = all(limit.kind == "times" and limit.per == "employer" and not limit.same for limit in rule.limits)
    return own and alone and (rule.exclusion is None or rule.kind not in GRANTS)


def _for_awards(facts: Facts, label: str, worth: Term) -> dict[str, Term]:
    """What limits and exclusions need to know of a unit beside its verdict and amount."""
    columns: dict[str, Term] = {}
    if (worth.scale > 2 or worth.divisor is not None) and not pays_alone(facts.rule):
        columns[f"{label}.worth"] = half_up(worth, FINE, facts.dialect)
    for number, limit in enumerate(facts.rule.limits):
        found = _limit(facts, limit)
        columns |= {f"{label}.{number}.{name}": term for name, term in found.items()}
    if facts.rule.exclusion is not None:
        columns[f"{label}.paid"] = _paid_already(facts)
    return columns


def _where(passes: Expr, term: Term) -> Term:
    """The column in rows that pass; no other is looked at, and a column of nothing is soon written."""
    return replace(term, sql=syntax.case([(passes, term.sql)]), nullable=True)


def _limit(facts: Facts, limit: Limit) -> dict[str, Term]:
    """Columns of one limit. `left`: how many more grants it allows, NULL without a bound. `year`,
    `who` and `same.n`: what units that share the limit agree on. `rank`: the unit's own level and
    `outranked`: whether history has a higher one. `deduct`: what was paid before."""
    year = facts.event_year() if limit.by_year else None
    same = [(key, facts.fact(entity, key)) for entity, key in limit.same]
    group = {f"same.{n}": term for n, (_, term) in enumerate(same)}
    if year is not None:
        group["year"] = year
    if limit.per == "legal-representative":
        group["who"] = facts.fact("employer", "legal_representative_id")
    levels = limit.rank[1] if limit.rank else ()
    asked = Asked(frozenset({facts.rule.measure}), limit.per, year, tuple(same), levels)

    def past(*wanted: str) -> tuple[Term, ...]:
        return facts.reading.history.past(facts.frame, asked, *wanted)

    if limit.kind == "rank":
        assert limit.rank is not None
        own, (paid,) = _level(facts.fact(*limit.rank[0]), levels), past("level")
        return group | {"rank": own, "outranked": _boolean(syntax.binary(exp.GT, paid.sql, own.sql))}
    if limit.kind == "difference":
        return {"deduct": _where_known(*past("amount", "unpriced"))}
    assert limit.cap is not None
    cap = lower(facts.context.folded(limit.cap.node), facts)
    if limit.kind == "months":
        used, whole = past("used", "whole")
        full = syntax.binary(exp.GTE, used.sql, cap.sql)
        barred = syntax.disjunction([syntax.binary(exp.GT, whole.sql, syntax.integer(0)), full])
        return {"left": _number(syntax.case([(barred, syntax.integer(0))]))}
    (grants,) = past("grants")
    spent = not isinstance(grants.sql, exp.Literal)
    return group | {"left": _number(syntax.binary(exp.Sub, cap.sql, grants.sql)) if spent else cap}


def _level(own: Term, levels: Sequence[str]) -> Term:
    """The place of the unit's level among `levels`, from 1; NULL where it has none of them."""
    arms = [
        (syntax.binary(exp.EQ, own.sql, text(level)), syntax.integer(n)) for n, level in enumerate(levels, 1)
    ]
    return _number(syntax.case(arms))


def _where_known(amount: Term, unpriced: Term) -> Term:
    """The yuan that were paid before; NULL where history lacks an amount."""
    priced = syntax.binary(exp.EQ, unpriced.sql, syntax.integer(0))
    return Term(cast(syntax.case([(priced, amount.sql)]), MONEY), Kind.NUMBER, 18, 2)


def _paid_already(facts: Facts) -> Term:
    """Whether the person has had another measure of the exclusion group."""
    rule = facts.rule
    assert rule.exclusion is not None
    others = rule.exclusion.measures - {rule.measure}
    year = facts.event_year() if rule.exclusion.by_year else None
    (grants,) = facts.reading.history.past(facts.frame, Asked(others, "person", year), "grants")
    literal = isinstance(grants.sql, exp.Literal)
    paid = [] if literal else [syntax.binary(exp.GT, grants.sql, syntax.integer(0))]
    for (entity, key), told in rule.from_history.items():
        if told.measure in others and entity in (rule.unit, "person"):
            paid.append(surely(facts.fact(entity, key)))
    return _boolean(syntax.disjunction(paid))


def _number(sql: Expr) -> Term:
    return Term(sql, Kind.NUMBER, 18)


def _boolean(sql: Expr) -> Term:
    return Term(sql, Kind.BOOLEAN)
