"""Where a rule's expressions get their values for one unit: given, else from history, else derived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.decide.case import Case, Entry, Grant, identifiers
from zhida.decide.formula import result
from zhida.feel import POLICY, UNKNOWN, evaluate
from zhida.library import Library
from zhida.library.model import FactDef
from zhida.library.rule import FactPath, HistoryFact, Rule

ZERO, ONE = Decimal(0), Decimal(1)
MOST_LOOKED_UP = 10_000


@dataclass(slots=True)
class UnitScope:
    """The facts that one rule sees for one unit. Values are computed once and remembered.

    `shared` holds, for one case, what rules with the same formula of a derived fact have in common.
    """

    library: Library
    rule: Rule
    case: Case
    unit: Entry
    person: Entry
    known: dict[FactPath, Any] = field(default_factory=dict)
    shared: dict[Any, Any] = field(default_factory=dict)
    year: int | None = None

    def name(self, name: str) -> Any:
        if name == "办理日期":
            return self.case.on
        if name == "办理地区":
            return self.case.region
        raise LookupError(name)

    def entry(self, entity: str) -> Entry:
        """The one entry of `entity` that this unit sees."""
        if entity == "person":
            return self.person
        if entity == self.unit.entity:
            return self.unit
        return self.case.entries[entity]

    def path(self, entity: str, key: str) -> str:
        """The dotted key of a fact in the case, such as `hires.h1.person.graduated_on`."""
        return f"{self.entry(entity).path}.{key}"

    def fact(self, entity: str, key: str) -> Any:
        path = (entity, key)
        if path not in self.known:
            self.known[path] = self._find(path)
        return self.known[path]

    def _find(self, path: FactPath) -> Any:
        entity, key = path
        given = self.entry(entity).facts.get(key, UNKNOWN)
        if given is not UNKNOWN:
            return given
        found = self.computed(path)
        return absent(self.library.facts[path], self.case.region) if found is UNKNOWN else found

    def computed(self, path: FactPath) -> Any:
        """What history or the formula of a derived fact says, whatever was given."""
        if path in self.rule.from_history:
            wanted = self.rule.from_history[path]
            return self._months_paid(wanted) if wanted.months else any(self._grants(wanted))
        derived = self.rule.derived.get(path)
        if derived is None:
            return UNKNOWN
        key = (id(derived), self.entry(path[0]).path)
        if key not in self.shared:
            self.shared[key] = result(derived.expression, self)
        return self.shared[key]

    def is_derived(self, path: FactPath) -> bool:
        """Whether the fact is computed from others here, not given."""
        return path in self.rule.derived and path[1] not in self.entry(path[0]).facts

    def value(self, node: Any) -> Any:
        return evaluate(node, self, POLICY)

    def _grants(self, wanted: HistoryFact) -> Iterator[Grant]:
        """The rows of history that a fact from history is about."""
        subjects = self.subjects(wanted.subject)
        year = self.event_year() if wanted.by_year else None
        for grant in self.case.history:
            if grant.measure == wanted.measure and grant.subject in subjects and in_year(grant, year):
                yield grant

    def _months_paid(self, wanted: HistoryFact) -> Decimal:
        """Months that history counts; a row that does not say was one month."""
        return sum((grant.months or ONE for grant in self._grants(wanted)), ZERO)

    def subjects(self, per: str) -> frozenset[str]:
        """The names under which history knows whom a limit counts for."""
        if per == "person":
            return identifiers(self.person) | {self.unit.id}
        if per == "legal-representative":
            employer = self.case.entries["employer"]
            representative = employer.facts.get("legal_representative_id")
            return identifiers(employer) | ({str(representative)} if representative else set())
        if per == "employer":
            return identifiers(self.case.entries["employer"])
        return identifiers(self.unit)

    def event_year(self) -> int:
        """The calendar year a yearly limit counts in: that of the event, else of the decision."""
        if self.year is None:
            day = UNKNOWN if self.rule.event is None else result(self.rule.event, self)
            self.year = day.year if isinstance(day, date) else self.case.on.year
        return self.year

    def rows(self, entity: str) -> Any:
        rows = self.case.rows.get(entity)
        if rows is None:
            return UNKNOWN
        return tuple(
            UnitScope(self.library, self.rule, self.case, row, self.case.person_of(row), shared=self.shared)
            for row in rows
        )

    def lookup(self, name: str, keys: tuple[Any, ...], on: date | None) -> Any:
        return look_up(self.library, name, keys, on)

    def stated(self, entity: str, key: str) -> Any:
        """As `fact`, with None for unknown."""
        value = self.fact(entity, key)
        return None if value is UNKNOWN else value

    def standard(self, name: str, keys: tuple[Any, ...], on: date | None = None) -> Any:
        """As `lookup`, with None for unknown."""
        value = look_up(self.library, name, keys, on)
        return None if value is UNKNOWN else value

    def interpreted(self, node: Any) -> Any:
        """As `value`, with None for unknown."""
        value = self.value(node)
        return None if value is UNKNOWN else value


def absent(fact: FactDef, region: str) -> Any:
    """What the vocabulary says that an absent key means."""
    match fact.absence:
        case "not applicable" if fact.type == "boolean":
            return False
        case "zero":
            return ZERO
        case "case region":
            return region
    return UNKNOWN


def look_up(library: Library, name: str, keys: tuple[Any, ...], on: date | None) -> Any:
    """A figure of the standards, UNKNOWN where there is none. What was found is remembered."""
    asked = (name, keys, on)
    found = library.looked_up.get(asked)
    if found is None:
        table, _, column = name.partition(".")
        found = library.tables[table].read(column, tuple(str(key) for key in keys), on)
        if len(library.looked_up) >= MOST_LOOKED_UP:
            library.looked_up.clear()
        library.looked_up[asked] = found
    return found


def in_year(grant: Grant, year: int | None) -> bool:
    """Whether a grant counts in `year`: by its period where it has one, else by its day."""
    if year is None:
        return True
    if grant.period:
        return grant.period.startswith(str(year))
    return grant.on is None or grant.on.year == year
