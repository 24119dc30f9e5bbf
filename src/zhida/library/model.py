"""The shape of policy files: vocabulary, tables, measures, documents and interpretations.

Every class is one kind of YAML mapping; unknown keys are errors. Expressions stay text here and are
parsed and checked in `zhida.library.compile`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zhida.library.procedure import Procedure
from zhida.library.strict import Strict
from zhida.profile.types import parse_unit
from zhida.standards.regions import NATION, is_region_code

FactKind = Literal[
    "boolean", "choice", "set", "code", "region", "text", "count", "number", "money", "rate", "date"
]
MeasureKind = Literal["one-off", "monthly", "staged", "loan", "deferral", "rate"]
RowRole = Literal[
    "provision",
    "procedure",
    "duty",
    "fund rule",
    "clarification",
    "reported figure",
    "document",
    "deferred",
]


def _whole_text(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _known_unit(unit: str) -> str:
    parse_unit(unit.replace("万元", "元"))
    return unit


def _known_region(code: str) -> str:
    if code != NATION and not is_region_code(code):
        raise ValueError("expected six digits of GB/T 2260 such as 621025")
    return code


UnitText = Annotated[str, AfterValidator(_known_unit)]
RegionText = Annotated[str, BeforeValidator(_whole_text), AfterValidator(_known_region)]


class Derivation(Strict):
    """How a fact follows from others: `formula`, and `where` it can be computed at all."""

    formula: str
    where: str | None = None


class FromHistory(Strict):
    """A fact that is true where `history` holds a row of `measure` for `subject`.

    `period` names the switch or constant that says whether the same calendar year is meant (年度)
    or any time (终身). With `count: months` the fact is the number of months already paid.
    """

    measure: str
    subject: Literal["person", "employer", "legal-representative"]
    period: str
    count: Literal["grants", "months"] = "grants"


class FactDef(Strict):
    """One fact of an entity.

    `asked`: only the party itself knows it. `signed`: may be below zero. `internal`: a step of a
    formula, never asked for nor told as missing. `event`: a day on which
    something happened, hence never after the day of the decision. `listed_in` is the name of a standard
    whose rows give codes their names (columns 名称 and 门类): a form offers them to choose from.
    """

    key: str
    name: str
    title: str | None = None
    type: FactKind
    unit: UnitText = ""
    values: tuple[str, ...] = ()
    derived_values: tuple[str, ...] = ()
    question: str
    help: str = ""
    listed_in: str = ""
    source: str
    asked: bool = False
    signed: bool = False
    internal: bool = False
    event: bool = False
    derived: Derivation | None = None
    from_history: FromHistory | None = None
    absence: Literal["unknown", "not applicable", "case region", "generated", "zero"] = "unknown"


class EntityDef(Strict):
    """A kind of thing that facts speak about, and the entities its rows belong to."""

    entity: str
    name: str
    case_key: str
    rows: str | None = None
    parents: tuple[str, ...] = ()
    facts: tuple[FactDef, ...]


class TableKey(Strict):
    name: str
    type: Literal["text", "code", "region"] = "text"
    match: Literal["exact", "prefix", "region"] = "exact"


class TableColumn(Strict):
    name: str
    type: Literal["number", "text", "boolean", "money"]
    unit: UnitText = ""


class TableSource(Strict):
    id: str
    document: str
    note: str = ""
    sureness: Literal["high", "medium", "low"]


class TableDef(Strict):
    """A standard: dated rows of figures, each with its source, read through `lookup`."""

    table: str
    name: str
    keys: tuple[TableKey, ...]
    columns: tuple[TableColumn, ...]
    dated: bool = False
    missing: Any = "unknown"
    sources: tuple[TableSource, ...]
    rows: tuple[dict[str, Any], ...]


class WorkdayYear(Strict):
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()


class WorkdaysDef(Strict):
    """Weekdays off and weekends worked, per year, as the State Council announced them."""

    calendar: str
    name: str = ""
    sources: tuple[TableSource, ...] = ()
    years: dict[int, WorkdayYear]


class ParameterDef(Strict):
    """A named figure of a measure, without its value: documents set values.

    A set or text may be limited to the choices of a fact (`of: 单位.单位类型`) or to `values`.
    """

    key: str
    name: str
    type: Literal["money", "number", "rate", "count", "text", "set", "boolean", "date", "month-day"]
    unit: UnitText = ""
    of: str | None = None
    values: tuple[str, ...] = ()
    default: Any = None


class TermDef(Strict):
    """A name for an expression that several others of the measure use; it stands for its text."""

    name: str
    means: str


class ConditionDef(Strict):
    """`when` must hold. Where it does not but `review` does, only human judgement is left.

    `review_if_unknown`: so too where `when` cannot be computed, as with a rate over nobody (A05).
    """

    id: str
    label: str
    when: str
    review: str | None = None
    review_if_unknown: bool = False
    interpretations: tuple[str, ...] = ()


class AmountDef(Strict):
    """What one unit is worth; `review` says when a person has to settle it."""

    value: str
    review: str | None = None
    note: str | None = None


class LimitDef(Strict):
    """A set operation over units and history.

    `times`: at most so many grants per `per` and `period` (and per equal values of `same`).
    `months`: a monthly benefit runs at most so many months per `per`.
    `higher_bars_lower`: within equal values of `same`, only the highest of this choice fact.
    `difference`: what was already paid to `per` for this measure is deducted.
    """

    id: str
    label: str
    per: Literal["person", "employer", "legal-representative", "base", "venture"]
    period: Literal["ever", "year"] | str = "ever"
    times: str | None = None
    months: str | None = None
    higher_bars_lower: str | None = None
    difference: bool = False
    same: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> LimitDef:
        kinds = [self.times, self.months, self.higher_bars_lower, self.difference or None]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("give exactly one of times, months, higher_bars_lower, difference")
        return self


class ExclusionDef(Strict):
    """Measures of one group are never paid together for the same person (interpretation A26)."""

    group: str
    per: str


class AdvanceDef(Strict):
    """What may be paid before the rest is due: at most `share` of the amount, where `when` holds.

    `due` and `balance_due` say in words when the two parts are paid.
    """

    share: str
    when: str | None = None
    due: str
    balance_due: str


class StageDef(Strict):
    """One payment of several: what is paid, and when at the latest.

    `amount` defaults to `share` of the whole. `due` says the deadline in words; `due_from` (a date) and
    `due_workdays` compute it where the day is known.
    """

    share: str | None = None
    amount: str | None = None
    due: str
    due_from: str | None = None
    due_workdays: str | None = None


class ScheduleDef(Strict):
    """When and how often money moves. Expressions over parameters and facts."""

    months: str | None = None
    last_month: str | None = None
    insurance: str | None = None
    monthly: str | None = None
    repay_by: str | None = None
    rate: str | None = None
    stages: tuple[StageDef, ...] = ()
    advance: AdvanceDef | None = None


class ComponentDef(Strict):
    """The part of an amount that one payer bears; the shares add up to one."""

    payer: Literal["中央", "省", "市县"]
    share: str


class MeasureDef(Strict):
    """One policy measure for all places: conditions, amount, limits, exclusions, no figures."""

    measure: str
    name: str
    aliases: tuple[str, ...] = ()
    english: str
    summary: str
    summary_en: str
    audience: str
    life_events: tuple[str, ...] = ()
    unit: str
    payee: Literal["employer", "person", "fund", "place"]
    kind: MeasureKind
    parameters: tuple[ParameterDef, ...] = ()
    event: str | None = None
    terms: tuple[TermDef, ...] = ()
    conditions: tuple[ConditionDef, ...] = ()
    amount: AmountDef | None = None
    limits: tuple[LimitDef, ...] = ()
    exclusion: ExclusionDef | None = None
    schedule: ScheduleDef | None = None
    components: tuple[ComponentDef, ...] = ()
    stop_events: tuple[str, ...] = ()


class SwitchDef(Strict):
    """What an interpretation lets a document or region set differently (A47)."""

    name: str
    type: Literal["number", "text", "boolean", "rate", "money", "count", "month-day"]
    unit: UnitText = ""
    values: tuple[str, ...] = ()
    default: Any


class InterpretationDef(Strict):
    id: str
    question: str
    answer: str
    switches: tuple[SwitchDef, ...] = ()


class InterpretationsDef(Strict):
    """One file of interpretations."""

    interpretations: tuple[InterpretationDef, ...]


class Window(Strict):
    """A span of days, both ends included; an absent end is open."""

    start: date | None = Field(None, alias="from")
    end: date | None = Field(None, alias="to")


class CitedFigure(Strict):
    """A figure whose source is not the provision's own clause."""

    value: Any
    document: str | None = None
    clause: str | None = None
    row: str | None = None
    interpretation: str | None = None


class ProvisionDef(Strict):
    """One clause that enacts one measure: figures, windows, procedure and contacts.

    A figure that is left out is taken from the nearest upper provision of the same measure. `caps` names
    the figures that places below may lower but not exceed; beyond them the cap holds (A40).
    """

    clause: str
    row: str
    measure: str
    title: str | None = None
    status: Literal["in-force", "deferred", "draft"] = "in-force"
    resolves_with: str | None = None
    also: dict[str, RowRole] = Field(default_factory=dict)
    valid: Window = Field(default_factory=Window)
    event: Window = Field(default_factory=Window)
    grace: bool = False
    figures: dict[str, Any] = Field(default_factory=dict)
    caps: tuple[str, ...] = ()
    switches: dict[str, Any] = Field(default_factory=dict)
    fund: str = ""
    procedure: Procedure | None = None
    materials: tuple[str, ...] = ()
    permitted_use: tuple[str, ...] = ()
    office: str = ""
    phone: str = ""
    phone_as_printed: str | None = None
    interpretations: tuple[str, ...] = ()
    notes: str = ""


class DutyDef(Strict):
    """What an office has to do: publicity, targets, assessment, service standards."""

    row: str
    clause: str
    kind: Literal["publicity", "staff", "target", "assessment", "service-standard", "fund-rule"]
    text: str
    number: Decimal | None = None
    unit: str = ""
    deadline: str = ""
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()


class ClarificationDef(Strict):
    """What a document says about how another rule is read, without enacting anything itself."""

    row: str
    clause: str
    text: str
    measure: str | None = None
    also: dict[str, RowRole] = Field(default_factory=dict)
    procedure: Procedure | None = None
    interpretations: tuple[str, ...] = ()


class ReportedFigure(Strict):
    """One number that a report gives. `approximate`: the text says 余, 近 or 预计."""

    name: str
    number: Decimal
    unit: str = ""
    approximate: bool = False


class ReportedDef(Strict):
    """Figures that a document reports: they set nothing, but they can be checked and compared.

    `overlaps` says which of them count the same thing twice and must not be added. `checks` are FEEL
    conditions over the names of the figures that must hold. A row that only repeats another names it
    in `duplicate_of` and carries no figures.
    """

    row: str
    clause: str
    text: str
    as_of: str = ""
    figures: tuple[ReportedFigure, ...] = ()
    overlaps: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    duplicate_of: str | None = None


class DocumentDef(Strict):
    """One official document and everything in it that this library carries."""

    document: str
    number: str
    title: str
    issuer: str
    region: RegionText
    issued: date | None = None
    in_force: date
    in_force_interpretation: str | None = None
    upper: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    switches: dict[str, Any] = Field(default_factory=dict)
    provisions: tuple[ProvisionDef, ...] = ()
    duties: tuple[DutyDef, ...] = ()
    clarifications: tuple[ClarificationDef, ...] = ()
    reported: tuple[ReportedDef, ...] = ()
