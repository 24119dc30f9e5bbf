"""A broken policy file is told with file, line, column, a caret under the right character and a hint."""

from pathlib import Path

import pytest
from tests.library.broken import broken

from zhida.library import Library, load

HIRING = "measures/hiring-subsidy.yaml"
ZN91 = "documents/621025/ZN91.yaml"
AS3 = "documents/210300/AS3.yaml"


def test_the_project_library_is_clean_and_whole(library: Library) -> None:
    assert len(library.measures) >= 25
    assert library.calendar is not None
    assert len(library.hash) == 64


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "part"),
    [
        (HIRING, "单位.单位类型)", "单位.单位类形)", "feel/unknown-fact", "单位类形"),
        (HIRING, "招用.劳动合同月数 >= 最短合同月数", "招用.劳动合同月数 >= 每人标准",
         "feel/wrong-unit", "元"),
        (HIRING, "招用.劳动合同月数 >= 最短合同月数", "招用.劳动合同月数 >=", "syntax/", ""),
        (HIRING, "单位.企业规模 = \"未划型\"", "单位.企业规模 = \"巨型\"", "feel/bad-choice", "巨型"),
        (HIRING, "per: person}", "per: employer}", "measure/exclusion", "group per person"),
        (HIRING, "interpretations: [A19]", "interpretations: [A99]", "measure/interpretation", "A99"),
        (HIRING, "unit: hire\n", "unit: hier\n", "measure/unit", "hier"),
        (HIRING, "kind: one-off", "kind: one-of", "shape/value", "one-of"),
        (HIRING, "payee: employer\n", "paye: employer\n", "shape/unknown-key", "paye"),
        (HIRING, "- id: graduate\n", "- id: employer-size\n", "measure/duplicate", "employer-size"),
        (HIRING, "- name: 离校期内招用", "- name: 毕业年度内招用", "measure/duplicate", "毕业年度内招用"),
        (HIRING, "or 离校期内招用 or", "or 离校期内招聘 or", "feel/unknown-name", "离校期内招聘"),
        (HIRING, "value: 每人标准", "value: 最短合同月数", "measure/amount-unit", "月"),
        (ZN91, "每人标准: 1000", "每人标准: 一千", "document/figure", "一千"),
        (ZN91, "每人标准: 1000", "每人标谁: 1000", "document/figure", "每人标谁"),
        (ZN91, "适用规模: [中型, 小型, 微型]", "适用规模: [中型, 小形]", "document/figure", "小形"),
        (ZN91, "measure: hiring-subsidy", "measure: hiring-subsidi", "document/measure", "hiring-subsidi"),
        (ZN91, "from: 2022-01-01, to: 2022-12-31}", "from: 2022-12-31, to: 2022-01-01}",
         "document/window", ""),
        (ZN91, "{身份使用范围: 年度}", "{身份使用范围: 月度}", "document/switch", "月度"),
        (ZN91, "row: ZN91-006", "row: ZN91-002", "document/row", "ZN91-002"),
        ("vocabulary/employer.yaml", "单位.上年初参保人数 = 0", "单位.上年初无参保人数",
         "vocabulary/cycle", "上年初无参保人数"),
        ("vocabulary/employer.yaml", "listed_in: 行业名称", "listed_in: 行业类别", "vocabulary/list",
         "行业类别"),
        ("vocabulary/hire.yaml", "parents: [employer, person]", "parents: [employer, persons]",
         "vocabulary/parents", "persons"),
        ("vocabulary/hire.yaml", "parents: [employer, person]", "parents: [hire]",
         "vocabulary/parents", "hire"),
        (AS3, "upper: [辽政办发〔2020〕25号]", "upper: [辽政办发〔2020〕52号]", "document/upper", "52号"),
        (AS3, "upper: [辽政办发〔2020〕25号]", "upper: [正人社发〔2022〕91号]", "document/upper", "621025"),
        (AS3, "upper: [辽政办发〔2020〕25号]", "basis: [辽政办发〔2020〕25号]", "document/upper", "25号"),
        (AS3, "upper: [辽政办发〔2020〕25号]", "basis: [辽政办发(2020)52号]", "document/upper", "(2020)52号"),
        ("standards/minimum-wage.yaml", "月标准: \"1670\"", "月标准: 一六七零", "table/row", "bad row"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code(
    tmp_path: Path, file: str, old: str, new: str, code: str, part: str
) -> None:
    found = broken(tmp_path, file, old, new)
    matching = [d for d in found if d.code.startswith(code)]
    assert matching, "\n".join(map(str, found)) or "no diagnostic"
    assert part in matching[0].message
    assert matching[0].file.endswith(Path(file).name)
    assert matching[0].line > 0


def test_the_caret_stands_under_the_chinese_word(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "measures/workshop-hiring-reward.yaml",
        "has any(个人.人员类别, 适用人员)",
        "has any(个人.人员类别, 适用人圆)",
    )
    shown = str(found[0]).splitlines()
    assert shown[1] == "    when: has any(个人.人员类别, 适用人圆)"
    before = "    when: has any("
    assert shown[2] == " " * (len(before) + 2 * 6 + len(".") + len(", ")) + "^" * 8


def test_the_caret_finds_its_line_inside_a_block(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        "measures/startup-loan-micro.yaml",
        "and 单位.当年新招用符合创业担保贷款条件人数 >= 单位",
        "and 单位.没有这项 >= 单位",
    )
    assert "单位.没有这项" in found[0].source_line
    assert found[0].source_line[found[0].column - 1 :].startswith("单位.没有这项")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = broken(tmp_path, HIRING, "单位.单位类型)", "单位.甲) and 乙 and 1")
    assert len({d.code for d in found}) >= 2


def test_a_folder_without_a_library_says_so(tmp_path: Path) -> None:
    assert load(tmp_path)[1][0].code == "library/missing"
