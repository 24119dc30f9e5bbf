"""Why an answer was not understood, in the language of the page: the guide says it in Chinese."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from zhida.guide.answers import NotUnderstood

WORDS = (
    gettext_noop("请填数字"),
    gettext_noop("不能小于零"),
    gettext_noop("请填整数"),
    gettext_noop("数字太大"),
    gettext_noop("请填百分数（如 10%）或 0 到 1 之间的小数"),
    gettext_noop("请填年月日，如 2022-10-01"),
    gettext_noop("没有这一天，请填年月日，如 2022-10-01"),
    gettext_noop("年份不对，请填年月日，如 2022-10-01"),
    gettext_noop("不能晚于办理日期"),
    gettext_noop("不能早于出生日期"),
    gettext_noop("请填六位行政区划代码，如 621025"),
    gettext_noop("号码或代码不对，请核对"),
    gettext_noop("请填文字"),
    gettext_noop("太长了"),
    gettext_noop("请填选项前的数字"),
    gettext_noop("请填选项前的数字，几个之间用空格隔开，都不是填 0"),
    gettext_noop("请填 1（是）或 2（否）"),
    gettext_noop("请填 0 到 99 的整数"),
    gettext_noop("填得不对，请再填一次"),
)
"""All of them, for the English catalogue."""


def reason_text(error: NotUnderstood) -> str:
    return gettext(str(error))
