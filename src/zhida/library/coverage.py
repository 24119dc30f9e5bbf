"""What in the library represents each row of the clause ledger, and which rows nothing represents.

A row that a policy file merely names does not count: what carries it has to hold the content that a row
of its kind needs, stand in the row's own document, and spell the clause as the ledger does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhida.library.contents import Library
from zhida.library.ledger import LedgerRow
from zhida.library.model import ClarificationDef, DocumentDef, DutyDef, ProvisionDef, ReportedDef
from zhida.library.procedure import Procedure
from zhida.library.yaml_source import KeyPath, YamlSource

ENACTED = ("provision", "deferred", "draft")
FITS: Mapping[str, tuple[str, ...]] = {
    "document metadata": ("document", "reported figure"),
    "benefit rule": (*ENACTED, "clarification"),
    "procedure": ("procedure", "clarification", *ENACTED),
    "fund or subsidy-sharing rule": ("fund rule", "duty: fund-rule", *ENACTED),
    "staff or publicity duty": ("duty: staff", "duty: publicity"),
    "quantitative target": ("duty: target",),
    "assessment rule": ("duty: assessment",),
    "service standard (deadline)": ("duty: service-standard", "procedure", *ENACTED),
    "report figure": ("reported figure",),
}
"""For each kind of row, what may represent it."""

DEADLINE, PROCEDURE = "service standard (deadline)", "procedure"
FIGURE = "figure"
"""The role of a figure that cites a row: it has to know it, but does not stand for it."""

WITHOUT_STEPS = ("免申即享", "系统配置")
"""Modes in which nobody has to do anything."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """Something in a document that names a row; `lack` says what it would need to stand for it."""

    row: str
    role: str
    document: str
    clause: str | None
    what: str
    lack: str
    place: str
    procedure: Procedure | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """One ledger row: what represents it, or why nothing does."""

    ledger: LedgerRow
    carriers: tuple[Carrier, ...]
    problem: str

    @property
    def represented(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every ledger row in order, and the carriers of rows that the ledger does not know."""

    rows: tuple[Covered, ...]
    strangers: tuple[Carrier, ...]

    @property
    def complete(self) -> bool:
        return not self.strangers and all(row.represented for row in self.rows)


def coverage(library: Library, ledger: Iterable[LedgerRow]) -> Coverage:
    """Each row of the ledger against everything in the library that names it."""
    by_row: dict[str, list[Carrier]] = defaultdict(list)
    for document, source in library.documents:
        for carrier in carriers(library, document, source):
            by_row[carrier.row].append(carrier)
    rows = tuple(_covered(row, by_row.pop(row.row, [])) for row in ledger)
    return Coverage(rows, tuple(carrier for left in by_row.values() for carrier in left))


def _covered(row: LedgerRow, named_by: list[Carrier]) -> Covered:
    """The good carriers of a row. One that contradicts the ledger spoils the row, whatever else is there."""
    wrong = [problem for carrier in named_by if (problem := _contradiction(row, carrier))]
    unfit = [(carrier, _unfit(row, carrier)) for carrier in named_by]
    good = tuple(carrier for carrier, problem in unfit if not problem)
    if wrong:
        return Covered(row, good, wrong[0])
    if good:
        return Covered(row, good, "")
    return Covered(row, (), unfit[0][1] if unfit else "nothing names it")


def _contradiction(row: LedgerRow, carrier: Carrier) -> str:
    if carrier.document != row.document:
        return f"found in {carrier.document} ({carrier.place}), expected in {row.document}"
    if carrier.clause is not None and carrier.clause != row.clause:
        return f"found clause {carrier.clause} ({carrier.place}), expected {row.clause}"
    return ""


def _unfit(row: LedgerRow, carrier: Carrier) -> str:
    fits = FITS[row.kind]
    if carrier.lack and carrier.role != FIGURE:
        return f"{carrier.role} of {carrier.what} ({carrier.place}) has {carrier.lack}"
    if carrier.role not in fits:
        return f"found {carrier.what} as {carrier.role} ({carrier.place}), expected {' or '.join(fits)}"
    if row.kind == DEADLINE and carrier.role == "procedure" and not _has_deadline(carrier.procedure):
        return f"procedure of {carrier.what} ({carrier.place}) has no deadline in days"
    if row.kind == PROCEDURE and carrier.role == "provision" and _lack_of_procedure(carrier.procedure):
        return f"provision of {carrier.what} ({carrier.place}) has {_lack_of_procedure(carrier.procedure)}"
    return ""


def carriers(library: Library, document: DocumentDef, source: YamlSource) -> Iterator[Carrier]:
    """Everything in one document that names a row of the ledger."""
    make = _Carriers(library, document, source)
    for i, row in enumerate(document.rows):
        yield make.carrier(row, "document", None, "the document", _lack_of_head(document), ("rows", i))
    for i, provision in enumerate(document.provisions):
        yield from make.provision(provision, ("provisions", i))
    for i, duty in enumerate(document.duties):
        role, lack = f"duty: {duty.kind}", _lack_of_duty(duty)
        yield make.carrier(duty.row, role, duty.clause, duty.kind, lack, ("duties", i, "row"))
    for i, clarification in enumerate(document.clarifications):
        yield from make.clarification(clarification, ("clarifications", i))
    for i, entry in enumerate(document.reported):
        lack, at = _lack_of_report(entry), ("reported", i, "row")
        yield make.carrier(entry.row, "reported figure", entry.clause, "a report", lack, at)


class _Carriers:
    """Makes the carriers of one document."""

    def __init__(self, library: Library, document: DocumentDef, source: YamlSource) -> None:
        self.library, self.document, self.source = library, document, source

    def carrier(
        self,
        row: str,
        role: str,
        clause: str | None,
        what: str,
        lack: str,
        at: KeyPath,
        procedure: Procedure | None = None,
    ) -> Carrier:
        path = self.source.file
        place = f"{path}:{self.source.place(at).line}"
        return Carrier(row, role, self.document.document, clause, what, lack, place, procedure)

    def provision(self, provision: ProvisionDef, at: KeyPath) -> Iterator[Carrier]:
        """A provision, the rows that it carries beside its own, and those that its figures cite."""
        what, procedure = provision.measure, provision.procedure
        role = "provision" if provision.status == "in-force" else provision.status
        lack = _lack_of_provision(provision)
        yield self.carrier(provision.row, role, provision.clause, what, lack, (*at, "row"), procedure)
        for row, named in provision.also.items():
            own = _role_of_also(named, provision)
            lack = self.lack_of_role(row, own, provision)
            yield self.carrier(row, own, None, what, lack, (*at, "also", row), procedure)
        for name, raw in provision.figures.items():
            if isinstance(raw, dict) and raw.get("row") and not raw.get("document"):
                path = (*at, "figures", name)
                yield self.carrier(raw["row"], FIGURE, raw.get("clause"), f"{what} {name}", "", path)

    def clarification(self, entry: ClarificationDef, at: KeyPath) -> Iterator[Carrier]:
        what = entry.measure or "a clarification"
        lack = _lack_of_clarification(entry)
        yield self.carrier(entry.row, "clarification", entry.clause, what, lack, (*at, "row"))
        for row, role in entry.also.items():
            own = {"clarification": lack, "procedure": _lack_of_procedure(entry.procedure)}
            found = own.get(role, f"nothing that could be a {role}")
            yield self.carrier(row, role, None, what, found, (*at, "also", row), entry.procedure)

    def lack_of_role(self, row: str, role: str, provision: ProvisionDef) -> str:
        """What the carrying provision lacks to stand for a further row in this role."""
        match role:
            case "provision" | "draft":
                return _lack_of_provision(provision)
            case "deferred":
                return "" if provision.resolves_with else "no resolves_with"
            case "procedure":
                return _lack_of_procedure(provision.procedure)
            case "fund rule":
                return self.lack_of_fund(provision)
            case "clarification":
                return "" if provision.interpretations else "no interpretation"
            case "duty":
                return "" if any(d.row == row for d in self.document.duties) else "no duty of this row"
        return f"nothing that could be a {role}"

    def lack_of_fund(self, provision: ProvisionDef) -> str:
        measure = self.library.measures.get(provision.measure)
        shared = measure is not None and bool(measure.definition.components)
        return "" if provision.fund or provision.permitted_use or shared else "no fund and no permitted use"


def _role_of_also(named: str, provision: ProvisionDef) -> str:
    """A further clause shares the status of its provision; so does a procedure that is still awaited."""
    awaited = named == "procedure" and provision.procedure is None and provision.status == "deferred"
    if named == "provision" or awaited:
        return "provision" if provision.status == "in-force" else provision.status
    return named


def _lack_of_head(document: DocumentDef) -> str:
    head = {"number": document.number, "title": document.title, "issuer": document.issuer}
    empty = [name for name, value in head.items() if not value.strip()]
    return f"no {', '.join(empty)}" if empty else ""


def _lack_of_provision(provision: ProvisionDef) -> str:
    """A deferred provision says what it waits for; one in force or a draft sets figures or windows."""
    if provision.status == "deferred":
        return "" if provision.resolves_with else "no resolves_with"
    windows = (provision.valid.start, provision.valid.end, provision.event.start, provision.event.end)
    return "" if provision.figures or any(windows) else "no figures and no window"


def _lack_of_procedure(procedure: Procedure | None) -> str:
    if procedure is None:
        return "no procedure"
    return "" if procedure.steps or procedure.mode in WITHOUT_STEPS else "no steps"


def _lack_of_duty(duty: DutyDef) -> str:
    if not duty.text.strip():
        return "no text"
    return "no number" if duty.kind == "target" and duty.number is None else ""


def _lack_of_clarification(entry: ClarificationDef) -> str:
    if not entry.text.strip():
        return "no text"
    return "" if entry.measure or entry.interpretations else "no measure and no interpretation"


def _lack_of_report(entry: ReportedDef) -> str:
    if not entry.text.strip():
        return "no text"
    return "" if entry.figures or entry.duplicate_of or entry.as_of else "no figures and no day"


def _has_deadline(procedure: Procedure | None) -> bool:
    if procedure is None:
        return False
    return bool(procedure.publicity_days) or any(step.days for step in procedure.steps)
