"""Plain data to a `Case`: every key, type, date and id checked, every problem collected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.decide.case import SINGLETONS, Case, Entry, Grant, identifiers
from zhida.decide.fact_values import PARSERS, Parser, Wrong, parse_date
from zhida.decide.input import Problem, read_case_bytes, shown
from zhida.library import Library
from zhida.library.model import EntityDef, FactDef
from zhida.standards.regions import is_region_code

MAX_ROWS = 20_000
MAX_ID = 100


def read_case(
    library: Library, content: bytes, name: str, region: str | None = None, on: date | None = None
) -> tuple[Case | None, list[Problem]]:
    """The case in a file; `region` and `on` override its own. Without a case there are problems."""
    raw = read_case_bytes(content, name)
    if raw.problems:
        return None, raw.problems
    return build_case(library, raw.data, region, on)


def build_case(
    library: Library, data: Mapping[str, Any], region: str | None = None, on: date | None = None
) -> tuple[Case | None, list[Problem]]:
    """The case that `data` describes (keys of the vocabulary), or everything wrong with it."""
    reader = _Reader(library)
    case = reader.case(data, region, on)
    if not reader.problems:
        return case, []
    again = _Reader(library, in_order=True)
    again.case(data, region, on)
    return None, again.problems


@dataclass(frozen=True, slots=True)
class _Form:
    """The keys that an entity may have in a case: its facts, and those of its place in the case."""

    keys: Mapping[str, tuple[FactDef, Parser]]
    known: frozenset[str]
    has_person: bool
    events: tuple[str, ...]

    @classmethod
    def of(cls, definition: EntityDef) -> _Form:
        entity = definition.entity
        keys = {fact.key: (fact, PARSERS[fact.type]) for fact in definition.facts}
        has_person = entity in ("hire", "internship", "placement")
        extra = () if entity in SINGLETONS else ("id", "person") if has_person else ("id",)
        events = {"graduated_on", "became_unemployed_on"} if entity == "person" else set[str]()
        if entity not in SINGLETONS:
            events = {fact.key for fact in definition.facts if fact.event}
        return cls(keys, frozenset({*keys, *extra}), has_person, tuple(sorted(events)))


@dataclass(slots=True)
class _Reader:
    """Reads one case; `in_order` takes facts, hence problems, as the vocabulary lists them."""

    library: Library
    in_order: bool = False
    problems: list[Problem] = field(default_factory=list)
    on: date = date.max

    def wrong(self, path: str, code: str, found: Any, expected: str) -> None:
        self.problems.append(Problem(path, code, shown(found), expected))

    def case(self, data: Mapping[str, Any], region: str | None, on: date | None) -> Case:
        by_key = {entity.case_key: entity.entity for entity in self.library.entities.values()}
        self.unknown_keys("", data, {"region", "on", *by_key})
        place = self.region(region or data.get("region"))
        self.on = on or self.day(data.get("on"))
        entries: dict[str, Entry] = {}
        rows: dict[str, tuple[Entry, ...] | None] = {}
        for case_key, entity in by_key.items():
            if entity == "history":
                continue
            if entity in SINGLETONS:
                entries[entity] = self.entry(entity, case_key, case_key, data.get(case_key))
            else:
                rows[entity] = self.list(entity, case_key, data.get(case_key))
        case = Case(place, self.on, entries, rows)
        past = data.get("history")
        history = self.history(past, known_ids(case)) if past else self.history(past, frozenset())
        self.dates(case)
        return Case(place, self.on, entries, rows, history)

    def region(self, raw: Any) -> str:
        text = "" if raw is None else str(raw)
        if not is_region_code(text):
            expected = "six digits of GB/T 2260 such as 621025"
            self.wrong("region", "region/malformed", raw, expected)
        return text

    def day(self, raw: Any) -> date:
        try:
            return parse_date(raw)
        except Wrong as wrong:
            self.wrong("on", wrong.code, raw, wrong.expected)
            return date.max

    def unknown_keys(self, path: str, data: Mapping[str, Any], known: Iterable[str]) -> None:
        known = sorted(known)
        for key in data:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, 1, 0.6)
                hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known[:8])} …"
                where = f"{path}.{key}" if path else str(key)
                self.wrong(where, "key/unknown", key, f"a key of the vocabulary ({hint})")

    def entry(self, entity: str, id: str, path: str, data: Any) -> Entry:
        if data is None:
            return Entry(entity, id, path, given=False)
        if not isinstance(data, dict):
            self.wrong(path, "type/mapping", data, f"a mapping of {entity} facts")
            return Entry(entity, id, path)
        form = self.form(entity)
        if not data.keys() <= form.known:
            self.unknown_keys(path, data, form.known)
        facts: dict[str, Any] = {}
        for key in form.keys if self.in_order else data:
            raw, read = data.get(key), form.keys.get(key)
            if raw is None or read is None:
                continue
            fact, parse = read
            try:
                value = facts[key] = parse(fact, raw, self.on)
            except Wrong as wrong:
                found = raw if wrong.found is None else wrong.found
                self.wrong(f"{path}.{key}", wrong.code, found, wrong.expected)
                continue
            if fact.event and value > self.on:
                expected = f"a day not after {self.on} (on)"
                self.wrong(f"{path}.{key}", "date/after-decision", raw, expected)
        person = None
        if form.has_person:
            at = f"{path}.person"
            person = self.entry("person", at, at, data.get("person"))
        return Entry(entity, id, path, facts, person)

    def form(self, entity: str) -> _Form:
        definition = self.library.entities[entity]
        form: _Form = self.library.prepared(definition, lambda: _Form.of(definition))
        return form

    def list(self, entity: str, case_key: str, data: Any) -> tuple[Entry, ...] | None:
        if data is None:
            return None
        if not isinstance(data, list):
            self.wrong(case_key, "type/list", data, f"a list of {case_key}")
            return None
        if len(data) > MAX_ROWS:
            found = f"{len(data)} rows"
            self.wrong(case_key, "list/too-long", found, f"at most {MAX_ROWS} in one case")
            return None
        seen: set[str] = set()
        return tuple(self.row(entity, case_key, index, item, seen) for index, item in enumerate(data))

    def row(self, entity: str, case_key: str, index: int, data: Any, seen: set[str]) -> Entry:
        place = f"{case_key}[{index}]"
        if not isinstance(data, dict):
            self.wrong(place, "type/mapping", data, f"a mapping of {entity} facts")
            return Entry(entity, place, place)
        raw = data.get("id")
        id = "" if raw is None or isinstance(raw, bool | dict | list) else str(raw).strip()
        if not id:
            self.wrong(f"{place}.id", "id/missing", raw, f"an id, unique among {case_key}")
            id = place
        elif "." in id or len(id) > MAX_ID:
            self.wrong(
                f"{place}.id", "id/malformed", id, f"an id without dots, of at most {MAX_ID} characters"
            )
        elif id in seen:
            self.wrong(f"{place}.id", "id/duplicate", id, f"an id, unique among {case_key}")
        seen.add(id)
        return self.entry(entity, id, f"{case_key}.{id}", data)

    def history(self, data: Any, known: frozenset[str]) -> tuple[Grant, ...]:
        if data is None:
            return ()
        if not isinstance(data, list):
            self.wrong("history", "type/list", data, "a list of past grants")
            return ()
        return tuple(g for i, item in enumerate(data) if (g := self.grant(i, item, known)))

    def grant(self, index: int, data: Any, known: frozenset[str]) -> Grant | None:
        path = f"history[{index}]"
        if isinstance(data, dict) and "id" in data:
            data = {key: value for key, value in data.items() if key != "id"}
        facts = self.entry("history", path, path, data).facts
        for key in ("measure", "subject"):
            if key not in facts and isinstance(data, dict) and data.get(key) is None:
                self.wrong(f"{path}.{key}", "key/missing", None, f"the {key} of a past grant")
        subject = facts.get("subject")
        if subject is not None and subject not in known:
            expected = "the id of something in this case"
            self.wrong(f"{path}.subject", "id/unknown", subject, expected)
        if "measure" not in facts or subject is None:
            return None
        return Grant(**facts)

    def dates(self, case: Case) -> None:
        """Nobody is hired, trained or graduated before birth."""
        for entry in case.all_entries():
            born = case.person_of(entry).facts.get("born_on")
            if born is None:
                continue
            for key in self.form(entry.entity).events:
                if key in entry.facts and entry.facts[key] < born:
                    found = entry.facts[key]
                    expected = f"a day after birth ({born})"
                    self.wrong(f"{entry.path}.{key}", "date/before-birth", found, expected)


def known_ids(case: Case) -> frozenset[str]:
    """Every id that history may name."""
    known: set[str] = set()
    for entry in case.all_entries():
        known |= identifiers(entry)
        representative = entry.facts.get("legal_representative_id")
        if representative is not None:
            known.add(str(representative))
    return frozenset(known)
