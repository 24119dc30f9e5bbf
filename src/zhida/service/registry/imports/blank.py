"""The file to fill in: one column for each heading, and a sheet that explains them."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from zhida.service.registry.imports.kinds import Column, Kind
from zhida.service.sheets.sheet import MOST_ROWS

FORMS = {
    "boolean": "是 / 否",
    "date": "2022-07-01",
    "count": "10",
    "number": "3",
    "money": "12345.67",
    "rate": "5%",
    "region": "621025",
    "identifier": "18 位，单元格已设为文本格式",
    "phone": "0934-6121234",
}
WIDTH = 16


def template_of(kind: Kind) -> bytes:
    """An .xlsx whose columns are text where Excel would otherwise spoil what is typed."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E5F0EE", "bottom": 1, "text_wrap": True})
        must = book.add_format({"bold": True, "bg_color": "#FCF1DA", "bottom": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        data, notes = book.add_worksheet(_("数据")), book.add_worksheet(_("填写说明"))
        data.freeze_panes(1, 0)
        for place, column in enumerate(kind.columns):
            is_text = column.form in ("text", "identifier", "phone", "account", "region", "code")
            data.set_column(place, place, WIDTH, text if is_text else day if column.form == "date" else None)
            data.write_string(
                0, place, f"{column.name}{'*' if column.required else ''}", must if column.required else head
            )
            if options := options_of(column):
                data.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": options})
        notes.set_column(0, 0, 26)
        notes.set_column(1, 1, 10)
        notes.set_column(2, 3, 44)
        for place, title in enumerate((_("列"), _("必填"), _("怎么填"), _("说明"))):
            notes.write_string(0, place, title, head)
        for row, column in enumerate(kind.columns, start=1):
            said = (str(column.name), _("是") if column.required else "", filling(column), str(column.help))
            for place, value in enumerate(said):
                notes.write_string(row, place, value, wrap)
        last = len(kind.columns) + 2
        notes.write_string(last, 0, _("空着的格表示不改；填“清空”删去原来的值。"))
    return file.getvalue()


def options_of(column: Column) -> list[str]:
    """What Excel offers to choose from; its lists hold 255 characters."""
    options = {"boolean": ["是", "否"]}.get(column.form, [])
    if column.fact is not None and column.form == "choice":
        options = list(column.fact.values)
    return options if sum(len(option) + 1 for option in options) < 255 else []


def filling(column: Column) -> str:
    if column.fact is not None and column.fact.values and column.form in ("choice", "set"):
        several = _("可填几项，用分号隔开：") if column.form == "set" else ""
        return several + "、".join(column.fact.values)
    unit = f"（{column.fact.unit}）" if column.fact is not None and column.fact.unit else ""
    return FORMS.get(column.form, "") + unit
