from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.surface.navigation import Entry


class RegistryConfig(AppConfig):
    name = "zhida.service.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("registry:measures", _("公开清单"), carries_place=True),
        Entry("registry:mine", _("我的单位"), action="apply"),
        Entry("registry:employers", _("登记信息"), action="see registry"),
        Entry("registry:imports", _("导入"), action="import registry"),
        Entry("registry:representations", _("代表核实"), action="verify representation"),
    )
    audit_actions = {  # noqa: RUF012
        "registry/import received": _("上传导入文件"),
        "registry/import staged": _("读取导入文件"),
        "registry/import refused": _("导入文件不能用"),
        "registry/import confirmed": _("确认导入"),
        "registry/import resumed": _("继续导入"),
        "registry/import dropped": _("放弃导入"),
        "registry/import": _("导入一段"),
        "registry/import finished": _("导入完成"),
        "registry/errors downloaded": _("下载有误的行"),
        "registry/opened": _("查看完整个人信息"),
        "registry/person looked for": _("按号码查人"),
        "registry/exported": _("导出登记信息"),
        "representation claimed": _("申请代表关系"),
        "representation verified": _("核实代表关系"),
        "representation refused": _("代表关系未通过"),
        "representation ended": _("解除代表关系"),
    }
