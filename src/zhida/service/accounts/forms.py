"""Forms of log-in, registration, and of whoever administers accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhida.service.accounts.models import Agency, Appointment, Office, User
from zhida.service.accounts.permissions import Somebody, appointments_for
from zhida.service.accounts.roles import Role
from zhida.service.accounts.scope import covers
from zhida.service.accounts.usernames import OFFICIAL, is_phone_or_email, plain
from zhida.standards.regions import NATION, is_region_code

MANAGE = "manage accounts"
CHOOSE = ("", _("请选择"))
OFFICIAL_ROLES = [choice for choice in Role.choices if choice[0] != Role.APPLICANT]


class LogInForm(auth_forms.AuthenticationForm):
    error_messages = {  # noqa: RUF012
        "invalid_login": _("用户名或密码不对。"),
        "inactive": _("用户名或密码不对。"),
    }

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["username"].label = _("用户名")
        self.fields["username"].help_text = _("注册时用的手机号或邮箱；工作人员用单位分配的用户名。")
        self.fields["password"].label = _("密码")

    def clean_username(self) -> str:
        return plain(self.cleaned_data["username"])


class NewPassword(forms.Form):
    """Two fields that must agree and fulfil the rules."""

    password1 = forms.CharField(
        label=_("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "至少 10 位，大写字母、小写字母、数字、符号中有两类；不含姓名、手机号和 12345 这样的连续字符。"
        ),
    )
    password2 = forms.CharField(
        label=_("再输一遍密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, second = said.get("password1"), said.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext("两次输入的密码不一样。"))
        elif first:
            try:
                password_validation.validate_password(first, self.owner(said))
            except ValidationError as error:
                self.add_error("password1", error)
        return said

    def owner(self, said: dict[str, Any]) -> User:
        """Whose name and username the password must not resemble."""
        return User(username=said.get("username", ""), name=said.get("name", ""))


class RegistrationForm(NewPassword):
    username = forms.CharField(
        label=_("手机号或邮箱"),
        max_length=150,
        help_text=_("用它登录，您自己选一个。"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ("username", "name", "password1", "password2")

    def clean_username(self) -> str:
        username = plain(self.cleaned_data["username"])
        if not is_phone_or_email(username):
            raise ValidationError(gettext("请填 11 位手机号，或一个邮箱地址。"))
        if User.objects.filter(username=username).exists():
            raise ValidationError(taken())
        return username


class PasswordForm(NewPassword):
    """A new password for whoever knows the old one."""

    old = forms.CharField(
        label=_("现在的密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password1", "password2")

    def __init__(self, user: User, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.user = user
        self.fields["password1"].label = _("新密码")
        self.fields["password2"].label = _("再输一遍新密码")
        if not user.has_usable_password():
            del self.fields["old"]

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(gettext("现在的密码不对。"))
        return old

    def clean_password1(self) -> str:
        new: str = self.cleaned_data["password1"]
        if self.user.has_usable_password() and self.user.check_password(new):
            raise ValidationError(gettext("新密码要和现在的不同。"))
        return new

    def owner(self, said: dict[str, Any]) -> User:
        return self.user


class RegionField(forms.CharField):
    """A region in which the administrator is appointed, or below it."""

    def __init__(self, administrator: Somebody) -> None:
        super().__init__(
            label=_("地区"),
            max_length=6,
            help_text=_("六位行政区划代码，例如正宁县 621025。"),
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
        self.held = [appointment.region for appointment in appointments_for(administrator, MANAGE)]
        self.initial = self.held[0] if self.held else ""

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if not (is_region_code(code) or code == NATION):
            raise ValidationError(gettext("没有这样的行政区划代码。"))
        if not any(covers(region, code) for region in self.held):
            raise ValidationError(gettext("这个地区不归您管理。"))
        return code


class AppointmentForm(forms.Form):
    """A role in a region, for one office or for all."""

    def __init__(self, administrator: Somebody, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.fields["role"] = forms.ChoiceField(label=_("角色"), choices=[CHOOSE, *Role.choices])
        self.fields["region"] = RegionField(administrator)
        self.fields["office"] = forms.ModelChoiceField(
            Office.objects.visible_to(administrator, MANAGE)
            .select_related("agency")
            .order_by("agency", "name"),
            label=_("科室"),
            required=False,
            empty_label=_("不限科室"),
        )
        self.fields["office"].label_from_instance = lambda office: f"{office.agency.name} {office.name}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        office, region = said.get("office"), said.get("region")
        if office and region and not covers(region, office.agency.region):
            self.add_error("office", gettext("这个科室不在所填的地区。"))
        return said


class NewOfficialForm(AppointmentForm):
    """A new user with the first appointment."""

    def __init__(self, administrator: Somebody, *arguments: Any) -> None:
        super().__init__(administrator, *arguments)
        self.fields["username"] = forms.CharField(
            label=_("用户名"),
            max_length=40,
            help_text=_("3 到 40 位小写字母、数字、点或横线，以字母开头。"),
            widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        )
        self.fields["name"] = forms.CharField(label=_("姓名"), max_length=60)
        self.fields["role"].choices = [CHOOSE, *OFFICIAL_ROLES]  # type: ignore[attr-defined]
        self.order_fields(("username", "name", "role", "region", "office"))

    def clean_username(self) -> str:
        username = plain(self.cleaned_data["username"])
        if not OFFICIAL.fullmatch(username):
            raise ValidationError(gettext("请用 3 到 40 位小写字母、数字、点或横线，以字母开头。"))
        if User.objects.filter(username=username).exists():
            raise ValidationError(taken())
        return username


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name",)


class AgencyForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = ("name", "region", "address", "phone", "hours")

    def __init__(self, administrator: Somebody, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["region"] = RegionField(administrator)


class OfficeForm(forms.ModelForm):
    class Meta:
        model = Office
        fields = ("name", "phone")

    def __init__(self, agency: Agency, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.instance.agency = agency

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Office.objects.filter(agency=self.instance.agency, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(gettext("这个机构已有同名的科室。"))
        return name


class PeopleFilter(forms.Form):
    """What a list of users is narrowed to; without a role, to those who work here."""

    q = forms.CharField(label=_("用户名或姓名"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("工作人员")), *Role.choices], required=False)


def taken() -> str:
    return gettext("这个用户名已经有人用了；如果是您自己的，请直接登录。")


def is_held_already(user: User, role: str, region: str, office: Office | None) -> bool:
    return Appointment.objects.filter(user=user, role=role, region=region, office=office).exists()
