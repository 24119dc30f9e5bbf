"""A measure side by side and by date: figures that differ, what set them, standards that change inside."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhida.feel import UNKNOWN
from zhida.feel.nodes import Literal
from zhida.library import Library, load
from zhida.library.comparison import Comparison, Line, compare
from zhida.library.conflicts import conflicts
from zhida.library.model import DocumentDef, Window
from zhida.library.standards_used import readings, region_of, standards
from zhida.library.timeline import Entry, timeline
from zhida.library.versions import versions

POLICIES = Path(__file__).parents[2] / "policies"


def line(found: Comparison, name: str) -> Line:
    return next(line for line in found.lines if line.name == name)


def values(found: Comparison, name: str) -> list[object]:
    cells = [cell.value if cell else None for cell in line(found, name).cells]
    return [value.value if isinstance(value, Literal) else value for value in cells]


def with_document(library: Library, document: DocumentDef) -> Library:
    source = library.documents[0][1]
    return replace(library, documents=[*library.documents, (document, source)], resolved={})


def borrowed(library: Library, row: str, key: str, region: str, window: Window) -> DocumentDef:
    """A document of a region that enacts what a provision of another document does."""
    own = next(d for d, _ in library.documents if d.document == row.partition("-")[0])
    found = [p for p in own.provisions if p.row == row and p.measure == key]
    assert found
    changed = tuple(p.model_copy(update={"valid": window}) for p in found)
    update = {"document": "X", "number": "某发〔2023〕1号", "region": region, "provisions": changed}
    return own.model_copy(update=update | {"duties": (), "rows": ()})


def test_figures_that_differ_between_places_are_marked(library: Library):
    found = compare(library, "hiring-subsidy", ["621025", "150200"])
    assert [v.region for v in found.variants] == ["621025", "150200"]
    assert values(found, "每人标准") == [Decimal(1000), Decimal(1500)]
    assert line(found, "每人标准").differs
    assert not line(found, "最短合同月数").differs


def test_every_figure_carries_document_clause_and_row(library: Library):
    cell = line(compare(library, "hiring-subsidy", ["621025"]), "每人标准").cells[0]
    assert cell is not None and cell.source is not None
    source = cell.source
    assert (source.document, source.clause, source.row) == ("正人社发〔2022〕91号", "一(一)", "ZN91-002")


def test_without_regions_all_that_enact_the_measure_are_there(library: Library):
    found = compare(library, "job-retention-refund")
    enacting = {d.region for d, _ in library.documents for p in d.provisions if p.measure == found.measure}
    assert {v.region for v in found.variants} == enacting
    assert len(enacting) >= 4
    assert all(v.on is None and v.rule for v in found.variants)


def test_a_measure_enacted_twice_in_a_document_has_two_columns(library: Library):
    found = compare(library, "pension-deferral", ["621025"])
    rows = [v.rule.row for v in found.variants if v.rule]
    assert rows == ["ZN91-025", "ZN91-026", "ZN91-027"]


def test_a_county_uses_what_its_prefecture_enacts(library: Library):
    [variant] = compare(library, "job-retention-refund", ["620821"]).variants
    assert variant.rule is not None and variant.rule.region == "620800"


def test_a_place_without_the_measure_is_a_column_without_a_rule(library: Library):
    found = compare(library, "hiring-subsidy", ["621025", "330000"], [date(2022, 10, 1)])
    assert [v.rule is None for v in found.variants] == [False, True]
    assert all(line.cells[1] is None for line in found.lines)
    assert not any(line.differs for line in found.lines)


def test_regions_and_days_multiply(library: Library):
    days = [date(2022, 6, 30), date(2022, 7, 1)]
    found = compare(library, "unemployment-assistance", ["621025"], days)
    assert [v.on for v in found.variants] == days
    standard = line(found, "失业保险金.月标准（标准）")
    assert [[s.value for s in cell.value] for cell in standard.cells if cell] == [[1323], [1503]]
    assert standard.differs


def test_a_figure_that_no_text_sets_is_unknown(library: Library):
    found = compare(library, "job-retention-refund", ["621025"])
    assert values(found, "其他企业返还比例") == [UNKNOWN]


def test_a_line_that_says_nothing_anywhere_is_left_out(library: Library):
    found = compare(library, "unemployment-rate-cut", ["621025"])
    assert all(not line.empty for line in found.lines)
    assert "十二月的事情宽限到" not in [line.name for line in found.lines]


def test_the_standards_of_a_prefecture_are_those_of_its_counties(library: Library):
    rule = versions(library, "pension-deferral", "150200")[0]
    [wage] = [r for r in readings(library, rule) if r.table.definition.table == "minimum-wage"]
    found = {region_of(s) for s in standards(wage, "620800")}
    assert found == {"620802", "620821", "620822", "620823", "620825", "620826", "620871", "620881"}
    assert {region_of(s) for s in standards(wage, "620821")} == {"620821"}
    assert not list(standards(wage, "629999"))


def changes(entries: tuple[Entry, ...]) -> list[tuple[date, object, object]]:
    return [(e.day, e.standard.before, e.standard.after) for e in entries if e.standard]


def test_the_unemployment_benefit_of_gansu_rises_inside_the_window(library: Library):
    found = timeline(library, "unemployment-assistance", "621025")
    assert changes(found)[:2] == [
        (date(2022, 1, 1), None, Decimal(1323)),
        (date(2022, 7, 1), Decimal(1323), Decimal(1503)),
    ]
    sources = [e.standard.source for e in found if e.standard]
    assert sources[1].startswith("甘肃 2022 年 7 月 1 日起的标准")
    assert [(e.kind, e.day) for e in found if e.rule] == [
        ("opens", date(2022, 1, 1)),
        ("closes", date(2022, 12, 31)),
    ]


def test_a_standard_outside_the_window_is_no_entry(library: Library):
    assert date(2024, 1, 1) not in [e.day for e in timeline(library, "unemployment-assistance", "621025")]


def test_the_minimum_wage_of_pingliang_rises_inside_a_window_of_2023(library: Library):
    window = Window(start=date(2023, 1, 1), end=date(2023, 12, 31))
    document = borrowed(library, "BT78-004", "pension-deferral", "620800", window)
    found = timeline(with_document(library, document), "pension-deferral", "620800")
    rises = [e.standard for e in found if e.day == date(2023, 11, 1) and e.standard]
    assert {(s.before, s.after, len(s.regions)) for s in rises} == {
        (Decimal(1770), Decimal(1960), 1),
        (Decimal(1720), Decimal(1910), 6),
    }


def test_a_city_is_compared_with_its_province(library: Library):
    found = timeline(library, "flexible-insurance-subsidy", "210300")
    opens = [e for e in found if e.kind == "opens"]
    assert [e.rule.region for e in opens if e.rule] == ["210000", "210300"]
    upper, lower = opens
    assert upper.follows is None and lower.follows is upper.rule
    [months] = [c for c in lower.figures if c.after.name == "延长月数"]
    assert months.before is not None
    assert (months.before.value, months.after.value) == (Literal(Decimal(6)), Literal(Decimal(3)))


def test_a_later_version_says_only_what_changed(library: Library):
    window = Window(start=date(2023, 3, 1), end=date(2023, 12, 31))
    document = borrowed(library, "ZN91-002", "hiring-subsidy", "621025", window)
    [provision] = document.provisions
    dearer = provision.model_copy(update={"figures": provision.figures | {"每人标准": Decimal(1200)}})
    document = document.model_copy(update={"provisions": (dearer,)})
    found = timeline(with_document(library, document), "hiring-subsidy", "621025")
    last = [e for e in found if e.kind == "opens"][-1]
    assert last.day == date(2023, 3, 1)
    assert last.follows is not None and last.follows.row == "ZN91-002"
    assert [(c.after.name, c.after.source.document) for c in last.figures] == [
        ("每人标准", "某发〔2023〕1号")
    ]


def test_a_place_without_the_measure_has_an_empty_timeline(library: Library):
    assert timeline(library, "hiring-subsidy", "330000") == ()


def test_the_library_has_no_conflict(library: Library):
    assert not list(conflicts(library))


def test_a_city_beyond_its_province_is_reported_where_it_stands(tmp_path: Path):
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    path = root / "documents" / "210300" / "AS3.yaml"
    text = path.read_text(encoding="utf-8")
    assert "    延长月数: 3\n" in text
    path.write_text(text.replace("    延长月数: 3\n", "    延长月数: 8\n"), encoding="utf-8")
    library, diagnostics = load(root)
    assert not diagnostics
    [warning] = conflicts(library)
    assert (warning.code, warning.severity, warning.file) == ("document/conflict", "warning", str(path))
    assert warning.source_line.strip() == "延长月数: 8"
    assert "辽政办发〔2020〕25号 三(七) allows at most 6" in warning.message
    found = compare(library, "flexible-insurance-subsidy", ["210300"])
    assert values(found, "延长月数") == [Decimal(6)]


@pytest.mark.parametrize("region", ["210000", "210300", "150200", "520000", "620800", "621025"])
def test_every_measure_of_a_place_has_versions_and_a_timeline(library: Library, region: str):
    for key in library.measures:
        own = [d for d, _ in library.documents if d.region == region]
        enacted = [p for d in own for p in d.provisions if p.measure == key]
        assert len(versions(library, key, region)) >= len(enacted)
        entries = timeline(library, key, region)
        assert sum(e.kind == "opens" for e in entries) >= len(enacted)
        assert [e.day for e in entries] == sorted(e.day for e in entries)
