"""A simulation as one SVG picture: what each provision costs before and after, and who gains and who loses.

Written by hand, so that the same simulation gives the same bytes on every machine, whatever fonts it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from xml.sax.saxutils import escape

from zhida.cli.simulation_report import band_name, provision_of
from zhida.diagnostics import display_width
from zhida.guide import wording
from zhida.library import Library
from zhida.simulate.outcome import BANDS, Cost
from zhida.simulate.simulation import Simulation

WIDTH, MARGIN, LABEL, VALUE = 960, 32, 260, 150
LINE = 22
BEFORE, AFTER, GAIN, LOSS, INK, FAINT = "#9AA5B1", "#1F6FB2", "#2A7F62", "#B5482F", "#1D2733", "#5B6875"
SHOWN = 12
"""Provisions in the picture: those that change most."""

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
WAN, YI = Decimal(10_000), Decimal(100_000_000)


def to_svg(library: Library, found: Simulation) -> str:
    """The picture as the text of an SVG file."""
    body, height = _body(library, found)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="{FONTS}" font-size="14" fill="{INK}">'
    )
    title = escape(f"政策模拟：{wording.region_name(library, found.region)}，{found.on}")
    ground = f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>'
    return "\n".join([head, f"<title>{title}</title>", ground, *body, "</svg>"]) + "\n"


def _body(library: Library, found: Simulation) -> tuple[list[str], int]:
    place = wording.region_name(library, found.region).partition("（")[0]
    total = found.effects.total
    parts = [_text(MARGIN, 44, f"{place} {found.on} 政策模拟", size=20, weight="bold")]
    sign = "+" if total.difference >= 0 else "−"
    change = f"{money(total.before)} → {money(total.after)}（{sign}{money(abs(total.difference))}）"
    parts.append(_text(MARGIN, 70, f"费用合计 {change}", colour=FAINT))
    y = 70
    for text in found.assumptions:
        y += LINE
        parts.append(_text(MARGIN, y, f"假设 {text}", colour=FAINT))
    y += 40
    parts += [
        _text(MARGIN, y, "各条款金额", size=16, weight="bold"),
        *_legend(y, (("原", BEFORE), ("今", AFTER))),
    ]
    costs = sorted(found.effects.provisions, key=lambda cost: (-abs(cost.difference), cost.key))
    changed = [cost for cost in costs if cost.difference][:SHOWN]
    bars, y = _costs(found, changed, y + 16)
    parts += bars or [_text(MARGIN, y := y + LINE, "没有条款的金额改变。", colour=FAINT)]
    y += 36
    legend = (("受损", LOSS), ("得益", GAIN))
    parts += [_text(MARGIN, y, "得益者和受损者，按得失多少", size=16, weight="bold"), *_legend(y, legend)]
    bars, y = _bands(found, y + 16)
    return [*parts, *bars], y + MARGIN


def _costs(found: Simulation, costs: list[Cost], y: int) -> tuple[list[str], int]:
    """Two bars for each provision, on one scale."""
    most = max((max(cost.before, cost.after) for cost in costs), default=Decimal(0))
    left, room = MARGIN + LABEL, WIDTH - 2 * MARGIN - LABEL - VALUE
    parts: list[str] = []
    for cost in costs:
        provision = provision_of(found, *cost.key)
        parts.append(_text(left - 10, y + 20, _fitting(provision.name), anchor="end"))
        parts.append(_text(left - 10, y + 36, f"{provision.document} {provision.clause}", 10, FAINT, "end"))
        for amount, colour, offset in ((cost.before, BEFORE, 6), (cost.after, AFTER, 22)):
            width = _scaled(amount, most, room)
            parts.append(_bar(left, y + offset, width, 13, colour))
            parts.append(_text(left + width + 6, y + offset + 11, money(amount), 12, FAINT))
        y += 46
    return parts, y


def _bands(found: Simulation, y: int) -> tuple[list[str], int]:
    """Losers to the left and winners to the right of one axis, the largest changes on top."""
    by_band = {int(b.key[0]): b for b in found.effects.band_balances}
    most = Decimal(max((n for b in by_band.values() for n in (b.winners, b.losers)), default=0))
    axis, room = WIDTH // 2 + 60, WIDTH // 2 - MARGIN - 60 - 90
    parts = [f'<line x1="{axis}" y1="{y}" x2="{axis}" y2="{y + LINE * len(BANDS) + 8}" stroke="{FAINT}"/>']
    for index in reversed(range(len(BANDS))):
        y += LINE
        parts.append(_text(MARGIN, y, band_name(index), colour=FAINT))
        band = by_band.get(index)
        for count, sign, colour in (
            (band.losers if band else 0, -1, LOSS),
            (band.winners if band else 0, 1, GAIN),
        ):
            width = _scaled(Decimal(count), most, room)
            parts.append(_bar(axis - width if sign < 0 else axis, y - 13, width, 14, colour))
            if count:
                anchor = "end" if sign < 0 else "start"
                parts.append(_text(axis + sign * (width + 6), y - 1, f"{count:,}", 12, FAINT, anchor))
    return parts, y + 8


def _legend(y: int, entries: tuple[tuple[str, str], ...]) -> Iterator[str]:
    x = WIDTH - MARGIN - 70 * len(entries)
    for name, colour in entries:
        yield _bar(x, y - 11, 12, 12, colour)
        yield _text(x + 18, y, name, 13)
        x += 70


def _scaled(value: Decimal, most: Decimal, room: int) -> int:
    """Pixels, at least one for what is not nothing."""
    return max(1, round(value / most * room)) if value and most else 0


def _bar(x: int, y: int, width: int, height: int, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


def _text(
    x: int,
    y: int,
    text: str,
    size: int = 14,
    colour: str = INK,
    anchor: str = "start",
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )


def _fitting(text: str, width: int = LABEL * 2 // 15) -> str:
    """As much of a name as fits beside the bars."""
    if display_width(text) <= width:
        return text
    end = max(i for i in range(len(text)) if display_width(text[:i]) < width)
    return text[:end] + "…"


def money(amount: Decimal) -> str:
    """Yuan as they are read in a chart: 980.00 元, 12.50 万元, 3.21 亿元."""
    for unit, name in ((YI, "亿元"), (WAN, "万元")):
        if abs(amount) >= unit:
            return f"{amount / unit:,.2f} {name}"
    return f"{amount:,.2f} 元"
