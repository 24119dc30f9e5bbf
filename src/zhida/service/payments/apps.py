from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.surface.navigation import Entry


class PaymentsConfig(AppConfig):
    name = "zhida.service.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("payments:due", _("支付"), action="see payments"),
        Entry("payments:batches", _("批次"), action="see payments"),
        Entry("payments:funds", _("资金"), action="see payments"),
    )
    sealed_chains = ("zhida.service.payments.verification.findings",)
    audit_actions = {  # noqa: RUF012
        "fund opened": _("开设资金"),
        "fund closed": _("关闭资金"),
        "money moved": _("资金变动"),
        "payments planned": _("安排支付"),
        "payments moved": _("支付状态变动"),
        "account corrected": _("更正收款账户"),
        "batch made": _("制单"),
        "batch checked": _("复核批次"),
        "batch cancelled": _("作废批次"),
        "batch exported": _("导出银行文件"),
        "bank result taken": _("导入银行结果"),
        "recovery opened": _("认定追回"),
        "recovery received": _("追回到账"),
        "recovery waived": _("撤销追回"),
        "recovery written-off": _("核销追回"),
    }
