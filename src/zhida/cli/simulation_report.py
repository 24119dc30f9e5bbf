"""A simulation as tables in Chinese, for the terminal and for Excel alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from zhida.cli.diff_wording import KINDS as CHANGES
from zhida.cli.diff_wording import NAMES, item_name, statement_text
from zhida.guide import wording
from zhida.guide.verdicts import VERDICTS
from zhida.library import Library
from zhida.simulate.outcome import BANDS, Balance, Cost, Payee, Transition
from zhida.simulate.simulation import Provision, Simulation

Kind = Literal["text", "count", "money", "change", "percent"]

SECTIONS = {
    "A": "农、林、牧、渔业",
    "B": "采矿业",
    "C": "制造业",
    "D": "电力、热力、燃气及水生产和供应业",
    "E": "建筑业",
    "F": "批发和零售业",
    "G": "交通运输、仓储和邮政业",
    "H": "住宿和餐饮业",
    "I": "信息传输、软件和信息技术服务业",
    "J": "金融业",
    "K": "房地产业",
    "L": "租赁和商务服务业",
    "M": "科学研究和技术服务业",
    "N": "水利、环境和公共设施管理业",
    "O": "居民服务、修理和其他服务业",
    "P": "教育",
    "Q": "卫生和社会工作",
    "R": "文化、体育和娱乐业",
    "S": "公共管理、社会保障和社会组织",
    "T": "国际组织",
}
"""The sections (门类) of GB/T 4754-2017."""

PAYEES = {"employer": "单位", "person": "个人", "fund": "基金", "place": "地方"}
UNKNOWN = "没有填写"
NO_PROVISION = "没有这一条"
SIZES = ("大型", "中型", "小型", "微型", "未划型", "")


@dataclass(frozen=True, slots=True)
class Column:
    """`money` is yuan, `change` yuan with their sign, `percent` a share of 1 with its sign."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Report:
    """One table. With `total` its last row adds up the others."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: bool = False


def band_name(index: int) -> str:
    """不到 100 元, 100～1,000 元 … 100 万元以上."""
    names = [f"{start // 10_000} 万" if start >= 10_000 else f"{start:,} " for start in BANDS]
    if index == 0:
        return f"不到 {names[1]}元"
    if index == len(BANDS) - 1:
        return f"{names[-1]}元以上"
    return f"{names[index].strip()}～{names[index + 1]}元"


def verdict_name(verdict: str | None) -> str:
    return NO_PROVISION if verdict is None else VERDICTS.get(verdict, verdict)


def size_name(size: str) -> str:
    return PAYEES.get(size, size) or UNKNOWN


def section_name(section: str) -> str:
    return (
        f"{section} {SECTIONS[section]}" if section in SECTIONS else PAYEES.get(section, section) or UNKNOWN
    )


def provision_of(found: Simulation, measure: str, row: str) -> Provision:
    return found.provisions.get((measure, row)) or Provision(measure, row, "", "")


COSTS = (
    Column("笔数（原）", "count"),
    Column("笔数（今）", "count"),
    Column("金额（原）", "money"),
    Column("金额（今）", "money"),
    Column("增减", "change"),
    Column("增减率", "percent"),
)
BALANCES = (
    Column("得益者", "count"),
    Column("增加金额", "money"),
    Column("受损者", "count"),
    Column("减少金额", "money"),
)


def provisions(found: Simulation) -> Report:
    """The largest change first; the total is what is paid: no loans, deferrals or rates."""
    costs = sorted(found.effects.provisions, key=lambda cost: (-abs(cost.difference), cost.key))
    rows = [(*_named(found, cost), *_cost(cost), cost.unpriced_before, cost.unpriced_after) for cost in costs]
    total = found.effects.total
    last = (
        "合计",
        "",
        "",
        "",
        *_cost(total),
        total.unpriced_before,
        total.unpriced_after,
    )
    columns = (
        *(Column(name) for name in ("措施", "依据", "编号", "性质")),
        *COSTS,
        Column("金额未知（原）", "count"),
        Column("金额未知（今）", "count"),
    )
    return Report("按条款", columns, (*rows, last), total=True)


def _named(found: Simulation, cost: Cost) -> tuple[str, ...]:
    measure, row = cost.key
    provision = provision_of(found, measure, row)
    kind = wording.KINDS.get(provision.kind, provision.kind)
    return provision.name, f"{provision.document} {provision.clause}".strip(), row, kind


def _cost(cost: Cost) -> tuple[Any, ...]:
    rate = cost.difference / cost.before if cost.before else None
    return cost.awards_before, cost.awards_after, cost.before, cost.after, cost.difference, rate


def eligibility(found: Simulation) -> Report:
    """For each provision: units newly eligible, no longer eligible, newly unknown, unknown no more."""
    moves: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for move in found.effects.transitions:
        if move.before == move.after:
            continue
        counts = moves[move.measure, move.row]
        for index, (verdict, side) in enumerate(
            (
                ("eligible", move.after),
                ("eligible", move.before),
                ("unknown", move.after),
                ("unknown", move.before),
            )
        ):
            counts[index] += move.units if side == verdict else 0
    rows = [
        (provision.name, f"{provision.document} {provision.clause}".strip(), key[1], *counts)
        for key, counts in sorted(moves.items(), key=lambda item: (-sum(item[1]), item[0]))
        for provision in [provision_of(found, *key)]
    ]
    counted = ("新获资格", "失去资格", "变为还差信息", "不再差信息")
    columns = (*map(Column, ("措施", "依据", "编号")), *(Column(name, "count") for name in counted))
    return Report("资格变化", columns, tuple(rows))


def transitions(found: Simulation) -> Report:
    def row(move: Transition) -> tuple[Any, ...]:
        provision = provision_of(found, move.measure, move.row)
        return provision.name, move.row, verdict_name(move.before), verdict_name(move.after), move.units

    columns = (*map(Column, ("措施", "编号", "原判定", "现判定")), Column("件数", "count"))
    return Report("判定变动", columns, tuple(row(move) for move in found.effects.transitions))


def bands(found: Simulation) -> Report:
    """By how much payees gain or lose in all."""
    by_band = {int(b.key[0]): b for b in found.effects.band_balances}
    rows = [(band_name(i), *_balance(by_band.get(i))) for i in range(len(BANDS))]
    return Report(
        "得失分档",
        (Column("每个对象的得失"), *BALANCES),
        (*rows, ("合计", *_balance(found.effects.balance))),
        True,
    )


def _balance(found: Balance | None) -> tuple[Any, ...]:
    return (
        (found.winners, found.gained, found.losers, found.lost) if found else (0, Decimal(0), 0, Decimal(0))
    )


def regions(library: Library, found: Simulation) -> Report:
    def names(code: str) -> tuple[str, str]:
        return code or UNKNOWN, wording.region_name(library, code).partition("（")[0] if code else UNKNOWN

    effects = found.effects
    rows = _grouped(effects.regions, effects.region_balances, names)
    return _with_total(found, "按地区", ("地区代码", "地区"), rows)


def sizes(found: Simulation) -> Report:
    effects = found.effects
    order = {name: index for index, name in enumerate(SIZES)}
    costs = sorted(effects.sizes, key=lambda cost: (order.get(cost.key[0], len(order)), cost.key))
    rows = _grouped(costs, effects.size_balances, lambda key: (size_name(key),))
    return _with_total(found, "按规模", ("企业规模",), rows)


def sections(found: Simulation) -> Report:
    effects = found.effects
    costs = sorted(effects.sections, key=lambda cost: (cost.key[0] not in SECTIONS, cost.key))
    rows = _grouped(costs, effects.section_balances, lambda key: (section_name(key),))
    return _with_total(found, "按行业", ("行业门类",), rows)


def _grouped(costs: Iterable[Cost], balances: Iterable[Balance], names: Any) -> Iterator[tuple[Any, ...]]:
    by_key = {balance.key: balance for balance in balances}
    for cost in costs:
        yield (*names(cost.key[0]), *_cost(cost), *_balance(by_key.get(cost.key)))


def _with_total(
    found: Simulation, title: str, heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> Report:
    blanks = ("",) * (len(heads) - 1)
    last = (*blanks, "合计", *_cost(found.effects.total), *_balance(found.effects.balance))
    return Report(title, (*map(Column, heads), *COSTS, *BALANCES), (*rows, last), total=True)


def payees(library: Library, found: Simulation) -> Report:
    def row(payee: Payee) -> tuple[Any, ...]:
        place = wording.region_name(library, payee.region).partition("（")[0]
        known = payee.kind == "employer"
        size, section = (size_name(payee.size), section_name(payee.section)) if known else ("", "")
        return PAYEES.get(payee.kind, payee.kind), payee.id, place, size, section, payee.difference

    columns = (*map(Column, ("对象", "编号", "地区", "企业规模", "行业门类")), Column("增减", "change"))
    rows = (*map(row, found.effects.gains), *map(row, reversed(found.effects.losses)))
    return Report("得失最大", columns, rows)


def law(found: Simulation) -> Report:
    """What the two laws say differently in the region on the day."""
    rows = [
        (
            NAMES[amendment.subject.group],
            amendment.subject.name,
            amendment.subject.place,
            item_name(change.path, change.label),
            CHANGES[change.kind],
            statement_text(change, change.before) or "",
            statement_text(change, change.after) or "",
        )
        for amendment in found.amendments
        for change in amendment.changes
        if change.kind == "changed" or change.path[-1] != "label"
    ]
    names = ("类别", "名称", "依据", "项目", "变化", "原", "今")
    return Report("法律变化", tuple(map(Column, names)), tuple(rows))
