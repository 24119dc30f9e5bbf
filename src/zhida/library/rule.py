"""The hub: rules as `resolve` gives them, every figure substituted and carrying where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhida.feel.nodes import Fact, Figure, Node, Rows
from zhida.library.model import MeasureDef, ProvisionDef
from zhida.library.procedure import Procedure

FactPath = tuple[str, str]
"""(entity, fact key), for example ("employer", "size")."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Which document and clause set a figure; `interpretation` where the text was silent."""

    key: str
    document: str
    clause: str
    row: str = ""
    interpretation: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked tree with figures substituted, its text, and what it speaks of."""

    node: Node
    text: str
    facts: tuple[Fact, ...]
    rows: tuple[Rows, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """`when` must hold; where it does not but `review` does, only human judgement is left."""

    id: str
    label: str
    when: Expression
    review: Expression | None
    interpretations: tuple[str, ...]
    review_if_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A set operation over units and history; `kind` is times, months, rank or difference."""

    id: str
    label: str
    kind: str
    per: str
    by_year: bool
    cap: Expression | None
    same: tuple[FactPath, ...]
    rank: tuple[FactPath, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Measures of one group are never paid together for one person, in one year or ever (A28)."""

    group: str
    measures: frozenset[str]
    by_year: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One payment of several; `due` in words, and computed where the day it counts from is known."""

    due: str
    share: Expression | None
    amount: Expression | None
    due_from: Expression | None
    due_workdays: Expression | None


@dataclass(frozen=True, slots=True)
class Advance:
    """At most `share` of the amount may be paid in advance where `when` holds; both parts' days in words."""

    share: Expression
    when: Expression | None
    due: str
    balance_due: str


@dataclass(frozen=True, slots=True)
class Component:
    """The share of an amount that one payer bears."""

    payer: str
    share: Expression


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place set a figure beyond what the document above allows; the upper one holds (A40)."""

    name: str
    figure: Figure
    cap: Figure


@dataclass(frozen=True, slots=True)
class Schedule:
    """When money moves: kind, and the expressions that say how long and until when."""

    kind: str
    months: Expression | None = None
    last_month: Expression | None = None
    insurance: str = ""
    monthly: Expression | None = None
    repay_by: Expression | None = None
    rate: Expression | None = None
    stages: tuple[Stage, ...] = ()
    advance: Advance | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a provision can be decided on a day, and if not, why."""

    start: date | None
    end: date | None
    status: str = "in-force"
    grace_end: date | None = None

    def is_open(self, on: date) -> bool:
        end = self.grace_end or self.end
        return (
            self.status == "in-force"
            and (self.start is None or self.start <= on)
            and (end is None or on <= end)
        )


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact computed from others where it is not given."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class HistoryFact:
    """A fact that is true where history holds a grant of `measure` to `subject`; or, with
    `months`, how many months of it were paid."""

    measure: str
    subject: str
    by_year: bool
    months: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision, ready to decide: neither layers, regions, documents nor overrides are left."""

    measure: str
    name: str
    kind: str
    unit: str
    payee: str
    document: str
    clause: str
    row: str
    title: str
    region: str
    opening: Opening
    conditions: tuple[Condition, ...]
    amount: Expression | None
    amount_review: Expression | None
    amount_note: str | None
    quantum: Decimal
    limits: tuple[Limit, ...]
    exclusion: Exclusion | None
    schedule: Schedule
    event: Expression | None
    derived: Mapping[FactPath, Derived]
    from_history: Mapping[FactPath, HistoryFact]
    interpretations: tuple[str, ...]
    documents_needed: int
    procedure: Procedure | None
    definition: MeasureDef
    provision: ProvisionDef
    figures: Mapping[str, Figure]
    conflicts: tuple[Conflict, ...]
    components: tuple[Component, ...]
