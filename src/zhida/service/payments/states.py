"""The life of a payment and of a batch, as tables."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhida.service.payments.moves import Move


class PaymentState(models.TextChoices):
    PLANNED = "planned", _("待预留")
    RESERVED = "reserved", _("已预留")
    PAYABLE = "payable", _("待支付")
    BATCHED = "batched", _("支付中")
    PAID = "paid", _("已支付")
    RETURNED = "returned", _("退票")
    STOPPED = "stopped", _("已停发")
    CANCELLED = "cancelled", _("已取消")


class BatchState(models.TextChoices):
    MADE = "made", _("待复核")
    CHECKED = "checked", _("已复核")
    EXPORTED = "exported", _("已送银行")
    SETTLED = "settled", _("已对账")
    CANCELLED = "cancelled", _("已作废")


class RecoveryState(models.TextChoices):
    OPEN = "open", _("追回中")
    RECEIVED = "received", _("已追回")
    WAIVED = "waived", _("已撤销")
    WRITTEN_OFF = "written-off", _("已核销")


class Outcome(models.TextChoices):
    """What became of one line of a batch."""

    WAITING = "waiting", _("待回盘")
    PAID = "paid", _("成功")
    RETURNED = "returned", _("失败")
    CANCELLED = "cancelled", _("未送出")


S = PaymentState
MOVED_BY: dict[tuple[PaymentState, PaymentState], Move | None] = {
    (S.PLANNED, S.RESERVED): Move.RESERVE,
    (S.RESERVED, S.PAYABLE): Move.APPROVE,
    (S.PAYABLE, S.BATCHED): None,
    (S.BATCHED, S.PAYABLE): None,
    (S.BATCHED, S.PAID): Move.PAY,
    (S.BATCHED, S.RETURNED): None,
    (S.RETURNED, S.PAYABLE): None,
    (S.PLANNED, S.STOPPED): None,
    (S.RESERVED, S.STOPPED): Move.RELEASE,
    (S.PLANNED, S.CANCELLED): None,
    (S.RESERVED, S.CANCELLED): Move.RELEASE,
}
"""Which change of a payment's state moves which money; a change that is not here is not possible."""

ENDED = frozenset({S.STOPPED, S.CANCELLED})
"""States in which nothing is owed by a payment any more. A stopped one is not planned again; a cancelled one
is, once its case is approved again."""
