"""The one table of what may happen to money in a fund."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """Where money of a fund stands. `OUTSIDE` is whoever provides it and takes it back."""

    OUTSIDE = "outside", _("拨入来源")
    AVAILABLE = "available", _("可用")
    RESERVED = "reserved", _("已预留")
    PAYABLE = "payable", _("待支付")
    PAID = "paid", _("已支付")
    RECEIVABLE = "receivable", _("待追回")
    WRITTEN_OFF = "written-off", _("已核销")


class Move(models.TextChoices):
    BUDGET = "budget", _("下达预算")
    CUT = "cut", _("收回预算")
    RESERVE = "reserve", _("预留")
    RELEASE = "release", _("释放预留")
    APPROVE = "approve", _("确认应付")
    REVOKE = "revoke", _("撤销应付")
    PAY = "pay", _("支付成功")
    RETURN = "return", _("退票退回")
    CLAIM = "claim", _("认定追回")
    WAIVE = "waive", _("撤销追回")
    RECOVER = "recover", _("追回到账")
    WRITE_OFF = "write-off", _("核销")


ROUTES: dict[Move, tuple[Standing, Standing]] = {
    Move.BUDGET: (Standing.OUTSIDE, Standing.AVAILABLE),
    Move.CUT: (Standing.AVAILABLE, Standing.OUTSIDE),
    Move.RESERVE: (Standing.AVAILABLE, Standing.RESERVED),
    Move.RELEASE: (Standing.RESERVED, Standing.AVAILABLE),
    Move.APPROVE: (Standing.RESERVED, Standing.PAYABLE),
    Move.REVOKE: (Standing.PAYABLE, Standing.RESERVED),
    Move.PAY: (Standing.PAYABLE, Standing.PAID),
    Move.RETURN: (Standing.PAID, Standing.PAYABLE),
    Move.CLAIM: (Standing.PAID, Standing.RECEIVABLE),
    Move.WAIVE: (Standing.RECEIVABLE, Standing.PAID),
    Move.RECOVER: (Standing.RECEIVABLE, Standing.AVAILABLE),
    Move.WRITE_OFF: (Standing.RECEIVABLE, Standing.WRITTEN_OFF),
}

AFTER_CLOSING = frozenset({Move.CUT, Move.RELEASE, Move.CLAIM, Move.WAIVE, Move.RECOVER, Move.WRITE_OFF})
"""What a closed fund still allows: giving back and recovering, never a new obligation or payment."""
