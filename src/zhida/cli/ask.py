"""`zhida ask`: an interview that asks what could settle the most, and stops when nothing more can change."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from zhida.cli import inputs, layout
from zhida.cli.decide import print_warnings
from zhida.cli.tables import print_outcome
from zhida.decide import Problem
from zhida.decide.fact_values import Wrong, parse_date
from zhida.decide.read import build_case
from zhida.guide import wording
from zhida.guide.answers import NotUnderstood, parse_option
from zhida.guide.catalogue import documented_regions
from zhida.guide.interview import PAYEES, AskedFact, Interview, Turn, Unreadable, measures_for
from zhida.library import Library
from zhida.library.canonical import to_yaml

BACK, QUIT = ("<", "＜"), ("q", "Q", "退出")


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
    dialogue = Dialogue(library, out, data)
    try:
        dialogue.begin()
        dialogue.ask_on()
    except Quit:
        out.print()
    dialogue.finish(save)


def _check_save(path: str | None, problems: list[Problem]) -> None:
    """Before the interview, not after it."""
    if path is None:
        return
    folder = Path(path).parent
    if Path(path).is_dir() or not os.access(folder, os.W_OK):
        problems.append(Problem("--save", "file/unwritable", path, "a file in a folder that can be written"))


class Dialogue:
    """An interview on a terminal."""

    def __init__(self, library: Library, out: Console, base: dict[str, Any]) -> None:
        self.library, self.out = library, out
        self.interview = Interview(base)

    def begin(self) -> None:
        """Where, when and for whom, unless that is known."""
        base = dict(self.interview.base)
        if "region" not in base:
            codes = documented_regions(self.library)
            names = tuple(wording.region_name(self.library, code) for code in codes)
            self.know(region=codes[self.choose("在哪里办理？", names)])
        if "on" not in base:
            self.know(on=self.day())
        if not base.keys() - {"region", "on"}:
            parties = tuple(PAYEES)
            payee = PAYEES[parties[self.choose("为谁测算？", parties)]]
            self.interview = replace(self.interview, measures=measures_for(self.library, payee))

    def know(self, **more: Any) -> None:
        self.interview = replace(self.interview, base={**self.interview.base, **more})

    def ask_on(self) -> None:
        """Question after question until none is left that could change anything."""
        while (turn := self.turn()).question is not None:
            try:
                self.ask(turn, turn.question)
            except Back:
                self.interview = self.interview.back()

    def turn(self) -> Turn:
        try:
            return self.interview.turn(self.library)
        except Unreadable as unreadable:
            inputs.fail(unreadable.problems)

    def ask(self, turn: Turn, question: AskedFact) -> None:
        """One question, again until it is understood."""
        self.out.print()
        layout.print_wrapped(self.out, f"[{turn.progress}] {question.text}", 0, 2, "bold")
        if question.help:
            layout.print_wrapped(self.out, question.help, 2)
        self.show_options(question.options)
        if question.several:
            self.out.print("  可以选几个，用空格隔开；都不是填 0。")
        while True:
            try:
                self.interview = self.interview.answered(self.library, question.key, self.line())
                return
            except NotUnderstood as reason:
                self.out.print(f"  {reason}。")

    def show_options(self, choices: tuple[str, ...]) -> None:
        """As many on a line as fit; none is broken."""
        layout.print_packed(self.out, [f"{n} {choice}" for n, choice in enumerate(choices, 1)])

    def finish(self, save: str | None) -> None:
        """What came of it, as far as it went."""
        if {"region", "on"} <= self.interview.base.keys():
            outcome = self.turn().outcome
            print_warnings(outcome)
            self.out.print()
            print_outcome(self.library, replace(outcome, next_question=None))
        if save:
            Path(save).write_text(to_yaml(self.interview.data()), encoding="utf-8")
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
