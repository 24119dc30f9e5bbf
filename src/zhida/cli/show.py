"""`zhida show`: the guide to a measure, written from its rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.console import Console

from zhida.cli import inputs, layout, payments, wording
from zhida.cli.catalogue import documented_regions
from zhida.cli.explain import cited_interpretations
from zhida.feel.nodes import Figure, walk
from zhida.library import Library, Rule, resolve
from zhida.library.model import DocumentDef, Procedure, Step
from zhida.library.reading import to_chinese
from zhida.library.standards_used import expressions
from zhida.profile.folding import fold, is_unset


def run(measure: str, region: str | None, on: str | None, directory: str | None) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, on)
    if inputs.measure_key(library, measure) is None:
        hint = inputs.measure_hint(library, measure)
        overrides.refuse("MEASURE", "option/unknown-measure", measure, hint)
    if overrides.problems:
        inputs.fail(overrides.problems)
    key = inputs.require_measure(library, measure)
    day = overrides.on or date.today()
    regions = [overrides.region] if overrides.region else documented_regions(library)
    out = layout.console()
    _print_measure(library, key, out)
    rules = [(code, r) for code in regions for r in resolve(library, code, day) if r.measure == key]
    for code, rule in rules:
        _Guide(library, rule, day, out).print(code)
    if not rules:
        places = "、".join(wording.region_name(library, code) for code in regions)
        out.print(f"\n{places}收录的文件没有规定这项措施。")


def _print_measure(library: Library, key: str, out: Console) -> None:
    measure = library.measures[key].definition
    layout.print_heading(out, f"{measure.name}（{key}）")
    layout.print_wrapped(out, measure.summary, 2)
    names = [("又叫", "、".join(measure.aliases)), ("英文", measure.english)]
    layout.print_fields(out, names)


class _Guide:
    """One provision as a guide."""

    def __init__(self, library: Library, rule: Rule, on: date, out: Console) -> None:
        self.library, self.rule, self.on, self.out = library, rule, on, out

    def print(self, region: str) -> None:
        rule, provision = self.rule, self.rule.provision
        place = wording.region_name(self.library, region)
        layout.print_heading(self.out, f"{rule.title} · {place}", "bold cyan")
        procedure = rule.procedure
        fields = [
            ("谁能享受", self.who()),
            ("给多少", self.worth()),
            ("预拨", self.advance()),
            ("停发", payments.stop_text(rule)),
            ("限制", "；".join(limit.label for limit in rule.limits)),
            ("只选其一", self.alternatives()),
            ("办理时间", self.when()),
            ("怎么办理", f"{procedure.mode} · {procedure.channel}".strip(" ·") if procedure else ""),
            ("材料", "、".join(provision.materials)),
            ("资金来源", provision.fund),
            ("资金用途", "、".join(provision.permitted_use)),
            ("发到", procedure.payee_account if procedure else ""),
            ("科室", provision.office),
            ("电话", self.phone()),
            ("依据", self.basis()),
            ("上级文件", "、".join((*self.document().upper, *self.document().basis))),
            ("备注", provision.notes),
        ]
        layout.print_fields(self.out, fields)
        self.conditions()
        self.steps()
        self.figures()
        self.interpretations()

    def who(self) -> str:
        rule, entities = self.rule, self.library.entities
        unit = entities[rule.unit].name
        payee = "单位" if rule.payee == "employer" else "个人"
        return f"{rule.definition.audience}（按{unit}计算，发给{payee}）"

    def worth(self) -> str:
        rule = self.rule
        kind = wording.KINDS[rule.kind]
        formula = to_chinese(rule.amount.node) if rule.amount else ""
        months = to_chinese(rule.schedule.months.node) if rule.schedule.months else ""
        parts = (
            f"{kind}：{formula}" if formula else kind,
            f"期限 {months}" if months else "",
            rule.amount_note or "",
        )
        return "；".join(part for part in parts if part)

    def advance(self) -> str:
        """How much may be paid before the rest is due."""
        advance = self.rule.schedule.advance
        if advance is None:
            return ""
        when = f"（{to_chinese(advance.when.node)}）" if advance.when else ""
        return f"{advance.due}，不超过 {to_chinese(advance.share.node)}{when}；余下的在{advance.balance_due}"

    def alternatives(self) -> str:
        exclusion = self.rule.exclusion
        others = sorted(exclusion.measures - {self.rule.measure}) if exclusion else []
        names = "、".join(self.library.measures[key].definition.name for key in others)
        again = "同一年内" if exclusion and exclusion.by_year else ""
        return f"同一人{again}不能再领{names}" if names else ""

    def when(self) -> str:
        rule = self.rule
        event = rule.provision.event
        parts = [wording.opening_text(rule.opening), wording.opening_status(rule.opening, self.on)]
        document = self.document()
        if document.in_force_interpretation and not rule.provision.valid.start:
            parts.append(f"起始日文件没有写，按 {document.in_force_interpretation} 理解")
        if event.start or event.end:
            parts.append(f"事情须发生在 {wording.window(event.start, event.end)}")
        return "；".join(dict.fromkeys(parts))

    def phone(self) -> str:
        provision = self.rule.provision
        printed = provision.phone_as_printed
        differs = printed and printed != provision.phone
        return provision.phone + (f"（文件印作 {printed}）" if differs else "")

    def basis(self) -> str:
        rule = self.rule
        inner = self.document().title.replace("《", "〈").replace("》", "〉")
        return f"{rule.document}《{inner}》{rule.clause}（{rule.row}）"

    def document(self) -> DocumentDef:
        return next(d for d, _ in self.library.documents if d.number == self.rule.document)

    def conditions(self) -> None:
        if self.rule.conditions:
            self.out.print("  条件", style="bold")
        for number, condition in enumerate(self.rule.conditions, 1):
            layout.print_wrapped(self.out, f"{number}. {condition.label}", 4, 3)
            layout.print_wrapped(self.out, to_chinese(condition.when.node), 7, 0, "dim")
            if condition.review:
                layout.print_wrapped(
                    self.out, f"须人工核定：{to_chinese(condition.review.node)}", 7, 0, "dim"
                )

    def steps(self) -> None:
        procedure = self.rule.procedure
        if procedure is None or not procedure.steps:
            return
        self.out.print("  步骤", style="bold")
        for number, step in enumerate(procedure.steps, 1):
            text = f"{number}. {step.actor}：{step.action}{_timing(step, procedure)}"
            layout.print_wrapped(self.out, text, 4, 3)

    def figures(self) -> None:
        figures = list(self.used_figures())
        if figures:
            self.out.print("  数字和范围", style="bold")
            rows = [(f.name, wording.figure_value(f), wording.figure_source(f)) for f in figures]
            layout.print_table(self.out, ("名称", "值", "出处"), rows)

    def used_figures(self) -> Iterator[Figure]:
        """The measure's own parameters, unless this place neither sets nor needs one; then the switches
        that its expressions read."""
        rule = self.rule
        own = [p.name for p in rule.definition.parameters]
        used = {f.name: f for e in expressions(rule) for f in e.figures}
        folded = (fold(e.node) for e in expressions(rule))
        waiting = {part.name for node in folded for part in walk(node) if isinstance(part, Figure)}
        yield from (f for f in map(rule.figures.__getitem__, own) if not is_unset(f) or f.name in waiting)
        yield from (f for name, f in used.items() if name in rule.figures and name not in own)

    def interpretations(self) -> None:
        cited = cited_interpretations(self.library, self.rule)
        if cited:
            self.out.print("  口径", style="bold")
            layout.print_fields(self.out, cited, indent=4)


def _timing(step: Step, procedure: Procedure) -> str:
    """Deadlines in workdays, with the interpretation where the text gives none."""
    days, parts = procedure.publicity_days, []
    if step.days:
        parts.append(f"{step.days} 个工作日内")
    if step.publicity:
        parts += [f"公示 {days} 个工作日" if days else "公示", procedure.publicity_interpretation or ""]
    parts.append(step.interpretation or "")
    parts = [part for part in parts if part]
    return f"（{'，'.join(parts)}）" if parts else ""
