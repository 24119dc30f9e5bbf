"""Rows `expression → type` and `expression → problem codes`; whole messages are in `bad/`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.diagnostics import Diagnostic, display_width, format_diagnostic
from zhida.feel import POLICY, UNKNOWN, evaluate, nodes
from zhida.feel.parser import parse
from zhida.profile import types
from zhida.profile.checker import check, free_facts
from zhida.profile.names import FactType, LookupType, Names, Problem
from zhida.profile.types import Boolean, Choice, Code, Date, Days, Number, Region, Set, Text, Type

BAD = Path(__file__).parent / "bad"


def unit(text: str) -> Number:
    return Number(types.parse_unit(text))


def facts(entity: str, **by_key: tuple[str, Type]) -> dict[str, FactType]:
    return {label: FactType(entity, key, kind) for key, (label, kind) in by_key.items()}


GROUPS = ("登记失业人员", "农民工", "残疾人")
NAMES = Names(
    variables={
        "办理日期": Date(),
        "办理地区": Region(),
        "最低工资": unit("元/人·月"),
        "每人标准": unit("元/人"),
        "最短合同月数": unit("月"),
        "申请期限": unit("日"),
        "返还比例": unit("比率"),
        "重点群体": Set(GROUPS),
        "份数": unit(""),
    },
    facts={
        "单位": facts(
            "employer",
            name=("单位名称", Text()),
            industry=("行业代码", Code()),
            size=("企业规模", Choice(("大型", "中型", "小型", "微型"))),
            staff=("在职职工人数", unit("人")),
            insured_start=("上年初参保人数", unit("人")),
            insured_end=("上年末参保人数", unit("人")),
            contributions=("上年度实际缴纳失业保险费", unit("元")),
            labour_dispatch=("劳务派遣单位", Boolean()),
        ),
        "个人": facts(
            "person",
            groups=("人员类别", Set(GROUPS)),
            born_on=("出生日期", Date()),
        ),
        "见习": facts(
            "internship",
            months=("见习月数", unit("月")),
            retained=("留用", Boolean()),
            contract_signed_on=("签订劳动合同日期", Date()),
        ),
    },
    rows={"见习名单": "internship"},
    tables={
        "最低工资标准.月": LookupType((Region(),), unit("元/月"), dated=True),
        "划型.下限": LookupType((Code(), Text()), unit("人")),
    },
    visible=frozenset({"employer", "place"}),
    parents={"internship": ("employer", "person")},
)

TYPES = [
    ("1 + 2 * 3", Number()),
    ("单位.企业规模", NAMES.facts["单位"]["企业规模"].type),
    ('"小型"', Choice(("小型",))),
    ("每人标准 * 单位.在职职工人数", unit("元")),
    ("最低工资 * 最短合同月数 * 单位.在职职工人数", unit("元")),
    ("单位.上年度实际缴纳失业保险费 * 返还比例", unit("元")),
    ("单位.上年度实际缴纳失业保险费 * 50%", unit("元")),
    ("-单位.在职职工人数 + 1", unit("人")),
    ("单位.上年度实际缴纳失业保险费 / 2", unit("元")),
    ("min(0, 单位.在职职工人数, 30)", unit("人")),
    ('max(办理日期, @"2022-01-01")', Date()),
    ("abs(单位.上年初参保人数 - 单位.上年末参保人数)", unit("人")),
    ("round half up(每人标准 * 单位.在职职工人数, 2)", unit("元")),
    ("floor(返还比例)", unit("比率")),
    ("sum(见习名单[见习.留用].见习月数)", unit("月")),
    ("count(见习名单[见习.留用])", Number()),
    ("count(见习名单) >= 单位.在职职工人数 * 返还比例", Boolean()),
    ('count(见习名单[list contains(个人.人员类别, "农民工")]) > 0', Boolean()),
    ('if 单位.企业规模 = "小型" then 1000 else 每人标准', unit("元/人")),
    ('if 单位.劳务派遣单位 then "小型" else "微型"', Choice(("小型", "微型"))),
    ("if 单位.在职职工人数 > 0 then 1 / 单位.在职职工人数 else 0", unit("1/人")),
    ("if 单位.在职职工人数 = 0 then 0 else 1 / 单位.在职职工人数", unit("1/人")),
    ("if not(0 >= 单位.在职职工人数) then 1 / 单位.在职职工人数 else 0", unit("1/人")),
    ("if 份数 > 0 then 1 / 份数 else 0", unit("")),
    ("单位.在职职工人数 / 2 > 3", Boolean()),
    ('单位.企业规模 in ("小型", "微型")', Boolean()),
    ('单位.企业规模 in ["小型", "微型"]', Boolean()),
    ('"农民工" in 重点群体', Boolean()),
    ("单位.在职职工人数 in [30..300)", Boolean()),
    ("单位.在职职工人数 in (< 30, >= 300)", Boolean()),
    ("单位.在职职工人数 between 1 and 30", Boolean()),
    ("单位.劳务派遣单位 = false", Boolean()),
    ("办理日期.year", Number()),
    ('办理日期 - @"2022-01-01"', Days()),
    ('办理日期 + @"P1D" * 申请期限', Date()),
    ('办理日期 + (申请期限 - 1) * @"P1D"', Date()),
    ("round half up(每人标准, -4)", unit("元/人")),
    ("if 份数 > 0 then count(见习名单[floor(6 / 份数) >= 0]) else 0", Number()),
    ('办理日期 - @"2022-01-01" <= @"P30D"', Boolean()),
    ('add months(办理日期, 最短合同月数, "earlier")', Date()),
    ('full months(@"2022-01-01", 办理日期)', unit("月")),
    ('full years(@"2022-01-01", 办理日期)', unit("年")),
    ("if 份数 > 0 then round half up(单位.上年末参保人数 / 份数, 4) else 0", unit("人")),
    ("if 份数 > 0 then round half up(单位.上年末参保人数 / 份数, 4) > 3 else false", Boolean()),
    ('starts with(单位.行业代码, "H62")', Boolean()),
    ('starts with(办理地区, "6210")', Boolean()),
    ('lookup("最低工资标准.月", 办理地区, 办理日期)', unit("元/月")),
    ('lookup("划型.下限", [单位.行业代码, "中型"])', unit("人")),
]

PROBLEMS = [
    ("单位.在职职工人数 + 单位.上年度实际缴纳失业保险费", "wrong-unit"),
    ("单位.在职职工人数 > 每人标准", "wrong-unit"),
    ("min(单位.在职职工人数, 每人标准)", "wrong-unit"),
    ("if 单位.劳务派遣单位 then 每人标准 else 返还比例", "wrong-unit"),
    ('add months(办理日期, 申请期限, "later")', "wrong-unit"),
    ("单位.在职职工人数 between 1 and 返还比例", "wrong-unit"),
    ("单位.在职职工人数 in [1..返还比例]", "wrong-unit"),
    ("单位.企业规模 > 3", "wrong-type"),
    ('单位.企业规模 < "小型"', "wrong-type"),
    ("单位.企业规模 + 1", "wrong-type"),
    ('重点群体 = ["农民工"]', "wrong-type"),
    ("办理日期 > 2022", "wrong-type"),
    ("办理日期.hour", "wrong-type"),
    ("sum(见习名单)", "wrong-type"),
    ("max(见习名单.见习月数)", "wrong-type"),
    ("重点群体[1]", "wrong-type"),
    ('["农民工", 1]', "wrong-type"),
    ('单位.企业规模 = "小型企业"', "bad-choice"),
    ('单位.企业规模 in ("小型", "徽型")', "bad-choice"),
    ('list contains(个人.人员类别, "农民")', "unknown-name"),
    ('count(见习名单[has any(个人.人员类别, ["农民工", "工人", "退役"])])', "bad-choice bad-choice"),
    ('add months(办理日期, 1, "early")', "bad-choice"),
    ("单位.企业规模 and 单位.劳务派遣单位", "not-boolean"),
    ("not(1)", "not-boolean"),
    ("if 1 then 2 else 3", "not-boolean"),
    ("count(见习名单[见习.见习月数]) > 1", "not-boolean"),
    ("每人标准 / 单位.在职职工人数", "unguarded-division"),
    ("if 单位.在职职工人数 >= 0 then 1 / 单位.在职职工人数 else 0", "unguarded-division"),
    ("if 单位.在职职工人数 > 0 or 单位.劳务派遣单位 then 1 / 单位.在职职工人数 else 0", "unguarded-division"),
    ("1 / 0", "unguarded-division"),
    ("count(见习名单[floor(6 / 见习.见习月数) >= 0])", "unguarded-division"),
    ("单位.上年末参保人数 / 单位.上年初参保人数 <= 返还比例", "ratio-by-division"),
    ("1 - 单位.上年末参保人数 / 单位.上年初参保人数 in [0..1]", "ratio-by-division"),
    ("(if 单位.在职职工人数 > 0 then 每人标准 / 单位.在职职工人数 else 0) > 1", "ratio-by-division"),
    ('办理日期 - @"P3M"', "month-arithmetic"),
    ("办理日期 + 最短合同月数", "month-arithmetic"),
    ("办理日期 + 30", "month-arithmetic"),
    ("单位.企业规摸", "unknown-fact"),
    ("见习名单.月数", "unknown-fact"),
    ("企业.企业规模", "unknown-name"),
    ("最短合同月", "unknown-name"),
    ("单位", "unknown-name"),
    ("见习.留用", "unknown-name"),
    ('lookup("最低工资标准.日", 办理地区, 办理日期)', "unknown-name"),
    ('lookup("最低工资标准.月", 办理地区)', "arity"),
    ('lookup("划型.下限", 单位.行业代码)', "arity"),
    ("lookup(单位.单位名称, 单位.行业代码)", "arity"),
    ("abs()", "arity"),
    ("not(true, false)", "arity"),
    ("min()", "arity"),
    ("2 ** 3", "not-in-fragment"),
    ("{a: 1}", "not-in-fragment"),
    ("for x in 见习名单 return x", "not-in-fragment"),
    ("some x in 见习名单 satisfies x.留用", "not-in-fragment"),
    ("function(x) x", "not-in-fragment"),
    ("1 instance of number", "not-in-fragment"),
    ("[1..2]", "not-in-fragment"),
    ('办理日期 + @"P1D" * 单位.在职职工人数', "not-in-fragment"),
    ('办理日期 + 办理日期.year * @"P1D"', "not-in-fragment"),
    ("round half up(每人标准, 单位.在职职工人数)", "not-in-fragment"),
    ("round half up(每人标准, 7000)", "not-in-fragment"),
    ('upper case("a")', "not-in-fragment"),
    ('date("2022-01-01")', "not-in-fragment"),
    ("abs(n: 1)", "not-in-fragment"),
    ('@"2022-01-01T08:00:00"', "not-in-fragment"),
    ('@"PT8H"', "not-in-fragment"),
    ("甲 + 乙 > 丙", "unknown-name unknown-name unknown-name"),
    ("甲 and 1 / 单位.在职职工人数", "unknown-name not-boolean unguarded-division"),
]


def codes(expression: str, names: Names = NAMES, expected: Type | None = None) -> str:
    checked = check(parse(expression, policy=True), names, expected)
    return " ".join(problem.code for problem in checked.problems)


@pytest.mark.parametrize(("expression", "expected"), TYPES, ids=[row[0] for row in TYPES])
def test_it_gives_the_type(expression: str, expected: Type) -> None:
    checked = check(parse(expression, policy=True), NAMES)
    assert (checked.problems, checked.type) == ((), expected)


@pytest.mark.parametrize(("expression", "expected"), PROBLEMS, ids=[row[0] for row in PROBLEMS])
def test_it_collects_the_problems(expression: str, expected: str) -> None:
    assert sorted(codes(expression).split()) == sorted(expected.split())


def test_it_checks_against_the_expected_type() -> None:
    assert codes("单位.在职职工人数", expected=Boolean()) == "not-boolean"
    assert codes("单位.在职职工人数", expected=unit("元")) == "wrong-unit"
    assert codes("办理日期", expected=unit("元")) == "wrong-type"
    assert codes('"特大型"', expected=Choice(("大型", "中型"))) == "bad-choice"
    assert codes("1500", expected=unit("元/人")) == ""


def test_what_is_assumed_guards_a_division() -> None:
    expression = "1 - 单位.上年末参保人数 / 单位.上年初参保人数"
    where = parse("单位.上年初参保人数 > 0", policy=True)
    tree = parse(expression, policy=True)
    assert check(tree, NAMES, unit("比率"), assuming=where).problems == ()
    assert check(tree, NAMES, unit("比率")).problems[0].code == "unguarded-division"


def test_what_is_known_of_one_row_guards_no_other() -> None:
    inside = "count(见习名单[floor(6 / 见习.见习月数) >= 0])"
    tree = parse(f"if 见习.见习月数 > 0 then {inside} else 0", policy=True)
    names = replace(NAMES, visible=None)
    assert [p.code for p in check(tree, names).problems] == ["unguarded-division"]
    guarded = "count(见习名单[见习.见习月数 > 0 and floor(6 / 见习.见习月数) >= 0])"
    assert codes(guarded, names) == ""


def test_the_sum_of_no_rows_is_zero() -> None:
    tree = check(parse("sum(见习名单[见习.留用].见习月数)", policy=True), NAMES).node
    assert evaluate(tree, NoRows(), POLICY) == 0


def test_it_resolves_names() -> None:
    checked = check(parse("count(见习名单[见习.留用]) > 份数", policy=True), NAMES)
    retained = nodes.Fact("internship", "retained")
    rows = nodes.Filter(nodes.Rows("internship"), retained)
    count = nodes.Call(nodes.Name("count"), (rows,))
    assert checked.node == nodes.Binary(">", count, nodes.Name("份数"))
    assert free_facts(checked.node)[0].label == "见习.留用"


def test_a_column_of_rows_is_kept_by_its_key() -> None:
    checked = check(parse("sum(见习名单.见习月数)", policy=True), NAMES)
    assert nodes.children(checked.node)[1] == nodes.Path(nodes.Rows("internship"), "months")


def test_a_checked_tree_checks_again() -> None:
    for expression, _ in TYPES:
        once = check(parse(expression, policy=True), NAMES)
        assert check(once.node, NAMES) == once


def test_a_figure_has_the_type_of_its_parameter() -> None:
    figure = nodes.Figure("每人标准", parse("1500", policy=True))
    assert check(figure, NAMES).type == unit("元/人")
    assert check(nodes.Binary("/", parse("1", policy=True), figure), NAMES).problems == ()


def test_free_facts_are_distinct_and_in_source_order() -> None:
    text = "单位.上年末参保人数 * 2 > 单位.在职职工人数 + 单位.上年末参保人数"
    found = free_facts(check(parse(text, policy=True), NAMES).node)
    assert [fact.key for fact in found] == ["insured_end", "staff"]


class NoRows(dict[str, object]):
    """A scope in which no entity has a row."""

    def rows(self, entity: str) -> object:
        return []


class EmployerOnly(dict[str, object]):
    """A scope of one employer's facts."""

    def fact(self, entity: str, key: str) -> object:
        return self[key]


def expressions(depth: int) -> tuple[st.SearchStrategy[str], st.SearchStrategy[str]]:
    """Texts that are mostly well-typed numbers, and conditions."""
    if depth == 0:
        numbers = st.sampled_from(["单位.在职职工人数", "单位.上年初参保人数", "0", "3", "0.5"])
        return numbers, st.sampled_from(["单位.劳务派遣单位", "true", '单位.企业规模 = "小型"'])
    n, b = expressions(depth - 1)
    operators = st.sampled_from(["<", "<=", "=", "!=", ">"])
    return (
        n
        | st.builds("({} {} {})".format, n, st.sampled_from("+-*/"), n)
        | st.builds("(if {} then {} else {})".format, b, n, n)
        | st.builds("(if {} > 0 then {} / {} else 0)".format, n, n, n)
        | st.builds("min({}, {})".format, n, n),
        b
        | st.builds("({} {} {})".format, n, operators, n)
        | st.builds("({} {} {})".format, b, st.sampled_from(["and", "or"]), b)
        | st.builds("not({})".format, b)
        | st.builds("({} in [{}..{}))".format, n, n, n),
    )


HEADCOUNTS = st.sampled_from([UNKNOWN, Decimal(0), Decimal(1), Decimal(4)])


@given(st.one_of(expressions(3)), HEADCOUNTS, HEADCOUNTS, st.sampled_from([UNKNOWN, True, False]))
def test_what_passes_cannot_fail_on_data(text: str, a: object, b: object, c: object) -> None:
    checked = check(parse(text, policy=True), NAMES)
    if not checked.problems:
        facts = EmployerOnly(staff=a, insured_start=b, labour_dispatch=c, size="小型")
        evaluate(checked.node, facts, POLICY)


def message(case: Path, text: str, problem: Problem) -> str:
    before, start = text[: problem.span.start], text.rfind("\n", 0, problem.span.start) + 1
    return format_diagnostic(
        Diagnostic(
            problem.code,
            problem.message,
            problem.hint,
            case.name,
            line=before.count("\n") + 1,
            column=problem.span.start - start + 1,
            length=problem.span.end - problem.span.start,
            source_line=text[start:].split("\n")[0],
        )
    )


@pytest.mark.parametrize("case", sorted(BAD.glob("*.feel")), ids=lambda path: path.stem)
def test_messages(case: Path) -> None:
    """`bad/NAME.feel` is one expression; `bad/NAME.txt` is what is said about it."""
    text = case.read_text(encoding="utf-8")
    problems = check(parse(text, policy=True), NAMES, Boolean()).problems
    said = [message(case, text, problem) + "\n" for problem in problems]
    assert "".join(said) == case.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", sorted(BAD.glob("*.feel")), ids=lambda path: path.stem)
def test_carets_stand_under_what_is_wrong(case: Path) -> None:
    """By display width: a Chinese character is two carets wide."""
    text = case.read_text(encoding="utf-8")
    for problem in check(parse(text, policy=True), NAMES, Boolean()).problems:
        line, carets = message(case, text, problem).splitlines()[1:3]
        wrong = text[problem.span.start : problem.span.end]
        assert carets.count("^") == display_width(wrong)
        assert display_width(line[: line.index(wrong)]) <= carets.index("^")


def test_every_code_has_a_message_on_record() -> None:
    on_record = "".join(path.read_text(encoding="utf-8") for path in BAD.glob("*.txt"))
    known = {code for _, expected in PROBLEMS for code in expected.split()}
    assert {code for code in known if f"error[{code}]" not in on_record} == set()
