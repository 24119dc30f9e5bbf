"""What changed in the law: every kind of change is told once, and writing it otherwise is none."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from zhida.feel.nodes import Literal
from zhida.library import Library, load
from zhida.library.assumed import assume, read_assumptions
from zhida.simulate.amendments import Amendment, amendments
from zhida.simulate.rule_statements import rule_statements
from zhida.simulate.statements import statements

from .changed import DEARER, RETENTION, ZHENGNING, Edit, edited

AUTUMN = date(2022, 10, 1)
BENEFIT: Edit = (
    "standards/unemployment-benefit.yaml",
    '{地区: "621025", 档次: 标准, from: 2022-07-01, to: 2023-12-31, 月标准: "1503"',
    '{地区: "621025", 档次: 标准, from: 2022-07-01, to: 2023-12-31, 月标准: "1603"',
)
HONEST = """\
- id: not-dishonest
  label: 没有严重失信记录
  when: not(单位.严重失信)
  interpretations: [A10]
"""


def after(folder: Path, *edits: Edit) -> Library:
    found, diagnostics = load(edited(folder, *edits))
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return found


def paths(found: tuple[Amendment, ...]) -> list[tuple[str, str, str, str]]:
    """(subject, kind of its change, path, kind) of everything that changed."""
    return [
        (amendment.subject.key, amendment.kind, ".".join(change.path), change.kind)
        for amendment in found
        for change in amendment.changes
    ]


def changed(library: Library, folder: Path, *edits: Edit) -> list[tuple[str, str, str, str]]:
    return paths(amendments(statements(library), statements(after(folder, *edits))))


def test_every_statement_has_a_key_of_its_own(library: Library):
    counted = Counter((s.subject.group, s.subject.key, s.path) for s in statements(library))
    assert [key for key, count in counted.items() if count > 1] == []
    assert len(counted) > 4000


def test_a_library_does_not_differ_from_itself(library: Library, tmp_path: Path):
    assert changed(library, tmp_path) == []


@pytest.mark.parametrize(
    "edit",
    [
        (ZHENGNING, "    每人标准: 1000\n", "    每人标准: '1000.00'\n"),
        (ZHENGNING, "    适用规模: [中型, 小型, 微型]\n", "    适用规模: [微型, 小型, 中型]\n"),
        (
            ZHENGNING,
            "document: ZN91\nnumber: 正人社发〔2022〕91号\n",
            "number: 正人社发〔2022〕91号\ndocument: ZN91\n",
        ),
        (RETENTION, "when: not(单位.严重失信)", "when: not( (单位.严重失信) )"),
        (
            RETENTION,
            "    单位.上年度裁员率 <= 裁员率上限\n    or ",
            "    (单位.上年度裁员率 <= 裁员率上限) or ",
        ),
        (RETENTION, 'times: "1"', 'times: "1.0"'),
        (RETENTION, "kind: one-off\n", "\nkind:   one-off\n"),
    ],
    ids=[
        "decimals",
        "order of a set",
        "order of keys",
        "brackets",
        "line breaks",
        "number in FEEL",
        "blanks",
    ],
)
def test_writing_it_otherwise_is_no_change(library: Library, tmp_path: Path, edit: Edit):
    assert changed(library, tmp_path, edit) == []


@pytest.mark.parametrize(
    "edit, expected",
    [
        (DEARER, ("ZN91/ZN91-002/hiring-subsidy", "changed", "figures.per_head", "changed")),
        (
            (ZHENGNING, "    最短合同月数: 12\n", ""),
            ("ZN91/ZN91-002/hiring-subsidy", "changed", "figures.min_contract_months", "removed"),
        ),
        (
            (ZHENGNING, "    每人标准: 1000\n", "    每人标准: {value: 1000, document: 甲文}\n"),
            ("ZN91/ZN91-002/hiring-subsidy", "changed", "figures.per_head", "changed"),
        ),
        (
            (
                ZHENGNING,
                "valid: {from: 2022-01-01, to: 2022-12-31}",
                "valid: {from: 2022-01-01, to: 2022-12-30}",
            ),
            ("ZN91/ZN91-002/hiring-subsidy", "changed", "valid", "changed"),
        ),
        (
            (ZHENGNING, "action: 审核材料，确认人员和企业规模", "action: 审核材料"),
            ("ZN91/ZN91-002/hiring-subsidy", "changed", "procedure.steps", "changed"),
        ),
        (
            (RETENTION, "单位.上年度裁员率 <= 裁员率上限\n", "单位.上年度裁员率 < 裁员率上限\n"),
            ("job-retention-refund", "changed", "conditions.layoff-rate.when", "changed"),
        ),
        (
            (RETENTION, "  label: 没有严重失信记录\n", "  label: 没有失信记录\n"),
            ("job-retention-refund", "changed", "conditions.not-dishonest.label", "changed"),
        ),
        (
            (
                RETENTION,
                "name: 小单位人数线, type: count, unit: 人",
                "name: 小单位人数线, type: count, unit: 人, default: 30",
            ),
            ("job-retention-refund", "changed", "parameters.small_headcount", "changed"),
        ),
        (
            ("vocabulary/employer.yaml", "  source: 统计局", "  source: 税务局"),
            ("employer.employees", "changed", "source", "changed"),
        ),
        (
            BENEFIT,
            ("unemployment-benefit", "changed", "rows.621025.标准.2022-07-01", "changed"),
        ),
        (
            ("interpretations/interpretations.yaml", "default: 终身", "default: 年度"),
            ("A28", "changed", "switches.身份使用范围", "changed"),
        ),
    ],
    ids=lambda value: value[0] if len(value) == 4 else "",
)
def test_each_kind_of_change_is_told_once(
    library: Library, tmp_path: Path, edit: Edit, expected: tuple[str, str, str, str]
):
    assert changed(library, tmp_path, edit) == [expected]


def test_a_condition_that_goes_is_removed_by_its_id(library: Library, tmp_path: Path):
    found = changed(library, tmp_path, (RETENTION, HONEST, ""))
    assert {(path.rpartition(".")[0], kind) for _, _, path, kind in found} == {
        ("conditions.not-dishonest", "removed")
    }


def test_the_order_of_conditions_is_told_because_it_gives_the_reason(library: Library, tmp_path: Path):
    found = changed(
        library, tmp_path, (RETENTION, HONEST, ""), (RETENTION, "conditions:\n", f"conditions:\n{HONEST}")
    )
    assert found == [("job-retention-refund", "changed", "conditions", "changed")]


def test_another_fact_name_does_not_change_the_conditions_that_read_it(library: Library, tmp_path: Path):
    renamed = after(tmp_path)
    path = ("employer", "seriously_dishonest")
    assert path in renamed.facts
    text = (tmp_path / "policies" / RETENTION).read_text(encoding="utf-8")
    assert "单位.严重失信" in text
    for file in (tmp_path / "policies").rglob("*.yaml"):
        content = file.read_text(encoding="utf-8")
        content = content.replace("单位.严重失信", "单位.失信严重").replace(
            "name: 严重失信\n", "name: 失信严重\n"
        )
        file.write_text(content, encoding="utf-8")
    renamed, diagnostics = load(tmp_path / "policies")
    assert not diagnostics
    found = paths(amendments(statements(library), statements(renamed)))
    assert found == [("employer.seriously_dishonest", "changed", "name", "changed")]


def test_a_document_that_is_gone_takes_its_provisions_and_duties_along(library: Library, tmp_path: Path):
    lesser, diagnostics = load(edited(tmp_path, without=["documents/210300"]))
    assert not diagnostics
    found = amendments(statements(library), statements(lesser))
    assert {amendment.kind for amendment in found} == {"removed"}
    assert {amendment.subject.group for amendment in found} == {"document", "provision", "duty"}
    back = amendments(statements(lesser), statements(library))
    assert [a.subject.key for a in back] == [a.subject.key for a in found]
    assert {amendment.kind for amendment in back} == {"added"}


def test_in_a_region_only_its_rules_are_compared(library: Library, tmp_path: Path):
    dearer = after(tmp_path, DEARER)
    found = amendments(*rule_statements(library, dearer, "621025", AUTUMN))
    assert paths(found) == [("hiring-subsidy", "changed", "figures.per_head", "changed")]
    [change] = found[0].changes
    assert change.before is not None and change.after is not None
    assert change.after.value == Literal(1200)
    assert change.after.source == "正人社发〔2022〕91号 一(一) ZN91-002"
    assert amendments(*rule_statements(library, dearer, "150200", AUTUMN)) == ()


def test_a_standard_counts_on_the_days_on_which_it_holds(library: Library, tmp_path: Path):
    raised = after(tmp_path, BENEFIT)
    found = amendments(*rule_statements(library, raised, "621025", AUTUMN))
    assert {path.split(".")[0] for _, _, path, _ in paths(found)} == {"standards"}
    assert amendments(*rule_statements(library, raised, "621025", date(2022, 6, 30))) == ()


def test_a_derived_fact_counts_where_a_rule_reads_it(library: Library, tmp_path: Path):
    edit = ("vocabulary/employer.yaml", 'else "微型"', 'else "小型"')
    found = paths(amendments(*rule_statements(library, after(tmp_path, edit), "621025", AUTUMN)))
    assert ("job-retention-refund", "changed", "derived.employer.size", "changed") in found
    assert "injury-rate-cut" not in {subject for subject, _, _, _ in found}


def test_an_assumption_is_a_change_with_its_source(library: Library):
    made = read_assumptions(library, ["稳岗返还.rate_small=80%"])
    found = amendments(*rule_statements(library, assume(library, made, "621025"), "621025", AUTUMN))
    [amendment] = found
    [change] = amendment.changes
    assert change.after is not None
    assert (change.after.label, change.after.source) == ("中小微企业返还比例", "假设（--set）")
