from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.audit.protection import Kept
from zhida.service.surface.navigation import Entry


class ProactiveConfig(AppConfig):
    name = "zhida.service.proactive"
    label = "proactive"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("proactive:runs", _("免申即享"), action="see proactive"),
        Entry("proactive:mine", _("免申即享"), action="confirm proactive"),
    )
    sealed_chains = ("zhida.service.proactive.sealing.findings",)
    kept_tables = (
        Kept(
            "proactive_candidate",
            fixed=(
                "run_id", "number", "employer_id", "person_id", "unit", "row", "region", "verdict", "amount",
                "missing", "digest", "link",
            ),
        ),  # facts are sealed anew when keys are changed; their digest is not
    )  # fmt: skip
    audit_actions = {  # noqa: RUF012
        "screening started": _("发起免申即享筛查"),
        "screening resumed": _("继续免申即享筛查"),
        "screening given up": _("放弃免申即享筛查"),
        "screening stopped": _("免申即享筛查停止"),
        "candidates frozen": _("固定候选名单"),
        "candidates exported": _("导出候选名单"),
        "candidate viewed": _("查看候选"),
        "candidate confirmed": _("确认享受"),
        "candidate opted out": _("放弃享受"),
        "candidate excluded": _("剔除候选"),
        "candidate taken back": _("恢复候选"),
        "block chased": _("催办受阻事项"),
        "cases opened": _("免申即享开案"),
    }
