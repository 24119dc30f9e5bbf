"""How long one case takes in process, over the whole library, with its full trace.

Goals (issue of the spine): a decision under 5 ms at the median, loading under 1 s. Run `make bench`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhida.decide import build_case, decide, to_json
from zhida.decide.input import read_case_bytes
from zhida.library import load

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
LIBRARY, _ = load(ROOT / "policies")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_decide_the_whole_library(benchmark: Any, path: Path) -> None:
    data = read_case_bytes(path.read_bytes(), path.name).data
    case, problems = build_case(LIBRARY, data)
    assert case is not None, problems
    benchmark(decide, LIBRARY, case)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_json_to_json(benchmark: Any, path: Path) -> None:
    data = read_case_bytes(path.read_bytes(), path.name).data

    def whole() -> str:
        case, _ = build_case(LIBRARY, data)
        assert case is not None
        return json.dumps(to_json(decide(LIBRARY, case)), ensure_ascii=False)

    benchmark(whole)


def test_load_the_library(benchmark: Any) -> None:
    benchmark.pedantic(load, args=(ROOT / "policies",), rounds=5)
