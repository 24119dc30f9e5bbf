from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from zhida.service.surface.navigation import Entry


class AccountsConfig(AppConfig):
    name = "zhida.service.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    navigation = (
        Entry("accounts:people", _("用户"), action="manage accounts"),
        Entry("accounts:agencies", _("机构"), action="manage accounts"),
        Entry("accounts:trail", _("审计"), action="see audit"),
    )
    audit_actions = {  # noqa: RUF012
        "registered": _("注册"),
        "logged in": _("登录"),
        "logged out": _("退出"),
        "logged out elsewhere": _("退出其他设备"),
        "log-in failed": _("登录失败"),
        "locked out": _("登录被锁定"),
        "password changed": _("修改密码"),
        "identity linked": _("绑定统一身份"),
        "refused": _("无权限被拒"),
        "user created": _("新增用户"),
        "user activated": _("启用用户"),
        "user deactivated": _("停用用户"),
        "user renamed": _("修改用户姓名"),
        "user unlocked": _("解锁用户"),
        "password reset": _("重置密码"),
        "appointment granted": _("授予任职"),
        "appointment revoked": _("撤销任职"),
        "agency created": _("新增机构"),
        "agency changed": _("修改机构"),
        "office created": _("新增科室"),
        "office changed": _("修改科室"),
        "applicants listed": _("查看申请人名单"),
        "applicant seen": _("查看申请人账号"),
        "audit exported": _("导出审计记录"),
        "keys rotated": _("更换密钥"),
    }
