"""`zhida ask`: an interview that asks what could settle the most, and stops when nothing more can change."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from zhida.cli import inputs, layout, wording
from zhida.cli.answers import NotUnderstood, options, parse_answer, parse_count, parse_option
from zhida.cli.catalogue import documented_regions
from zhida.cli.decide import print_warnings
from zhida.cli.tables import print_outcome
from zhida.decide import Outcome, Problem
from zhida.decide.decision import Question
from zhida.decide.engine import decide
from zhida.decide.fact_values import Wrong, parse_date
from zhida.decide.question import fact_of, next_question
from zhida.decide.read import build_case
from zhida.decide.worked import changed
from zhida.library import Library
from zhida.library.canonical import to_yaml
from zhida.library.model import FactDef

BACK, QUIT, UNSURE = ("<", "＜"), ("q", "Q", "退出"), ("", "?", "？", "不知道")
PARTIES = ("用人单位", "个人", "都看")
PAYEES = {0: "employer", 1: "person"}


class Back(Exception):
    """The person wants the question before."""


class Quit(Exception):
    """The person has had enough; so says the end of the input."""


def run(
    path: str | None, region: str | None, on: str | None, save: str | None, directory: str | None
) -> None:
    library = inputs.open_library(directory)
    overrides = inputs.read_overrides(library, region, on)
    data = dict(inputs.read_data(path, overrides.problems) or {}) if path else {}
    _check_save(save, overrides.problems)
    if overrides.region:
        data["region"] = overrides.region
    if overrides.on:
        data["on"] = overrides.on
    _, problems = build_case(library, {"region": "110000", "on": date.today(), **data})
    if overrides.problems or problems:
        inputs.fail([*overrides.problems, *problems])
    out = layout.console()
    out.print("不知道的直接回车，< 回到上一题，q 结束。")
    interview = Interview(library, out, data)
    try:
        interview.begin()
        interview.ask_on()
    except Quit:
        out.print()
    interview.finish(save)


def _check_save(path: str | None, problems: list[Problem]) -> None:
    """Before the interview, not after it."""
    if path is None:
        return
    folder = Path(path).parent
    if Path(path).is_dir() or not os.access(folder, os.W_OK):
        problems.append(Problem("--save", "file/unwritable", path, "a file in a folder that can be written"))


@dataclass(slots=True)
class Interview:
    """`answers` are (key, value), None for what is not known; `base` is what was known before."""

    library: Library
    out: Console
    base: dict[str, Any]
    measures: tuple[str, ...] = ()
    answers: list[tuple[str, Any]] = field(default_factory=list)

    def begin(self) -> None:
        """Where, when and for whom, unless that is known."""
        if "region" not in self.base:
            codes = documented_regions(self.library)
            names = tuple(wording.region_name(self.library, code) for code in codes)
            self.base["region"] = codes[self.choose("在哪里办理？", names)]
        if "on" not in self.base:
            self.base["on"] = self.day()
        if not self.base.keys() - {"region", "on"}:
            payee = PAYEES.get(self.choose("为谁测算？", PARTIES))
            known = self.library.measures.values()
            self.measures = tuple(m.definition.measure for m in known if payee in (None, m.definition.payee))

    def ask_on(self) -> None:
        """Question after question until none is left that could change anything."""
        while True:
            outcome = self.outcome()
            refused = {key for key, value in self.answers if value is None}
            question = next_question(self.library, outcome.decisions, refused)
            if question is None:
                return
            try:
                self.ask(question, outcome)
            except Back:
                if self.answers:
                    self.answers.pop()

    def ask(self, question: Question, outcome: Outcome) -> None:
        """One question, again until it is understood."""
        found = fact_of(self.library, question.fact)
        fact = found[1] if found else None
        self.show(question, fact, outcome)
        while True:
            answer = self.line()
            if answer in UNSURE:
                self.answers.append((question.fact, None))
                return
            try:
                value = (
                    parse_answer(fact, answer, self.base["on"]) if fact else self.rows(question.fact, answer)
                )
                self.keep(question.fact, value)
                return
            except NotUnderstood as reason:
                self.out.print(f"  {reason}。")

    def show(self, question: Question, fact: FactDef | None, outcome: Outcome) -> None:
        total = [d for d in outcome.decisions if d.verdict != "not_open"]
        settled = sum(d.verdict != "unknown" and not d.missing for d in total)
        self.out.print()
        owner = wording.owner_name(self.library, question.fact)
        text = question.text if fact else self.how_many(question.fact)
        progress = f"[已理清 {settled}/{len(total)} 项]"
        layout.print_wrapped(self.out, f"{progress} {owner}{text}", 0, 2, "bold")
        if fact and fact.help:
            layout.print_wrapped(self.out, fact.help, 2)
        if fact:
            self.show_options(options(fact))
            if fact.type == "set":
                self.out.print("  可以选几个，用空格隔开；都不是填 0。")

    def how_many(self, case_key: str) -> str:
        entity = self.library.entity_by_case_key(case_key)
        return f"有几项{entity.name if entity else case_key}要办理？没有填 0。"

    def show_options(self, choices: tuple[str, ...]) -> None:
        """As many on a line as fit; none is broken."""
        layout.print_packed(self.out, [f"{n} {choice}" for n, choice in enumerate(choices, 1)])

    def rows(self, case_key: str, answer: str) -> list[dict[str, str]]:
        return [{"id": f"{case_key[0]}{n}"} for n in range(1, parse_count(answer) + 1)]

    def keep(self, key: str, value: Any) -> None:
        """Take an answer, unless it contradicts another: nobody is hired before birth."""
        self.answers.append((key, value))
        _, problems = build_case(self.library, self.data())
        if problems:
            self.answers.pop()
            raise NotUnderstood(problems[0].code)

    def data(self) -> dict[str, Any]:
        """The case as far as it is known."""
        known: Mapping[str, Any] = self.base
        for key, value in self.answers:
            if value is not None:
                known = changed(known, {key: value})
        return dict(known)

    def outcome(self) -> Outcome:
        case, problems = build_case(self.library, self.data())
        if case is None:
            inputs.fail(problems)
        return decide(self.library, case, self.measures)

    def finish(self, save: str | None) -> None:
        """What came of it, as far as it went."""
        if {"region", "on"} <= self.base.keys():
            outcome = self.outcome()
            print_warnings(outcome)
            self.out.print()
            print_outcome(self.library, replace(outcome, next_question=None))
        if save:
            Path(save).write_text(to_yaml(self.data()), encoding="utf-8")
            self.out.print(f"\n已保存到 {save}")

    def choose(self, text: str, choices: tuple[str, ...]) -> int:
        self.out.print(f"\n{text}", style="bold")
        self.show_options(choices)
        while True:
            try:
                return parse_option(choices, self.line() or "1")
            except (NotUnderstood, Back):
                self.out.print("  请填选项前的数字。")

    def day(self) -> date:
        today = date.today()
        self.out.print(f"\n按哪一天办理？直接回车就是今天（{today}）。", style="bold")
        while True:
            try:
                return parse_date(self.line() or today)
            except (Wrong, Back):
                self.out.print("  请填年月日，如 2022-10-01。")

    def line(self) -> str:
        """One answer. Raises Back or Quit."""
        self.out.print("> ", end="")
        answer = sys.stdin.readline()
        if not sys.stdin.isatty():
            self.out.print(answer.rstrip("\n"))
        if not answer or answer.strip() in QUIT:
            raise Quit
        if answer.strip() in BACK:
            raise Back
        return answer.strip()
