"""`zhida show`: the guide to a measure, written from its rule."""

from __future__ import annotations

from datetime import date

from rich.console import Console

from zhida.cli import inputs, layout
from zhida.guide import wording
from zhida.guide.catalogue import documented_regions
from zhida.guide.provision import Guide, guide_of
from zhida.library import Library, resolve


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
        _print_guide(guide_of(library, rule, day), wording.region_name(library, code), out)
    if not rules:
        places = "、".join(wording.region_name(library, code) for code in regions)
        out.print(f"\n{places}收录的文件没有规定这项措施。")


def _print_measure(library: Library, key: str, out: Console) -> None:
    measure = library.measures[key].definition
    layout.print_heading(out, f"{measure.name}（{key}）")
    layout.print_wrapped(out, measure.summary, 2)
    names = [("又叫", "、".join(measure.aliases)), ("英文", measure.english)]
    layout.print_fields(out, names)


def _print_guide(guide: Guide, place: str, out: Console) -> None:
    layout.print_heading(out, f"{guide.title} · {place}", "bold cyan")
    fields = [
        ("谁能享受", str(guide.who)),
        ("给多少", str(guide.worth)),
        ("预拨", guide.advance),
        ("停发", "；".join(guide.stop_events)),
        ("限制", "；".join(guide.limits)),
        ("只选其一", str(guide.alternatives)),
        ("办理时间", str(guide.when)),
        ("怎么办理", str(guide.how or "")),
        ("材料", "、".join(guide.materials)),
        ("资金来源", guide.fund),
        ("资金用途", "、".join(guide.permitted_use)),
        ("发到", guide.payee_account),
        ("科室", guide.office),
        ("电话", str(guide.phone)),
        ("依据", str(guide.basis)),
        ("上级文件", "、".join(guide.upper)),
        ("备注", guide.notes),
    ]
    layout.print_fields(out, fields)
    _print_conditions(guide, out)
    _print_steps(guide, out)
    if guide.figures:
        out.print("  数字和范围", style="bold")
        rows = [(figure.name, figure.value, figure.source) for figure in guide.figures]
        layout.print_table(out, ("名称", "值", "出处"), rows)
    if guide.interpretations:
        out.print("  口径", style="bold")
        layout.print_fields(out, [(i.id, str(i)) for i in guide.interpretations], indent=4)


def _print_conditions(guide: Guide, out: Console) -> None:
    if guide.conditions:
        out.print("  条件", style="bold")
    for number, condition in enumerate(guide.conditions, 1):
        layout.print_wrapped(out, f"{number}. {condition.label}", 4, 3)
        layout.print_wrapped(out, condition.reading, 7, 0, "dim")
        if condition.review:
            layout.print_wrapped(out, f"须人工核定：{condition.review}", 7, 0, "dim")


def _print_steps(guide: Guide, out: Console) -> None:
    if guide.steps:
        out.print("  步骤", style="bold")
    for step in guide.steps:
        layout.print_wrapped(out, f"{step.number}. {step}", 4, 3)
