"""The parts of the documentation that come from the code and the policies.

`python -m tests.docs.generate` writes them; `test_generated.py` fails where a file differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.docs.console import PAGES, with_output
from tests.docs.markdown import DOCS, ROOT, write_table
from zhida.feel.functions import FUNCTIONS, OPERATORS
from zhida.library import Library, load
from zhida.profile import checker, types

AWARD_KINDS = {
    "one-off": "一次性",
    "monthly": "按月",
    "staged": "分期",
    "loan": "贷款",
    "deferral": "缓缴",
    "rate": "降费率",
}


def operators(library: Library) -> str:
    rows = [
        (f"`{o.symbol}`", o.doc, " · ".join(f"`{example}`" for example in o.examples))
        for o in OPERATORS.values()
    ]
    return write_table(("operator", "meaning", "examples"), rows)


def functions(library: Library) -> str:
    """Every function that a policy may use, with the types that the checker demands."""
    head = ("function", "argument types", "gives", "meaning", "examples")
    return write_table(head, [_function(name) for name in (*checker.FUNCTIONS, "lookup")])


def _function(name: str) -> tuple[str, ...]:
    declared = FUNCTIONS[name]
    taken, given = _types(name)
    shown = " · ".join(f"`{example}`" for example in declared.examples if " → " in example)
    return (
        f"`{_call(name, declared.signature)}`",
        taken,
        given,
        declared.doc,
        shown or "see [lookup](#lookup)",
    )


def _call(name: str, signature: str) -> str:
    """`f(a: number | a: number, b: string)` as `f(a, b)`: the longest form, in names alone."""
    if name == "lookup":
        return "lookup(table, key, date)"
    forms = signature.partition("(")[2].rstrip(")").split(" | ")
    form = forms[0] if checker.FUNCTIONS[name].parameters[1:] == () else forms[-1]
    if checker.FUNCTIONS[name].many:
        return f"{name}(a, b, …)"
    return f"{name}({', '.join(part.partition(':')[0].rstrip('?*') for part in form.split(', '))})"


def _types(name: str) -> tuple[str, str]:
    if name == "lookup":
        return "the name of a column, its keys, and a date where the table is dated", "the column's type"
    signature = checker.FUNCTIONS[name]
    if signature.many:
        return "numbers, dates or durations, all alike", "the same"
    taken = ", ".join(map(_described, signature.parameters))
    if signature.alike:
        taken += ", of one type"
    given = _described(signature.result) if signature.result else _same(signature.parameters[0])
    return taken, given


def _described(kind: types.Type) -> str:
    match kind:
        case types.List(types.Error()):
            return "a list or rows"
        case types.List(types.Number()):
            return "a list of numbers"
        case types.Error():
            return "any value"
        case types.Text(("earlier", "later")):
            return '`"earlier"` or `"later"`'
    return types.describe(kind)


def _same(first: types.Type) -> str:
    return "what the list holds" if isinstance(first, types.List) else "the unit of the first argument"


def entities(library: Library) -> str:
    head = ("中文", "identifier", "key in a case", "rows in FEEL", "belongs to", "facts")
    rows = [
        (
            e.name,
            f"`{e.entity}`",
            f"`{e.case_key}`",
            e.rows or "—",
            ", ".join(f"`{p}`" for p in e.parents) or "—",
            str(len(e.facts)),
        )
        for e in library.entities.values()
    ]
    return write_table(head, rows)


def measures(library: Library) -> str:
    head = ("中文", "identifier", "award unit", "kind", "meaning")
    definitions = [compiled.definition for compiled in library.measures.values()]
    rows = [
        (
            f"{m.name}（{'、'.join(m.aliases)}）",
            f"`{m.measure}`",
            f"`{m.unit}`",
            f"`{m.kind}` {AWARD_KINDS[m.kind]}",
            f"{m.english}. {m.summary_en}",
        )
        for m in definitions
    ]
    return write_table(head, rows)


def switches(library: Library) -> str:
    head = ("switch", "id", "question it answers", "values", "default")
    rows = [
        (
            s.name,
            i.id,
            i.question,
            "、".join(s.values) or s.type + (f"，{s.unit}" if s.unit else ""),
            _value(s.default),
        )
        for i in library.interpretations.values()
        for s in i.switches
    ]
    return write_table(head, rows)


def _value(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def tables(library: Library) -> str:
    head = ("table", "found by", "columns", "dated", "where nothing is found")
    rows = []
    for table in library.tables.values():
        d = table.definition
        keys = "、".join(f"{k.name}（{k.match}）" for k in d.keys)
        columns = "、".join(f"{c.name}（{c.unit}）" if c.unit else c.name for c in d.columns)
        rows.append((f"{d.name} `{d.table}`", keys, columns, "yes" if d.dated else "no", _missing(d.missing)))
    return write_table(head, rows)


def _missing(value: object) -> str:
    if isinstance(value, dict):
        return "；".join(f"{column}：{_value(default)}" for column, default in value.items())
    return _value(value)


PARTS: dict[str, tuple[str, Callable[[Library], str]]] = {
    "operators": ("language.md", operators),
    "functions": ("language.md", functions),
    "entities": ("glossary.md", entities),
    "measures": ("glossary.md", measures),
    "switches": ("policy-files.md", switches),
    "tables": ("policy-files.md", tables),
}
"""Each generated part: the file it stands in and what makes it."""


def written(library: Library) -> Iterator[tuple[Path, str]]:
    """Every file with its generated parts as they should be."""
    files = {name: (DOCS / name).read_text(encoding="utf-8") for name, _ in PARTS.values()}
    for part, (name, make) in PARTS.items():
        pattern = re.compile(rf"(<!-- {part} -->\n).*?(<!-- end of {part} -->)", re.DOTALL)
        content = make(library)
        files[name] = pattern.sub(lambda found, new=content: f"{found[1]}\n{new}\n\n{found[2]}", files[name])
    for name, text in files.items():
        yield DOCS / name, text


if __name__ == "__main__":
    for path, text in written(load(ROOT / "policies")[0]):
        path.write_text(text, encoding="utf-8")
    for path in PAGES:
        path.write_text(with_output(path), encoding="utf-8")
