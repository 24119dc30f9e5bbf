"""What can be imported: each kind, its columns, and which of them it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhida.guide.wording import fact_name
from zhida.library.model import FactDef
from zhida.service.law import library

MOST_NAME, MOST_PERSON_NAME = 200, 60


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: a fact of the vocabulary, or something beside. `most`: characters of a text."""

    key: str
    name: Any
    fact: FactDef | None = None
    required: bool = False
    help: Any = ""
    form: str = "text"
    most: int = 100
    belongs: str = "facts"
    """Whether it is one of the `facts`, says whom the row is about (`identity`), or stands `beside`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `entity` is the vocabulary's, or empty for what is not in it."""

    key: str
    label: Any
    what: Any
    entity: str
    beside: tuple[Column, ...]
    one_of: tuple[str, ...] = ()
    """Columns of which a row needs at least one."""

    @property
    def columns(self) -> tuple[Column, ...]:
        return _columns(self.key)


NUMBER = Column("key", _("编号"), help=_("可不填；填了就按编号更新同一条记录。"), most=40, belongs="identity")
PHONE = Column("phone", _("联系电话"), form="phone", belongs="beside")
BANK = Column(
    "bank_account", _("银行账号"), form="account", belongs="beside", help=_("单元格请设为文本格式。")
)
PERSON_NAME = Column("person_name", _("姓名"), most=MOST_PERSON_NAME, belongs="beside")


def _employer(required: bool) -> Column:
    return Column("uscc", _("统一社会信用代码"), required=required, form="identifier", belongs="identity")


def _person(required: bool) -> Column:
    return Column("id_number", _("公民身份号码"), required=required, form="identifier", belongs="identity")


def _place(required: bool) -> Column:
    text = _("六位行政区划代码；不填时按导入的地区。")
    return Column("region", _("经办地区"), required=required, form="region", help=text, belongs="beside")


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "employers",
            _("单位"),
            _("按统一社会信用代码登记或更新单位。"),
            "employer",
            (
                _employer(True),
                Column("name", _("单位名称"), required=True, most=MOST_NAME, belongs="beside"),
                Column("contact", _("联系人"), most=MOST_PERSON_NAME, belongs="beside"),
                PHONE,
                BANK,
            ),
        ),
        Kind(
            "persons",
            _("个人"),
            _("按公民身份号码登记或更新个人。"),
            "person",
            (_person(True), PERSON_NAME, PHONE, BANK, _place(False)),
        ),
        Kind(
            "hires",
            _("招用"),
            _("单位招用了谁。单位须已登记；个人没有登记的一并登记。"),
            "hire",
            (NUMBER, _employer(True), _person(True), PERSON_NAME),
        ),
        Kind(
            "internships",
            _("见习"),
            _("谁在哪个单位见习。单位须已登记。"),
            "internship",
            (NUMBER, _employer(True), _person(True), PERSON_NAME),
        ),
        Kind(
            "certificates",
            _("证书"),
            _("个人取得的职业资格和技能等级证书。"),
            "certificate",
            (NUMBER, _person(True), PERSON_NAME),
        ),
        Kind(
            "loans",
            _("贷款"),
            _("创业担保贷款：单位的填统一社会信用代码，个人的填公民身份号码。"),
            "loan",
            (NUMBER, _employer(False), _person(False), PERSON_NAME),
            ("uscc", "id_number"),
        ),
        Kind(
            "history",
            _("享受记录"),
            _("已经发给单位或个人的补贴，防止重复享受。"),
            "history",
            (NUMBER, _employer(False), _person(False), PERSON_NAME),
            ("uscc", "id_number"),
        ),
        Kind(
            "agencies",
            _("经办机构"),
            _("办理政策的机构，公布在经办机构清单里。"),
            "",
            (
                Column("region", _("地区"), form="region", belongs="beside", help=_("六位行政区划代码。")),
                Column("name", _("机构名称"), required=True, belongs="identity"),
                Column("address", _("地址"), most=200, belongs="beside"),
                PHONE,
                Column("hours", _("办公时间"), belongs="beside"),
            ),
        ),
        Kind(
            "offices",
            _("科室"),
            _("经办机构的科室和电话。机构须已登记。"),
            "",
            (
                Column("region", _("地区"), form="region", belongs="beside", help=_("六位行政区划代码。")),
                Column("agency", _("机构名称"), required=True, belongs="identity"),
                Column("name", _("科室名称"), required=True, belongs="identity"),
                PHONE,
            ),
        ),
    )
}

REQUIRED_FACTS = {"history": ("measure",), "hire": ("hired_on",), "internship": ("started_on",)}
"""Without these a row says nothing."""
NOT_IMPORTED = {"employer": ("uscc", "name"), "person": ("id_number", "id"), "history": ("subject",)}
"""Said by other columns of the file."""


@cache
def _columns(kind: str) -> tuple[Column, ...]:
    definition = KINDS[kind]
    return (*definition.beside, *_facts(definition.entity))


def _facts(entity: str) -> Iterator[Column]:
    if not entity:
        return
    for fact in library().entities[entity].facts:
        if fact.internal or fact.from_history or fact.key in NOT_IMPORTED.get(entity, ()):
            continue
        required = fact.key in REQUIRED_FACTS.get(entity, ())
        yield Column(fact.key, fact_name(fact), fact, required, fact.help or fact.question, fact.type)
