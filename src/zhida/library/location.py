"""Where the policy library is: named by the user, packed into the wheel, or at the root of a checkout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import zhida

PACKAGE = Path(zhida.__file__).resolve().parent
VARIABLE = "ZHIDA_LIBRARY"


def find_library(given: str | None, environment: Mapping[str, str]) -> Path:
    """`given`, else what ZHIDA_LIBRARY names, else the packed library, else the checkout's."""
    named = given or environment.get(VARIABLE)
    if named:
        return Path(named)
    packed = PACKAGE / "policies"
    return packed if packed.is_dir() else PACKAGE.parents[1] / "policies"
