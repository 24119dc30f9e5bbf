"""The shape of a procedure: how a measure reaches people, step by step, and what each step does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from zhida.library.strict import Strict

Task = Literal[
    "apply",
    "confirm",
    "screen",
    "notify",
    "intake",
    "review",
    "first-review",
    "second-review",
    "final-review",
    "visit",
    "refer",
    "publicity",
    "pay",
    "settle",
    "advance",
    "lend",
    "execute",
    "fund",
    "repay",
    "check-after",
    "train",
]
"""What a step of a procedure does with a case; docs/policy-files.md has the words of the texts for each."""


def _each_once(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    for task in tasks:
        if tasks.count(task) > 1:
            raise ValueError(f"found {task} twice, expected each task once")
    return tasks


class Step(Strict):
    """One step as it is printed: `tasks` in the order in which they are done, `days` in workdays."""

    actor: str
    action: str
    tasks: Annotated[tuple[Task, ...], Field(min_length=1), AfterValidator(_each_once)]
    days: int | None = None
    interpretation: str | None = None

    @property
    def publicity(self) -> bool:
        """Whether the list or result is published in this step (公示)."""
        return "publicity" in self.tasks


class Procedure(Strict):
    """How a measure reaches people: mode, steps in order, where the money goes.

    `commitment`: the applicant has to give a written undertaking (承诺).
    """

    mode: Literal["免申即享", "申请", "承诺", "线上", "线下", "窗口", "系统配置"]
    channel: str = ""
    commitment: bool = False
    steps: tuple[Step, ...] = ()
    publicity_days: int | None = None
    publicity_interpretation: str | None = None
    payee_account: str = ""
