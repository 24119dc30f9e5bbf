"""Where the expressions of a rule get their columns: given, else from history, else derived, else as
the vocabulary says of an absent fact; the same order as for a single case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import nodes
from zhida.feel.nodes import Node, children
from zhida.feel.printer import to_feel
from zhida.library.rule import FactPath, Rule
from zhida.profile.folding import OPEN, constant
from zhida.screen.choice import first_known
from zhida.screen.context import Context
from zhida.screen.counts import Counted, Counts
from zhida.screen.dialects import Dialect
from zhida.screen.frame import Frame, Parent
from zhida.screen.history import History
from zhida.screen.lookups import Key, Lookups
from zhida.screen.lowering import lower
from zhida.screen.missing import missing
from zhida.screen.operators import Unsupported
from zhida.screen.places import PLACE_OF, place_frame
from zhida.screen.syntax import binary, column, integer
from zhida.screen.terms import Kind, Term, absent, constant_term

DAY, PLACE = "办理日期", "办理地区"


@dataclass(frozen=True, slots=True)
class Reading:
    """One screening's context, and what its frames have joined."""

    context: Context
    lookups: Lookups
    counts: Counts
    history: History


def reading(context: Context) -> Reading:
    """A reading in which nothing is joined yet."""
    return Reading(context, Lookups(context), Counts(context), History(context))


@dataclass(frozen=True, slots=True)
class Facts:
    """What one rule sees from the rows of `frame`; implements the columns that lowering asks for."""

    reading: Reading
    frame: Frame
    rule: Rule

    @property
    def context(self) -> Context:
        return self.reading.context

    def at(self, frame: Frame) -> Facts:
        """The same rule over other rows."""
        return self if frame is self.frame else Facts(self.reading, frame, self.rule)

    @property
    def dialect(self) -> Dialect:
        return self.context.tables.dialect

    def name(self, name: str) -> Term:
        if name == DAY:
            return constant_term(self.context.on)
        if name == PLACE:
            return self.region()
        raise LookupError(name)

    def region(self) -> Term:
        """Where the row is decided: a column that every frame of units has."""
        return self.context.region_of(self.frame)

    def share(self, term: Term, hint: str = "part") -> Term:
        return self.frame.share(hint, term)

    def known(self, term: Term) -> Term:
        return self.frame.shared(term)

    def fact(self, entity: str, key: str) -> Term:
        """The column of a fact; NULL where it is unknown."""
        home = self.home((entity, key))
        if home is not self.frame:
            term = self.at(home).fact(entity, key)
            return self.frame.adopt(home.entity, home.share(f"{entity}.{key}", term))
        if entity == "place" != home.entity and (place := self._place()) is not None:
            term = place.frame.share(f"{entity}.{key}", place.fact(entity, key))
            return self.frame.adopt("place", term)
        parts = [part for part in self._sources(entity, key) if part is not None]
        definition = self.context.library.facts[entity, key]
        if not parts:
            return absent(definition)
        if len(parts) == 1:
            return parts[0]
        return self.frame.share(f"{entity}.{key}", first_known(parts))

    def _place(self) -> Facts | None:
        """The rule over the place that each row is in; None where the population says nothing of places."""
        frame = self.frame
        if "place" not in frame.parents and self.context.has("place"):
            place = place_frame(self.context)
            on = binary(exp.EQ, self.region().sql, column(PLACE_OF))
            frame.beside("place", Parent(place, on, "left"))
        return self.at(frame.parents["place"].frame) if "place" in frame.parents else None

    def _sources(self, entity: str, key: str) -> Iterator[Term | None]:
        """Where the value may come from, the first that knows it first."""
        yield self.given(entity, key)
        formula = self.formula(entity, key)
        if (entity, key) in self.rule.from_history:
            yield self._from_history((entity, key))
        elif formula is not None:
            yield self.frame.share(f"{entity}.{key}", lower(formula, self))
        yield self._default(entity, key)

    def given(self, entity: str, key: str) -> Term | None:
        """The column of the file, else of the parent's; None where there is neither."""
        own = self.context.scan(self.frame, entity, key)
        parent = self.frame.parents.get(entity)
        if parent is None or entity == "place":
            return own
        above = self.context.scan(parent.frame, entity, key)
        if above is None:
            return own
        above = self.frame.adopt(entity, above)
        return above if own is None else self.frame.share(f"{entity}.{key}", first_known([own, above]))

    def formula(self, entity: str, key: str) -> Node | None:
        """What a derived fact is computed from under the rule's switches."""
        derived = self.rule.derived.get((entity, key))
        return None if derived is None else self.context.folded(derived.expression.node)

    def is_internal(self, entity: str, key: str) -> bool:
        return self.context.library.facts[entity, key].internal

    def _default(self, entity: str, key: str) -> Term | None:
        fact = self.context.library.facts[entity, key]
        match fact.absence:
            case "not applicable" if fact.type == "boolean":
                return constant_term(False)
            case "zero":
                return constant_term(Decimal(0))
            case "case region":
                return self.region()
        return None

    def _from_history(self, path: FactPath) -> Term:
        told = self.rule.from_history[path]
        return self.reading.history.fact(self.frame, told, self.event_year() if told.by_year else None)

    def event_year(self) -> Term:
        """The year a yearly limit counts in: that of the event, else of the decision; never NULL."""
        decided = integer(self.context.on.year)
        if self.rule.event is None:
            return Term(decided, Kind.NUMBER, 4, nullable=False)
        day = lower(self.context.folded(self.rule.event.node), self)
        if day.is_void:
            return Term(decided, Kind.NUMBER, 4, nullable=False)
        year = exp.Coalesce(this=self.dialect.part("year", day.sql), expressions=[decided])
        return self.frame.share("event.year", Term(year, Kind.NUMBER, 4, nullable=False))

    def lookup(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        """A column of a standards table, joined on the distinct values that its keys have here."""
        return self.reading.lookups.term(self.frame, table, column, [self._key(key) for key in keys])

    def most(self, table: str, column: str, keys: tuple[Node, ...]) -> Term:
        """What a figure can be at most where a prefecture's own is not known but its counties' are."""
        return self.reading.lookups.most(self.frame, table, column, [self._key(key) for key in keys])

    def _key(self, key: Node) -> Key:
        value = constant(self.context.folded(key))
        if value is not OPEN:
            return Key((value,))
        match key:
            case nodes.Fact(entity, name):
                return Key(self.reading.lookups.domain((entity, name)), self.fact(entity, name))
            case nodes.Name("办理地区"):
                return Key(self.context.regions, self.region())
        raise Unsupported(f"a key of a lookup is a constant, a fact or 办理地区, not {type(key).__name__}")

    def table_name(self, table: str) -> str:
        """The key of a table by its Chinese name, as `missing` tells it."""
        return self.context.library.tables[table].definition.table

    def count(self, entity: str, condition: Node | None) -> Term:
        """How many rows of `entity` belong to the unit; NULL where one of them is unknown."""
        return self._counted(entity, condition).number

    def missing_in_rows(self, entity: str, condition: Node) -> tuple[tuple[str, Expr], ...]:
        """The facts that rows of `entity` lack for the condition to be known, each with its flag."""
        return self._counted(entity, condition).missing

    def _counted(self, entity: str, condition: Node | None) -> Counted:
        home = self.frame_of(frozenset({self._region_owner()}))
        if home is not self.frame:
            above = self.at(home)._counted(entity, condition)
            flags = (
                (key, home.share(f"lacks.{key}", Term(flag, Kind.BOOLEAN))) for key, flag in above.missing
            )
            return Counted(
                self.frame.adopt(home.entity, above.number),
                tuple((key, self.frame.adopt(home.entity, flag).sql) for key, flag in flags),
            )
        if condition is None:
            return self.reading.counts.of(self.frame, entity, "", None)
        folded = self.context.folded(condition)

        def inside(rows: Frame) -> tuple[Term, tuple[tuple[str, Expr], ...]]:
            facts = self.at(rows)
            return lower(folded, facts), missing(folded, facts)

        return self.reading.counts.of(self.frame, entity, to_feel(condition), inside)

    def rows_key(self, entity: str) -> str:
        """What is missing where a population has no rows of `entity` at all."""
        return self.context.library.entities[entity].case_key

    # where a fact is computed

    def home(self, path: FactPath) -> Frame:
        """The frame whose rows know the fact: a parent's where everything that it needs is there."""
        return self.frame_of(self._owners(path))

    def home_of(self, *trees: Node) -> Frame:
        """The frame in which expressions can be computed: a parent's where it has all they need."""
        return self.frame_of(frozenset(o for tree in trees for o in self._needed(self.context.folded(tree))))

    def frame_of(self, owners: frozenset[str]) -> Frame:
        if len(owners) == 1:
            (owner,) = owners
            if self._has_all(owner):
                return self.frame.parents[owner].frame
        return self.frame

    def _has_all(self, entity: str) -> bool:
        """Whether every row has a parent of this kind: then the parent's rows can answer for it."""
        parent = self.frame.parents.get(entity)
        return parent is not None and parent.kind == "inner"

    def _owners(self, path: FactPath) -> frozenset[str]:
        """The entities whose rows are needed to know a fact."""
        entity, key = path
        own = self.frame.entity
        if entity == "place" != own:
            return frozenset({self._region_owner()})
        if entity != own and (
            entity not in self.frame.parents or self.context.inline(self.frame, entity, key)
        ):
            return frozenset({own})
        owners = {entity}
        if path in self.rule.from_history:
            owners.add(self.reading.history.owner(self.frame, self.rule.from_history[path]))
        formula = self.formula(entity, key)
        if formula is not None:
            owners |= set(self._needed(formula))
        if self.context.library.facts[path].absence == "case region":
            owners.add(self._region_owner())
        return frozenset(owners)

    def _needed(self, tree: Node) -> Iterator[str]:
        """The entities whose rows an expression needs; counted rows are joined where their owner is."""
        match tree:
            case nodes.Fact(entity, key):
                yield from self._owners((entity, key))
            case nodes.Rows() | nodes.Filter() | nodes.Name("办理地区"):
                yield self._region_owner()
            case _:
                for part in children(tree):
                    yield from self._needed(part)

    def _region_owner(self) -> str:
        """A unit is decided where its employer is; one without an employer where its person is."""
        return "employer" if self._has_all("employer") else self.frame.entity
