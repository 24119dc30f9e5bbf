"""Procedures as data: what each step does with a case stands in its wording, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.library.broken import broken

from zhida.library import Library
from zhida.library.model import ProvisionDef
from zhida.library.procedure import Procedure, Step

ZN91 = "documents/621025/ZN91.yaml"
AFTERWARDS = re.compile("公示(结束后|没有异议的|无异议后)")
"""Where 公示 is behind the step and not in it."""

MONEY = frozenset({"pay", "settle", "advance", "lend"})
PAYING = re.compile("拨付|发放(?!表)|放款|支付|补发|预拨|再拨|先领|结清")
NO_PAYMENT = {"选择先垫后补或信用支付并申请"}
"""How the trainee wants to pay the school."""

WORDS = {
    "first-review": "初审|初核",
    "second-review": "复审|复核",
    "visit": "实地|现场",
    "advance": "预拨|再拨|先领",
    "lend": "放款|发放贷款",
    "check-after": "事后|追回",
    "repay": "补缴|恢复缴纳",
}
"""Tasks that stand in a text by one word or another, and in no other text."""


def procedures(library: Library) -> Iterator[tuple[str, Procedure]]:
    for document, _ in library.documents:
        for entry in (*document.provisions, *document.clarifications):
            if entry.procedure:
                yield f"{entry.row} {entry.measure}", entry.procedure


def steps(library: Library) -> list[Step]:
    return [step for _, procedure in procedures(library) for step in procedure.steps]


def test_every_step_has_its_tasks(library: Library) -> None:
    assert len(steps(library)) > 200
    assert [step.action for step in steps(library) if not step.tasks] == []


def test_a_step_that_says_publicity_is_one_and_no_other_is(library: Library) -> None:
    for step in steps(library):
        assert step.publicity == ("公示" in AFTERWARDS.sub("", step.action)), step.action


def test_money_moves_in_the_steps_that_say_so_and_in_no_other(library: Library) -> None:
    found = {step.action: not MONEY.isdisjoint(step.tasks) for step in steps(library)}
    for action, moves in found.items():
        assert moves == (PAYING.search(action) is not None and action not in NO_PAYMENT), action
    assert set(found) >= NO_PAYMENT


@pytest.mark.parametrize("task", WORDS)
def test_a_task_stands_in_the_words_of_its_step(library: Library, task: str) -> None:
    for step in steps(library):
        assert (task in step.tasks) == bool(re.search(WORDS[task], step.action)), step.action


def test_nobody_applies_where_the_measure_is_configured(library: Library) -> None:
    for name, procedure in procedures(library):
        tasks = {task for step in procedure.steps for task in step.tasks}
        assert (procedure.mode == "系统配置") == (tasks == {"execute"}), name


def test_a_commitment_is_demanded_where_the_papers_or_the_conditions_say_so(library: Library) -> None:
    demanded = {name for name, procedure in procedures(library) if procedure.commitment}
    in_words = {
        f"{p.row} {p.measure}" for document, _ in library.documents for p in document.provisions if _says(p)
    }
    # 包人社办发〔2022〕78号 三(一)1(1): the commitment to pay in full is a condition, not a paper.
    of_conditions = {
        "BT78-004 pension-deferral",
        "BT78-009 injury-deferral",
        "BT78-011 unemployment-deferral",
    }
    assert demanded == in_words | of_conditions


def _says(provision: ProvisionDef) -> bool:
    actions = [step.action for step in provision.procedure.steps] if provision.procedure else []
    return any("承诺" in text for text in (*provision.materials, *actions))


@pytest.mark.parametrize(
    ("old", "new", "code", "message", "shown"),
    [
        ("企业规模, tasks: [review]", "企业规模, tasks: [reviews]", "shape/value",
         "found 'reviews', expected 'apply', 'confirm', ", "reviews"),
        ("企业规模, tasks: [review]", "企业规模, tasks: []", "shape/value", "at least 1", "tasks"),
        ("企业规模, tasks: [review]", "企业规模, tasks: [review, review]", "shape/value",
         "found review twice", "tasks"),
        ("企业规模, tasks: [review]}", "企业规模}", "shape/missing-key", "missing key tasks", "企业规模"),
        ("tasks: [publicity]}", "tasks: [publicity], publicity: true}", "shape/unknown-key",
         "unknown key publicity", "publicity"),
        ("公示审核结果, tasks: [publicity]}", "公示审核结果, tasks: [notify]}", "document/procedure",
         "found publicity_days, expected a step with the task publicity", "publicity_days: 5"),
        ("    publicity_days: 5\n", "", "document/procedure",
         "found the task publicity, expected publicity_days", "公示审核结果"),
        ("    mode: 承诺\n    channel: 县社保局\n    commitment: true\n",
         "    mode: 承诺\n    channel: 县社保局\n", "document/procedure",
         "found the mode 承诺, expected commitment: true", "mode: 承诺"),
    ],
)  # fmt: skip
def test_a_procedure_that_does_not_fit_is_told(
    tmp_path: Path, old: str, new: str, code: str, message: str, shown: str
) -> None:
    found = [d for d in broken(tmp_path, ZN91, old, new) if d.code == code]
    assert found and message in found[0].message
    assert shown in found[0].source_line


def test_tasks_keep_their_order() -> None:
    step = Step(
        actor="省厅", action="审查、公示、认定并发放", tasks=("review", "publicity", "final-review", "pay")
    )
    assert step.tasks[-1] == "pay" and step.publicity


@pytest.mark.parametrize("tasks", [(), ("audit",), ("pay", "pay")])
def test_a_step_without_good_tasks_is_none(tasks: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate({"actor": "省厅", "action": "审查", "tasks": tasks})
