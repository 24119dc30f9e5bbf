"""Places by the names that people type: 正宁县, 正宁."""

from __future__ import annotations

from zhida.guide.answers import NotUnderstood
from zhida.library import Library
from zhida.standards.regions import is_region_code

NAMES = "regions"


def place_code(library: Library, text: str) -> str:
    """The code of a place by its code or its name, whole or without 县, 市, 区. Raises NotUnderstood."""
    text = text.strip()
    if is_region_code(text):
        return text
    names = _names(library)
    whole = names.get(text, ())
    found = whole or tuple({code for name in names for code in names[name] if name[:-1] == text})
    if len(found) != 1:
        raise NotUnderstood("region/malformed")
    return found[0]


def _names(library: Library) -> dict[str, tuple[str, ...]]:
    """The codes under each name; several places may share one."""
    table = next(t for t in library.tables.values() if t.definition.table == NAMES)

    def prepare() -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for row in table.definition.rows:
            name, code = str(row["名称"]), str(row["地区"])
            names[name] = (*names.get(name, ()), code)
        return names

    found: dict[str, tuple[str, ...]] = library.prepared(table.definition, prepare)
    return found
