"""The interview: the most useful question next, answers checked, an end as soon as nothing can change."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import Result

from .conftest import ROOT, Run, Write

PERSON = "正宁县（621025）\n2022-09-20\n2\n"  # 正宁县, a day, 个人


def interview(run: Run, answers: str, *arguments: object) -> Result:
    result = run("ask", *arguments, input=answers)
    assert result.exit_code == 0, result.output
    return result


def questions(result: Result) -> list[str]:
    return [line.partition("] ")[2] for line in result.stdout.splitlines() if line.startswith("[已理清")]


def test_it_asks_where_when_and_for_whom_first(run: Run) -> None:
    text = interview(run, PERSON + "q\n").stdout
    assert text.index("在哪里办理？") < text.index("按哪一天办理？") < text.index("为谁测算？")
    assert " 正宁县（621025）" in text
    assert "稳岗返还" not in text  # that is for employers


def test_what_is_known_is_not_asked(run: Run) -> None:
    text = interview(run, "q\n", ROOT / "examples" / "1-restaurant.yaml").stdout
    assert "在哪里办理？" not in text
    assert "本单位属于哪种类型？" not in text


def test_what_is_not_known_is_asked_once(run: Run) -> None:
    result = interview(run, PERSON + "\n" * 60)
    asked = questions(result)
    assert len(asked) > 5
    assert len(asked) == len(set(asked))
    assert "还差信息" in result.stdout or "没有填写" in result.stdout
    assert "下一个值得问的问题" not in result.stdout


def test_it_stops_when_nothing_can_change(run: Run, write: Write) -> None:
    case = {"region": "621025", "on": "2026-01-01", "applicant": {"unemployed": False}}
    case |= {key: [] for key in ("ventures", "certificates", "loans", "trainings", "hires", "internships")}
    case |= {key: [] for key in ("placements", "bases")}
    result = interview(run, "?\n" * 80, write(case))
    assert result.stdout.count("> \n") == 0  # the input did not run out


def test_bad_answers_are_explained_and_asked_again(run: Run, write: Write) -> None:
    case = {"region": "621025", "on": "2022-10-01", "employer": {"org_type": "企业"}, "hires": []}
    answers = "H6X\nH62\nq\n"
    text = interview(run, answers, write(case)).stdout
    assert "号码或代码不对，请核对。" in text
    assert text.count("主营业务属于哪个行业") == 1


def test_back_asks_the_question_before_again(run: Run, write: Write) -> None:
    case = {"region": "621025", "on": "2022-10-01", "employer": {}}
    asked = questions(interview(run, "1\n<\n2\nq\n", write(case)))
    assert asked[0] == asked[2] == "本单位属于哪种类型？"
    assert asked[1] != asked[0]


def test_lists_are_asked_as_a_number_and_then_item_by_item(run: Run, tmp_path: Path, write: Write) -> None:
    case = {"region": "621025", "on": "2022-09-20", "applicant": {}}
    case |= {
        key: [] for key in ("ventures", "loans", "trainings", "hires", "internships", "placements", "bases")
    }
    save = tmp_path / "saved.yaml"
    known = json.dumps(case)
    asked = questions(interview(run, "\n" * 90, write(known)))
    place = next(i for i, question in enumerate(asked) if question.startswith("有几项证书要办理"))
    text = interview(run, "\n" * place + "２\nq\n", write(known), "--save", save).stdout
    assert f"已保存到 {save}" in text
    assert "- {id: c1}\n- {id: c2}\n" in save.read_text(encoding="utf-8")


def test_the_saved_case_decides_the_same(run: Run, tmp_path: Path) -> None:
    save = tmp_path / "saved.yaml"
    example = ROOT / "examples" / "2-manufacturer.yaml"
    interview(run, "\n" * 3 + "q\n", example, "--save", save)
    first, second = (json.loads(run("decide", path, "--json").stdout) for path in (example, save))
    assert first == second


def test_the_end_of_input_ends_the_interview(run: Run) -> None:
    result = interview(run, PERSON)
    assert "政策库" in result.stdout


def test_a_contradicting_answer_is_refused(run: Run, write: Write) -> None:
    case = "region: 621025\non: 2022-10-01\nhires: [{id: h1, person: {born_on: 2000-01-01}}]\n"
    case += "employer: {org_type: 企业, size: 小型, industry: H62}\n"
    result = interview(run, "\n" * 50, write(case))
    hired = next(i for i, q in enumerate(questions(result)) if q == "招用 h1 这名职工是哪一天招用的？")
    text = interview(run, "\n" * hired + "1999-01-01\n2022-12-01\n2022年7月1日\nq\n", write(case)).stdout
    assert "不能早于出生日期。" in text
    assert "不能晚于办理日期。" in text


def test_bad_input_is_refused_before_the_first_question(run: Run, write: Write, tmp_path: Path) -> None:
    result = run("ask", write({"employer": {"size": "小形"}}), "--on", "x", "--save", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    codes = [line.split(": ")[1] for line in result.stderr.splitlines()]
    assert codes == ["type/date", "file/unwritable", "choice/unknown"]
