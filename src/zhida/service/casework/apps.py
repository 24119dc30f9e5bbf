from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.cases.states import TRANSITIONS
from zhida.service.surface.navigation import Entry


class CaseworkConfig(AppConfig):
    name = "zhida.service.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("casework:bench", _("工作台"), action="see cases"),
        Entry("casework:samples", _("事后核查"), action="check samples"),
    )
    audit_actions = {  # noqa: RUF012
        **{f"case: {move.name}": move.label for move in TRANSITIONS},
        "case assigned": _("分派案件"),
        "case viewed": _("查看案件"),
        "case decided again": _("按现行政策重算"),
        "history viewed": _("查看享受记录"),
        "cases exported": _("导出案件"),
        "cases searched": _("查找案件"),
        "case printed": _("打开审批表"),
        "sample drawn": _("抽取事后核查样本"),
        "check found": _("登记核查结论"),
    }
