"""The guide to one provision, written from its rule: who, how much, when, how, by which text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhida.feel.nodes import Figure, walk
from zhida.guide import payments, wording
from zhida.guide.origins import FigureUsed, figure_used
from zhida.library import Library, Rule
from zhida.library.model import DocumentDef
from zhida.library.procedure import Procedure, Step
from zhida.library.reading import to_chinese
from zhida.library.rule import Condition
from zhida.library.standards_used import expressions
from zhida.profile.folding import fold, is_unset


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is for, what it is counted by, and who gets the money."""

    audience: str
    unit: str
    payee: str

    def __str__(self) -> str:
        return f"{self.audience}（按{self.unit}计算，发给{self.payee}）"


@dataclass(frozen=True, slots=True)
class Worth:
    """How much: the kind of payment, the formula in Chinese, for how many months, and a note."""

    kind: str
    formula: str
    months: str
    note: str

    def __str__(self) -> str:
        parts = (
            f"{self.kind}：{self.formula}" if self.formula else self.kind,
            f"期限 {self.months}" if self.months else "",
            self.note,
        )
        return "；".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The measures, as (key, name), that nobody gets beside this one; within a year only where `by_year`."""

    measures: tuple[tuple[str, str], ...]
    by_year: bool

    def __str__(self) -> str:
        names = "、".join(name for _, name in self.measures)
        return f"同一人{'同一年内' if self.by_year else ''}不能再领{names}" if names else ""


@dataclass(frozen=True, slots=True)
class When:
    """The window to apply in, what that means on the day asked for, and when the event must happen.

    `waits_for` names the text that a deferred provision waits for.
    """

    window: str
    status: str
    is_open: bool
    event: str
    interpretation: str
    waits_for: str

    def __str__(self) -> str:
        parts = [self.window, self.status]
        if self.interpretation:
            parts.append(f"起始日文件没有写，按 {self.interpretation} 理解")
        if self.event:
            parts.append(f"事情须发生在 {self.event}")
        return "；".join(dict.fromkeys(parts))


@dataclass(frozen=True, slots=True)
class How:
    """Whether one applies at all, and where."""

    mode: str
    channel: str

    def __str__(self) -> str:
        return f"{self.mode} · {self.channel}".strip(" ·")


@dataclass(frozen=True, slots=True)
class GuideStep:
    """A step of the procedure; `days` and `publicity_days` are workdays, None where the text gives none."""

    number: int
    actor: str
    action: str
    days: int | None
    publicity: bool
    publicity_days: int | None
    interpretations: tuple[str, ...]

    @property
    def timing(self) -> str:
        """5 个工作日内，公示 5 个工作日，A38; nothing where there is nothing to say."""
        publicity = f"公示 {self.publicity_days} 个工作日" if self.publicity_days else "公示"
        parts = (
            f"{self.days} 个工作日内" if self.days else "",
            publicity if self.publicity else "",
            *self.interpretations,
        )
        return "，".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.actor}：{self.action}" + (f"（{self.timing}）" if self.timing else "")


@dataclass(frozen=True, slots=True)
class Phone:
    """The number to call; `printed` is what the document says where that is another."""

    number: str
    printed: str

    def __str__(self) -> str:
        return self.number + (f"（文件印作 {self.printed}）" if self.printed else "")


@dataclass(frozen=True, slots=True)
class Basis:
    """The document, clause and row of the ledger that the guide rests on."""

    number: str
    title: str
    issuer: str
    issued: date | None
    clause: str
    row: str

    def __str__(self) -> str:
        inner = self.title.replace("《", "〈").replace("》", "〉")
        return f"{self.number}《{inner}》{self.clause}（{self.row}）"


@dataclass(frozen=True, slots=True)
class GuideCondition:
    """A condition: its label, what it says in full, and what is left to a person where it fails."""

    id: str
    label: str
    reading: str
    review: str
    interpretations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitedInterpretation:
    """How a text that is silent is read."""

    id: str
    question: str
    answer: str

    def __str__(self) -> str:
        return f"{self.question}{self.answer}"


@dataclass(frozen=True, slots=True)
class Guide:
    """One provision of a measure, in words. Parts that the text does not have are empty."""

    measure: str
    name: str
    title: str
    summary: str
    region: str
    region_name: str
    on: date
    who: Who
    worth: Worth
    advance: str
    stop_events: tuple[str, ...]
    limits: tuple[str, ...]
    alternatives: Alternatives
    when: When
    how: How | None
    steps: tuple[GuideStep, ...]
    materials: tuple[str, ...]
    fund: str
    permitted_use: tuple[str, ...]
    payee_account: str
    office: str
    phone: Phone
    basis: Basis
    upper: tuple[str, ...]
    notes: str
    conditions: tuple[GuideCondition, ...]
    figures: tuple[FigureUsed, ...]
    interpretations: tuple[CitedInterpretation, ...]


def guide_of(library: Library, rule: Rule, on: date) -> Guide:
    """The guide to a rule as it stands on a day."""
    provision, procedure, document = rule.provision, rule.procedure, document_of(library, rule)
    return Guide(
        measure=rule.measure,
        name=rule.name,
        title=rule.title,
        summary=rule.definition.summary,
        region=rule.region,
        region_name=wording.place_name(library, rule.region),
        on=on,
        who=who(library, rule),
        worth=worth(rule),
        advance=payments.advance_rule_text(rule.schedule.advance),
        stop_events=rule.definition.stop_events,
        limits=tuple(limit.label for limit in rule.limits),
        alternatives=alternatives(library, rule),
        when=when(document, rule, on),
        how=How(procedure.mode, procedure.channel) if procedure else None,
        steps=tuple(_steps(procedure)) if procedure else (),
        materials=provision.materials,
        fund=provision.fund,
        permitted_use=provision.permitted_use,
        payee_account=procedure.payee_account if procedure else "",
        office=provision.office,
        phone=_phone(rule),
        basis=Basis(rule.document, document.title, document.issuer, document.issued, rule.clause, rule.row),
        upper=(*document.upper, *document.basis),
        notes=provision.notes,
        conditions=tuple(map(_condition, rule.conditions)),
        figures=tuple(map(figure_used, figures_shown(rule))),
        interpretations=cited_interpretations(library, rule),
    )


def document_of(library: Library, rule: Rule) -> DocumentDef:
    return next(d for d, _ in library.documents if d.number == rule.document)


def who(library: Library, rule: Rule) -> Who:
    unit = library.entities[rule.unit].name
    return Who(rule.definition.audience, unit, wording.PAYEES[rule.payee])


def worth(rule: Rule) -> Worth:
    formula = to_chinese(rule.amount.node) if rule.amount else ""
    months = to_chinese(rule.schedule.months.node) if rule.schedule.months else ""
    return Worth(wording.KINDS[rule.kind], formula, months, rule.amount_note or "")


def alternatives(library: Library, rule: Rule) -> Alternatives:
    exclusion = rule.exclusion
    others = sorted(exclusion.measures - {rule.measure}) if exclusion else []
    names = tuple((key, library.measures[key].definition.name) for key in others)
    return Alternatives(names, bool(exclusion and exclusion.by_year))


def when(document: DocumentDef, rule: Rule, on: date) -> When:
    provision, event = rule.provision, rule.provision.event
    silent = document.in_force_interpretation if not provision.valid.start else None
    return When(
        wording.opening_text(rule.opening),
        wording.opening_status(rule.opening, on),
        rule.opening.is_open(on),
        wording.window(event.start, event.end) if event.start or event.end else "",
        silent or "",
        provision.resolves_with or "",
    )


def _steps(procedure: Procedure) -> Iterator[GuideStep]:
    return (_step(number, step, procedure) for number, step in enumerate(procedure.steps, 1))


def _step(number: int, step: Step, procedure: Procedure) -> GuideStep:
    """Deadlines in workdays, with the interpretation where the text gives none."""
    cited = (procedure.publicity_interpretation if step.publicity else None, step.interpretation)
    return GuideStep(
        number,
        step.actor,
        step.action,
        step.days,
        step.publicity,
        procedure.publicity_days if step.publicity else None,
        tuple(interpretation for interpretation in cited if interpretation),
    )


def _phone(rule: Rule) -> Phone:
    number, printed = rule.provision.phone, rule.provision.phone_as_printed or ""
    return Phone(number, printed if printed != number else "")


def _condition(condition: Condition) -> GuideCondition:
    review = to_chinese(condition.review.node) if condition.review else ""
    return GuideCondition(
        condition.id, condition.label, to_chinese(condition.when.node), review, condition.interpretations
    )


def figures_shown(rule: Rule) -> Iterator[Figure]:
    """The measure's own parameters, unless this place neither sets nor needs one; then the switches
    that its expressions read."""
    own = [p.name for p in rule.definition.parameters]
    used = {f.name: f for e in expressions(rule) for f in e.figures}
    folded = (fold(e.node) for e in expressions(rule))
    waiting = {part.name for node in folded for part in walk(node) if isinstance(part, Figure)}
    yield from (f for f in map(rule.figures.__getitem__, own) if not is_unset(f) or f.name in waiting)
    yield from (f for name, f in used.items() if name in rule.figures and name not in own)


def cited_interpretations(library: Library, rule: Rule) -> tuple[CitedInterpretation, ...]:
    """What conditions, figures and the provision rest on where the text is silent."""
    cited = [i for c in rule.conditions for i in c.interpretations]
    cited += [f.source.interpretation for e in expressions(rule) for f in e.figures]
    cited += rule.interpretations
    known = library.interpretations
    return tuple(
        CitedInterpretation(i, known[i].question, known[i].answer) for i in sorted({*cited} & known.keys())
    )
