"""A simulation as tables, as a picture and as a workbook."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from zhida.cli import simulation_report as report
from zhida.cli.simulation_chart import money, to_svg
from zhida.cli.simulation_table import cell_text, changed_only, print_simulation
from zhida.cli.simulation_workbook import write_workbook
from zhida.diagnostics import display_width
from zhida.library import Library
from zhida.simulate.simulation import Simulation

from .simulations import SETTING, simulation

SHEETS = [
    "总览",
    "法律变化",
    "按条款",
    "资格变化",
    "判定变动",
    "得失分档",
    "按地区",
    "按规模",
    "按行业",
    "得失最大",
]


@pytest.fixture
def found(library: Library) -> Simulation:
    return simulation(library)


def column(table: report.Report, name: str) -> list[object]:
    at = [c.name for c in table.columns].index(name)
    return [row[at] for row in table.rows]


def test_provisions_stand_by_how_much_they_change(found: Simulation):
    table = report.provisions(found)
    assert column(table, "增减") == [Decimal("-60000.25"), 0, 0, Decimal("-60000.25")]
    assert column(table, "依据")[0] == "正人社发〔2022〕91号 一(十)"
    assert column(table, "措施")[-1] == "合计"


def test_a_rate_of_change_needs_something_before(found: Simulation):
    assert column(report.provisions(found), "增减率")[2] is None


def test_eligibility_counts_who_comes_and_who_goes(found: Simulation):
    table = report.eligibility(found)
    names = ("新获资格", "失去资格", "变为还差信息", "不再差信息")
    assert [[column(table, name)[row] for name in names] for row in (0, 1)] == [[4, 1, 0, 4], [5, 0, 0, 0]]


def test_verdicts_are_named_also_where_there_was_no_provision(found: Simulation):
    assert column(report.transitions(found), "原判定") == ["能享受", "能享受", "还差信息", "没有这一条"]


def test_all_bands_are_there_and_add_up(found: Simulation):
    table = report.bands(found)
    assert column(table, "每个对象的得失") == [
        "不到 100 元",
        "100～1,000 元",
        "1,000～1 万元",
        "1 万～10 万元",
        "10 万～100 万元",
        "100 万元以上",
        "合计",
    ]
    assert column(table, "得益者") == [1, 0, 0, 0, 0, 0, 1]
    assert column(table, "减少金额")[3] == Decimal("60050.25")


def test_groups_have_names_and_what_is_unknown_has_one_too(library: Library, found: Simulation):
    assert column(report.sizes(found), "企业规模") == ["微型", "没有填写", "合计"]
    assert column(report.sections(found), "行业门类") == ["H 住宿和餐饮业", "合计"]
    assert column(report.regions(library, found), "地区") == ["正宁县", "合计"]
    assert report.section_name("person") == report.size_name("person") == "个人"


def test_payees_stand_from_the_largest_gain_to_the_largest_loss(library: Library, found: Simulation):
    table = report.payees(library, found)
    assert column(table, "增减") == [50, -10050, Decimal("-50000.25")]
    assert column(table, "对象") == ["单位", "个人", "单位"]
    assert column(table, "企业规模") == ["微型", "", "没有填写"]


def test_the_law_says_what_was_assumed(found: Simulation):
    [row] = report.law(found).rows
    assert row[3:] == ("数字 中小微企业返还比例（rate_small）", "修改", "90%", "60%（假设（--set））")


def test_only_what_changes_is_printed_and_the_rest_counted(found: Simulation):
    table = changed_only(report.provisions(found))
    assert (len(table.rows), table.title) == (2, "按条款（2 项没有变化）")


def test_the_terminal_shows_all_of_it_in_100_columns(
    library: Library, found: Simulation, capsys: pytest.CaptureFixture[str]
):
    print_simulation(library, found, "out")
    text = capsys.readouterr().out
    for words in (
        "正宁县（621025） · 2022-10-01",
        f"假设  {SETTING}",
        "-60,000.25",
        "-20.0%",
        "得失分档",
        "out",
    ):
        assert words in text
    assert [line for line in text.splitlines() if display_width(line) > 100] == []


@pytest.mark.parametrize(
    "kind, value, text",
    [
        ("change", Decimal("1234.5"), "+1,234.50"),
        ("change", Decimal("-0.01"), "-0.01"),
        ("change", Decimal("0"), "0.00"),
        ("percent", Decimal("0.125"), "+12.5%"),
        ("percent", None, "—"),
        ("money", Decimal("1000000"), "1,000,000.00"),
        ("count", 1000, "1,000"),
        ("text", "文字", "文字"),
    ],
)
def test_cells_read_as_what_they_are(kind: report.Kind, value: object, text: str):
    assert cell_text(report.Column("", kind), value) == text


def test_the_picture_is_well_formed_and_says_the_figures(library: Library, found: Simulation):
    text = to_svg(library, found)
    root = ElementTree.fromstring(text)
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "正宁县 2022-10-01 政策模拟" in words
    assert "费用合计 31.00 万元 → 25.00 万元（−6.00 万元）" in words
    assert text == to_svg(library, found)


def test_the_picture_stays_inside_its_frame(library: Library, found: Simulation):
    root = ElementTree.fromstring(to_svg(library, found))
    width, height = (int(root.attrib[name]) for name in ("width", "height"))
    for bar in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, w, h = (int(bar.attrib.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height


def test_the_picture_of_no_change_says_so(library: Library, found: Simulation):
    effects = replace(found.effects, provisions=(), band_balances=())
    assert "没有条款的金额改变。" in to_svg(library, replace(found, effects=effects))


def test_the_picture_keeps_signs_of_markup(library: Library, found: Simulation):
    assert "&lt;b&gt;" in to_svg(library, replace(found, assumptions=("<b>",)))


@pytest.mark.parametrize(
    "amount, text",
    [
        ("9999.99", "9,999.99 元"),
        ("10000", "1.00 万元"),
        ("99999999", "10,000.00 万元"),
        ("100000000", "1.00 亿元"),
    ],
)
def test_money_in_a_picture_is_short(amount: str, text: str):
    assert money(Decimal(amount)) == text


def test_the_workbook_has_a_sheet_for_each_table_with_a_head_that_stays(
    library: Library, found: Simulation, tmp_path: Path
):
    write_workbook(tmp_path / "s.xlsx", library, found)
    with zipfile.ZipFile(tmp_path / "s.xlsx") as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(2, len(SHEETS) + 1)]
        charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert names == SHEETS
    assert all('state="frozen"' in sheet for sheet in sheets)
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert len(charts) == 2
    assert "60%（假设（--set））" in texts


def test_the_workbook_is_the_same_each_time(library: Library, found: Simulation, tmp_path: Path):
    for name in ("a", "b"):
        write_workbook(tmp_path / name, library, found)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_text_that_looks_like_a_formula_stays_a_text(library: Library, found: Simulation, tmp_path: Path):
    write_workbook(tmp_path / "s.xlsx", library, replace(found, assumptions=('=HYPERLINK("x")',)))
    content = io.BytesIO((tmp_path / "s.xlsx").read_bytes())
    with zipfile.ZipFile(content) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_a_simulation_in_which_nothing_changes_can_be_written(
    library: Library, found: Simulation, tmp_path: Path
):
    effects = replace(found.effects, provisions=(), band_balances=(), transitions=(), gains=(), losses=())
    empty = replace(found, effects=replace(effects, regions=(), sizes=(), sections=()), amendments=())
    write_workbook(tmp_path / "s.xlsx", library, empty)
    print_simulation(library, empty, "out")
