"""One case decided: verdict, exact amount, reasons, what is missing and what to ask next."""

from zhida.decide.case import Case
from zhida.decide.decision import Decision, Outcome, to_json
from zhida.decide.engine import decide, decide_rule
from zhida.decide.input import Problem
from zhida.decide.judge import Judge
from zhida.decide.read import build_case, read_case
from zhida.decide.text import to_text

__all__ = [
    "Case",
    "Decision",
    "Judge",
    "Outcome",
    "Problem",
    "build_case",
    "decide",
    "decide_rule",
    "read_case",
    "to_json",
    "to_text",
]
