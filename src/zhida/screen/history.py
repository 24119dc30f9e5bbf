"""What history says was paid: its rows matched to units by every name under which they are known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.library.rule import HistoryFact
from zhida.screen.context import Context
from zhida.screen.frame import Frame
from zhida.screen.plan import Join, Query, Union
from zhida.screen.syntax import (
    binary,
    call,
    case,
    cast,
    column,
    conjunction,
    disjunction,
    integer,
    is_not_null,
    is_null,
    text,
)  # fmt: skip
from zhida.screen.terms import Kind, Term, constant_term

UNIT, NAME = "grant.unit", "grant.name"
DIGITS = 18
IDENTITIES = {"person": ("id_number",), "employer": ("uscc",)}
EMPLOYERS = ("employer", "legal-representative")
COLUMNS = {
    "measure": "VARCHAR",
    "subject": "VARCHAR",
    "on": "DATE",
    "period": "VARCHAR",
    "months": "BIGINT",
    "amount": "DECIMAL(18, 2)",
    "trade": "VARCHAR",
    "level": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which past grants count: of these measures, to whom `per` means, of one year, of equal facts.

    `same` are columns of history by the term that each must equal; `levels` stand from low to high.
    """

    measures: frozenset[str]
    per: str
    year: Term | None = None
    same: tuple[tuple[str, Term], ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def never(self) -> bool:
        """Whether history does not know one of the facts, so that its rows count as others'."""
        return any(key not in ("trade", "level") for key, _ in self.same)


@dataclass(slots=True)
class History:
    """The past grants of one screening, matched once for each entity and meaning of `per`."""

    context: Context
    names: dict[tuple[str, str], Union] = field(default_factory=dict)

    def owner(self, frame: Frame, told: HistoryFact) -> str:
        """The entity whose rows know who is meant: a person is also known by the unit's own id."""
        above = told.subject in EMPLOYERS and not told.by_year and "employer" in frame.parents
        return "employer" if above else frame.entity

    def fact(self, frame: Frame, told: HistoryFact, year: Term | None) -> Term:
        """Whether a measure was granted before, or how many months of it were paid; never NULL."""
        asked = Asked(frozenset({told.measure}), told.subject, year)
        (number,) = self.past(frame, asked, "months" if told.months else "grants")
        if told.months:
            return number
        if isinstance(number.sql, exp.Literal):
            return constant_term(False)
        return Term(binary(exp.GT, number.sql, integer(0)), Kind.BOOLEAN, nullable=False)

    def past(self, frame: Frame, asked: Asked, *wanted: str) -> tuple[Term, ...]:
        """What was granted to each unit of `frame`, as columns that are never NULL.

        `grants`: rows; `months`: theirs, one where a row does not say; `used`: the months that count
        against a limit (A32): those said, and each period that has none; `whole`: rows with neither;
        `amount`: yuan; `unpriced`: rows without an amount; `level`: the highest of `levels`, from 1.
        """
        if not self.context.has("history") or asked.never:
            return tuple(constant_term(Decimal(0)) for _ in wanted)
        if asked.year is None:
            joined = [self._join(frame, asked, wanted, None)]
        else:
            joined = [self._join(frame, asked, wanted, dated) for dated in (True, False)]
        return tuple(frame.share(f"past.{name}", _total(name, joined)) for name in wanted)

    def _join(
        self, frame: Frame, asked: Asked, wanted: Collection[str], dated: bool | None
    ) -> dict[str, Term]:
        """Left join the sums of the asked grants; of those with a year, of those without, or of all."""
        name = self.context.named(f"{frame.prefix}_past")
        where = [_among(column("measure"), sorted(asked.measures))]
        if dated is not None:
            where.append((is_not_null if dated else is_null)(column("year")))
        keys = {f"{name}.unit": column(UNIT)} | {f"{name}.{key}": column(key) for key, _ in asked.same}
        own = self.context.identifier(frame, self._owner_column(frame, asked.per))
        assert own is not None, "units have ids, and those that an employer is paid for have employers"
        equal = {f"{name}.unit": own} | {f"{name}.{key}": term for key, term in asked.same}
        if dated and asked.year is not None:
            keys[f"{name}.year"] = column("year")
            equal[f"{name}.year"] = asked.year
        sums = {f"{name}.{key}": _sum(key, asked.levels) for key in wanted}
        summed = Query(
            name,
            self._names(frame, asked.per),
            {key: Term(sql, Kind.TEXT) for key, sql in keys.items()} | sums,
            joins=(Join(self._rows(), binary(exp.EQ, column("subject"), column(NAME)), "inner"),),
            where=conjunction(where),
            groups=tuple(keys.values()),
        )
        on = conjunction(binary(exp.EQ, term.sql, column(key)) for key, term in equal.items())
        frame.join(summed, on, sums)
        return {key: Term(column(f"{name}.{key}"), Kind.NUMBER, DIGITS) for key in wanted}

    def _owner_column(self, frame: Frame, per: str) -> str:
        """The frame's column of those whom grants are matched to."""
        return "employer_id" if per in EMPLOYERS and frame.entity != "employer" else "id"

    def _rows(self) -> Query:
        """The rows of history; a row's year is that of its period, else of its day."""
        tables = self.context.tables
        given = tables.columns("history") or ()
        values = {
            name: tables.value("history", name) if name in given else cast(exp.Null(), kind)
            for name, kind in COLUMNS.items()
        }
        of_period = cast(
            exp.Substring(this=values["period"].copy(), start=integer(1), length=integer(4)), "BIGINT"
        )
        of_day = tables.dialect.part("year", values["on"].copy())
        values["year"] = exp.Coalesce(this=of_period, expressions=[of_day])
        typed = {name: Term(sql, Kind.TEXT) for name, sql in values.items()}
        return Query("history_rows", tables.table("history"), typed)

    def _names(self, frame: Frame, per: str) -> Union:
        """(id, name) for every name under which history may know the units, each pair once."""
        entity = "employer" if per in EMPLOYERS else frame.entity
        if (entity, per) not in self.names:
            parts = tuple(self._parts(entity, per))
            self.names[entity, per] = Union(f"{entity}_names_{per}".replace("-", "_"), parts, distinct=True)
        return self.names[entity, per]

    def _parts(self, entity: str, per: str) -> Iterator[Query]:
        tables = self.context.tables
        keys = ["id"]
        if per == "person" and entity != "person":
            keys += ["person_id", "person.id_number"]
        keys += IDENTITIES.get(entity, ())
        if per == "legal-representative":
            keys.append("legal_representative_id")
        present = tables.columns(entity) or ()
        for key in keys:
            if key in present:
                yield self._part(entity, per, key)
        if (
            per == "person"
            and entity != "person"
            and "person_id" in present
            and self._knows("person", "id_number")
        ):
            yield self._through_persons(entity)

    def _knows(self, entity: str, key: str) -> bool:
        return key in (self.context.tables.columns(entity) or ())

    def _part(self, entity: str, per: str, key: str) -> Query:
        tables = self.context.tables
        name = cast(tables.value(entity, key), "VARCHAR")
        columns = {
            UNIT: Term(tables.value(entity, "id"), Kind.TEXT),
            NAME: Term(name, Kind.TEXT),
        }
        label = f"{entity}_{per}_{key}".replace("-", "_").replace(".", "_")
        return Query(
            f"names_{label}", tables.table(entity), columns, where=self._paid(name), needs=(self._rows(),)
        )

    def _through_persons(self, entity: str) -> Query:
        """Units by the identity number of the person whom they are about."""
        tables = self.context.tables
        number = tables.value("person", "id_number")
        persons = Query(
            "persons_paid",
            tables.table("person"),
            {
                "paid.id": Term(tables.value("person", "id"), Kind.TEXT),
                "paid.number": Term(number, Kind.TEXT),
            },
            where=self._paid(number),
            needs=(self._rows(),),
        )
        own = Query(
            f"{entity}_persons",
            tables.table(entity),
            {
                "own.id": Term(tables.value(entity, "id"), Kind.TEXT),
                "own.person": Term(tables.value(entity, "person_id"), Kind.TEXT),
            },
        )
        same = exp.EQ(this=column("own.person"), expression=column("paid.id"))
        columns = {UNIT: Term(column("own.id"), Kind.TEXT), NAME: Term(column("paid.number"), Kind.TEXT)}
        return Query(f"names_{entity}_through_persons", own, columns, joins=(Join(persons, same, "inner"),))

    def _paid(self, name: Expr) -> Expr:
        """Only names that history mentions at all: few of them do."""
        rows = exp.Table(this=exp.to_identifier("history_rows", quoted=True))
        return exp.In(this=name.copy(), query=exp.select(column("subject")).from_(rows).subquery())


def _sum(name: str, levels: tuple[str, ...]) -> Term:
    """One number over the grants of a group; `months` of 0 says as little as none."""
    months = exp.Nullif(this=column("months"), expression=integer(0))
    match name:
        case "grants":
            sql: Expr = exp.Count(this=exp.Star())
        case "months":
            sql = exp.Sum(this=exp.Coalesce(this=months, expressions=[integer(1)]))
        case "used":
            periods = exp.Distinct(expressions=[case([(is_null(months), column("period"))])])
            said = exp.Coalesce(this=exp.Sum(this=months.copy()), expressions=[integer(0)])
            sql = binary(exp.Add, said, exp.Count(this=periods))
        case "whole":
            sql = _count_where(conjunction([is_null(months), is_null(column("period"))]))
        case "amount":
            sql = exp.Sum(this=column("amount"))
        case "unpriced":
            sql = _count_where(is_null(column("amount")))
        case _:
            arms = [(binary(exp.EQ, column("level"), text(v)), integer(n)) for n, v in enumerate(levels, 1)]
            sql = exp.Max(this=case(arms, integer(0)) if arms else integer(0))
    return Term(sql, Kind.NUMBER, DIGITS, 2 if name == "amount" else 0)


def _count_where(condition: Expr) -> Expr:
    return exp.Count(this=case([(condition, integer(1))]))


def _total(name: str, joined: Sequence[Mapping[str, Term]]) -> Term:
    """The sum (of levels the highest) over what was joined; of nothing zero."""
    whole: Expr | None = None
    for columns in joined:
        part = exp.Coalesce(this=columns[name].sql, expressions=[integer(0)])
        if whole is None:
            whole = part
        elif name == "level":
            whole = call("GREATEST", whole, part)
        else:
            whole = binary(exp.Add, whole, part)
    assert whole is not None, "something is always joined"
    return Term(whole, Kind.NUMBER, DIGITS, 2 if name == "amount" else 0, nullable=False)


def _among(value: Expr, choices: Collection[str]) -> Expr:
    return disjunction(binary(exp.EQ, value, text(choice)) for choice in choices)
