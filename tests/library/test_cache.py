"""The cache gives what loading gives, and never stands in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.conftest import POLICIES
from tests.decide.cases import EMPLOYER, outcome

from zhida.decide import to_json
from zhida.library.cache import keep_rules, load_cached


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CACHE_HOME": str(tmp_path / "cache")}


def files(environment: dict[str, str]) -> list[Path]:
    return sorted(Path(environment["XDG_CACHE_HOME"]).rglob("*.pickle"))


def test_a_library_out_of_the_cache_decides_the_same(environment: dict[str, str]) -> None:
    fresh, _ = load_cached(POLICIES, environment)
    assert len(files(environment)) == 1
    kept, diagnostics = load_cached(POLICIES, environment)
    assert kept is not fresh and diagnostics == []
    changes = {"employer.size": None, "employer.layoff_rate_last_year": None}
    for case in ({}, changes):
        assert to_json(outcome(kept, EMPLOYER, case)) == to_json(outcome(fresh, EMPLOYER, case))


def test_rules_out_of_the_cache_decide_the_same(environment: dict[str, str]) -> None:
    fresh, _ = load_cached(POLICIES, environment)
    keep_rules(fresh, "621025")
    kept, _ = load_cached(POLICIES, environment)
    keep_rules(kept, "621025")
    assert kept.resolved["621025"] == fresh.resolved["621025"]
    rule = kept.resolved["621025"][0]
    assert rule.definition is kept.measures[rule.measure].definition
    assert to_json(outcome(kept, EMPLOYER, {})) == to_json(outcome(fresh, EMPLOYER, {}))


def test_a_source_out_of_the_cache_is_read_again_when_it_is_asked_for(environment: dict[str, str]) -> None:
    fresh, _ = load_cached(POLICIES, environment)
    kept, _ = load_cached(POLICIES, environment)
    for (_, before), (_, after) in zip(fresh.documents, kept.documents, strict=True):
        assert (after.places, after.data, after.file) == (before.places, before.data, before.file)


def test_a_changed_policy_file_is_read_again(tmp_path: Path, environment: dict[str, str]) -> None:
    root = tmp_path / "policies"
    shutil.copytree(POLICIES, root, ignore=shutil.ignore_patterns("cases"))
    before, _ = load_cached(root, environment)
    path = root / "documents/621025/ZN91.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("每人标准: 1000", "每人标准: 1001"), encoding="utf-8"
    )
    after, _ = load_cached(root, environment)
    assert before.hash != after.hash


def test_a_damaged_or_foreign_file_is_not_used(environment: dict[str, str]) -> None:
    load_cached(POLICIES, environment)
    [path] = files(environment)
    path.write_bytes(b"no pickle")
    assert load_cached(POLICIES, environment)[1] == []
    path.chmod(0o644)
    assert load_cached(POLICIES, environment)[1] == []


def test_damaged_rules_are_resolved_again(environment: dict[str, str]) -> None:
    library, _ = load_cached(POLICIES, environment)
    keep_rules(library, "621025")
    [path] = Path(environment["XDG_CACHE_HOME"]).rglob("*.rules")
    path.write_bytes(b"no pickle")
    again, _ = load_cached(POLICIES, environment)
    keep_rules(again, "621025")
    assert again.resolved == library.resolved


def test_a_broken_library_is_not_kept(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "policies/measures").mkdir(parents=True)
    assert load_cached(tmp_path / "policies", environment)[1] != []
    assert files(environment) == []


def test_it_can_be_switched_off(environment: dict[str, str]) -> None:
    load_cached(POLICIES, {**environment, "ZHIDA_CACHE": "off"})
    assert files(environment) == []
