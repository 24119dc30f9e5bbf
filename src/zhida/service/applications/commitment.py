"""What an applicant promises by submitting: that it is true and the conditions hold; what follows if not.

The text is Chinese in every language of the pages: it is what is signed.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhida.decide.decision import Decision

PROMISED = "承诺"


def commitment_of(name: str, decisions: Iterable[Decision]) -> str:
    """The text, one promise a line; the conditions of measures decided on a promise are listed in it."""
    decisions = list(decisions)
    titles = "、".join(f"“{decision.rule.title}”" for decision in decisions)
    promises = [
        "所填内容和所交材料真实、准确、完整，没有隐瞒。",
        "已经知道各项政策的条件、金额和办理程序，愿意按程序接受审核、公示和事后核查。",
        "没有用同一事项、同一人员重复申领不能同时享受的补贴。",
        *(_conditions(decision) for decision in decisions if is_promised(decision)),
        "所作承诺不实的，愿意退回已经领取的资金，并承担相应的法律责任；不实承诺依照规定记入信用记录。",
    ]
    numbered = (f"（{number}）{text}" for number, text in enumerate(promises, 1))
    return "\n".join([f"{name or '申请人'}申请办理{titles}，并承诺：", *numbered])


def _conditions(decision: Decision) -> str:
    conditions = "；".join(condition.label for condition in decision.rule.conditions)
    return f"“{decision.rule.title}”实行告知承诺，确认符合下列条件：{conditions}。"


def is_promised(decision: Decision) -> bool:
    """Whether the provision is handled on a promise (告知承诺) and checked afterwards."""
    procedure = decision.rule.procedure
    return procedure is not None and procedure.mode == PROMISED
