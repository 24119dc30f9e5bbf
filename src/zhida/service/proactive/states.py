"""The states of runs, candidates and blocks, and what may be done to a candidate in which."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """What a run does next; in FROZEN, OPENED and FAILED it does nothing by itself."""

    EXPORT = "export", _("导出登记信息")
    SCREEN = "screen", _("筛查")
    FREEZE = "freeze", _("逐户复算并固定名单")
    COMPARE = "compare", _("与上一次比较")
    FROZEN = "frozen", _("名单已固定")
    OPEN = "open", _("开案")
    ADVANCE = "advance", _("受理和比对")
    OPENED = "opened", _("已开案")
    FAILED = "failed", _("停止")


UNDER_WAY = (RunState.EXPORT, RunState.SCREEN, RunState.FREEZE, RunState.COMPARE)
"""Before its list stands. One run of a measure in a region at a time."""
LISTED = (RunState.FROZEN, RunState.OPEN, RunState.ADVANCE, RunState.OPENED)
"""Its list stands."""
BUSY = (*UNDER_WAY, RunState.OPEN, RunState.ADVANCE)


class CandidateState(models.TextChoices):
    READY = "ready", _("可开案")
    BLOCKED = "blocked", _("受阻")
    CONFIRMED = "confirmed", _("已确认")
    OPTED_OUT = "opted-out", _("已放弃")
    EXCLUDED = "excluded", _("已剔除")
    HELD = "held", _("已有案件")
    OPENED = "opened", _("已开案")


C = CandidateState
MAY: Mapping[str, frozenset[CandidateState]] = {
    "confirm": frozenset({C.READY, C.BLOCKED, C.OPENED}),
    "opt out": frozenset({C.READY, C.BLOCKED, C.CONFIRMED, C.OPENED}),
    "exclude": frozenset({C.READY, C.BLOCKED, C.CONFIRMED}),
    "take back": frozenset({C.OPTED_OUT, C.EXCLUDED}),
    "open": frozenset({C.READY, C.CONFIRMED}),
}
"""In which states a candidate may be confirmed, opted out, excluded, taken back, opened."""


class BlockKind(models.TextChoices):
    SIZE = "size", _("缺划型")
    ACCOUNT = "account", _("缺账户")
    DATA = "data", _("缺数据")
    LAW = "law", _("政策库变了")


class BlockState(models.TextChoices):
    OPEN = "open", _("待解决")
    SOLVED = "solved", _("已解决")


class Differing(models.TextChoices):
    CAME = "came", _("新进")
    LEFT = "left", _("退出")
    CHANGED = "changed", _("变动")
