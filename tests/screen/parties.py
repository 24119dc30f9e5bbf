"""Hypothesis strategies of parties: an employer or a person with units and history, as a case.

Each begins with a worked case of a provision, so that most of its conditions hold, and changes some of
the facts that the provision reads: to values of the worked cases, to what the law compares them with,
one step below or above, or to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.screen.worked import Worked

from zhida.feel import nodes
from zhida.feel.nodes import Node, walk
from zhida.library import Library, Rule
from zhida.library.model import FactDef
from zhida.library.rule import FactPath

SINGLES = {"employer": "employer", "person": "applicant", "fund": "fund"}
COMPARING = (nodes.Binary, nodes.In, nodes.Between, nodes.Call)
STEPS = {"count": Decimal(1), "money": Decimal("0.01"), "number": Decimal("0.5"), "rate": Decimal("0.000001")}
LARGEST = {"rate": Decimal(1), "count": Decimal(2000)}
EARLIEST = date(1950, 1, 1)
IDENTITIES = ("id", "id_number", "uscc", "legal_representative_id")


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples of a strategy. They are compared all at once, so that nothing can be shrunk."""
    found: list[Any] = []

    @settings(
        max_examples=count, phases=[Phase.generate], database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def draw(one: Any) -> None:
        found.append(one)

    draw()
    return found


@dataclass(frozen=True)
class Provision:
    """A rule, the worked cases to begin with, and a day on which it is decided."""

    rule: Rule
    cases: Sequence[Worked]
    region: str


@dataclass
class Parties:
    """What parties are made of: the library's facts, and the values that each may have on a day."""

    library: Library
    cases: Sequence[Worked]
    rules: Sequence[Rule]
    on: date
    seen: dict[FactPath, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for worked in self.cases:
            for path, value in facts_of(self.library, worked.data):
                if value not in self.seen[path]:
                    self.seen[path].append(value)
        for rule in self.rules:
            for tree in trees(rule):
                self.learn(tree)

    def learn(self, tree: Node) -> None:
        """Literals that a comparison sets against facts are values of these facts."""
        for node in walk(tree):
            if not isinstance(node, COMPARING) or any(map(is_lookup, walk(node))):
                continue
            inside = list(walk(node))
            literals = [n.value for n in inside if isinstance(n, nodes.Literal)]
            for fact in inside:
                if isinstance(fact, nodes.Fact):
                    known = self.seen[fact.entity, fact.key]
                    known += [v for v in literals if v not in known and fits(self.fact(fact), v)]

    def fact(self, node: nodes.Fact) -> FactDef:
        return self.library.facts[node.entity, node.key]

    def values(self, path: FactPath) -> st.SearchStrategy[Any]:
        """Values of a fact, None for nothing known; each is possible in a case of the day."""
        if path not in self.strategies:
            self.strategies[path] = st.sampled_from([None, *self.pool(path)])
        return self.strategies[path]

    @cached_property
    def strategies(self) -> dict[FactPath, st.SearchStrategy[Any]]:
        return {}

    def pool(self, path: FactPath) -> list[Any]:
        fact, seen = self.library.facts[path], self.seen[path]
        match fact.type:
            case "boolean":
                return [True, False]
            case "choice":
                return list(fact.values)
            case "set":
                return [[], *([v] for v in fact.values), *(list(v) for v in seen if isinstance(v, list)),
                        list(fact.values[:3])]  # fmt: skip
            case "date":
                return self.days(fact, seen)
            case "money" | "count" | "number" | "rate":
                return numbers(fact, seen)
            case "region":
                return ["621025", "620802", "620101", "210302", "210323", "150207", "520100", "110105",
                        *(v for v in seen if is_code(v))]  # fmt: skip
        return list(seen)

    def days(self, fact: FactDef, seen: Sequence[Any]) -> list[date]:
        """Days of the law and of the cases, those about the day of the decision, and their neighbours."""
        said = [v if isinstance(v, date) else date.fromisoformat(str(v)) for v in seen if is_day(v)]
        back = [self.on.replace(day=1) - timedelta(days=n) for n in (0, 30, 92, 185, 400, 760, 1500)]
        year = [date(self.on.year, 1, 1), date(self.on.year - 1, 12, 31), date(self.on.year, 2, 28)]
        near = [day + timedelta(days=n) for day in (*said, self.on) for n in (-1, 0, 1)]
        latest = self.on if fact.event else date(2030, 1, 1)
        days = dict.fromkeys(min(day, latest) for day in (*near, *back, *year))
        return [day for day in days if day >= EARLIEST]

    def parties(self, provision: Provision) -> st.SearchStrategy[dict[str, Any]]:
        return _party(self, provision)


@st.composite
def _party(draw: Any, parties: Parties, provision: Provision) -> dict[str, Any]:
    rule = provision.rule
    case = deepcopy(draw(st.sampled_from(provision.cases)).data)
    case |= {"on": parties.on, "region": provision.region}
    case.pop("place", None)
    read = [path for path in read_by(rule) if path[0] != "place" and path[1] not in IDENTITIES]
    key = parties.library.entities[rule.unit].case_key
    if rule.unit not in (*SINGLES, "place"):
        case[key] = case.get(key) or [{"id": "u1"}]
        for number in range(draw(st.integers(0, 2))):
            copy = deepcopy(draw(st.sampled_from(case[key])))
            case[key].append(copy | {"id": f"more{number}"})
    for _ in range(draw(st.integers(0, 5)) if read else 0):
        path = draw(st.sampled_from(read))
        change(case, path, draw(parties.values(path)), draw(st.integers(0, 3)), parties.library)
    if not draw(st.booleans()):
        case["history"] = [draw(_grant(parties, rule, case)) for _ in range(draw(st.integers(0, 3)))]
    tidy(case, parties)
    return case


@st.composite
def _grant(draw: Any, parties: Parties, rule: Rule, case: Mapping[str, Any]) -> dict[str, Any]:
    """A past grant of the measure, or of one that it looks at, to someone in the case."""
    others = [
        *(rule.exclusion.measures if rule.exclusion else ()),
        *(h.measure for h in rule.from_history.values()),
    ]
    years = [parties.on.year, parties.on.year - 1]
    grant = {
        "measure": draw(st.sampled_from([rule.measure, rule.measure, *sorted(others)])),
        "subject": draw(st.sampled_from(sorted(names_in(parties.library, case)))),
        "on": draw(st.sampled_from([None, parties.on, date(years[1], 12, 31), date(years[0], 1, 1)])),
        "period": draw(st.sampled_from([None, None, f"{years[0]}", f"{years[0]}-01", f"{years[1]}-12"])),
        "months": draw(st.sampled_from([None, None, 0, 1, 3, 12, 40])),
        "amount": draw(st.sampled_from([None, "1000.00", "0.01", "500000.00"])),
    }
    if rule.unit == "certificate":
        grant["trade"] = draw(
            st.sampled_from([None, "育婴员", *map(str, parties.seen["certificate", "trade"])])
        )
        grant["level"] = draw(st.sampled_from([None, "初级", "中级", "高级"]))
    return {key: value for key, value in grant.items() if value is not None}


def names_in(library: Library, case: Mapping[str, Any]) -> set[str]:
    """The names under which history may know someone in the case."""
    found = {"employer"} if "employer" in case else set()
    found |= {"applicant"} if "applicant" in case else set()
    for rows in (v for v in case.values() if isinstance(v, list)):
        for row in rows:
            if "id" in row:
                found.add(str(row["id"]))
                found |= {
                    str(row["person"][k]) for k in ("id", "id_number") if (row.get("person") or {}).get(k)
                }
    for single in ("employer", "applicant"):
        facts = case.get(single) or {}
        found |= {str(facts[k]) for k in IDENTITIES if facts.get(k) is not None}
    return found or {"applicant"}


def change(case: dict[str, Any], path: FactPath, value: Any, which: int, library: Library) -> None:
    """Set a fact, of one of the rows where there are several; None takes it away."""
    entity, key = path
    target: Any
    if entity in ("employer", "fund"):
        target = case.setdefault(SINGLES[entity], {})
    elif entity == "person":
        holders = [row for name in ("hires", "internships", "placements") for row in case.get(name) or ()]
        target = (
            holders[which % len(holders)].setdefault("person", {})
            if holders
            else case.setdefault("applicant", {})
        )
    else:
        rows = case.get(library.entities[entity].case_key) or []
        if not rows:
            return
        target = rows[which % len(rows)]
    if value is None:
        target.pop(key, None)
    else:
        target[key] = value


def tidy(case: dict[str, Any], parties: Parties) -> None:
    """No event lies after the day of the decision, and nobody is born after anything that happened."""
    happened, born = [parties.on], []
    for holder, entity in holders_of(parties.library, case):
        for key, value in holder.items():
            if is_day(value) and (fact := parties.library.facts.get((entity, key))) is not None:
                day = value if isinstance(value, date) else date.fromisoformat(str(value))
                holder[key] = min(day, parties.on) if fact.event else day
                if key == "born_on":
                    born.append(holder)
                else:
                    happened.append(holder[key])
    for person in born:
        if person["born_on"] > min(happened):
            del person["born_on"]


def holders_of(library: Library, case: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every mapping of facts in a case with its entity."""
    for entity in library.entities.values():
        found = case.get(entity.case_key)
        for row in [found] if isinstance(found, dict) else found or ():
            yield row, entity.entity
            if isinstance(row.get("person"), dict):
                yield row["person"], "person"


def facts_of(library: Library, case: Mapping[str, Any]) -> Iterator[tuple[FactPath, Any]]:
    for holder, entity in holders_of(library, case):
        for key, value in holder.items():
            if (entity, key) in library.facts and value is not None:
                yield (entity, key), value


def trees(rule: Rule) -> Iterator[Node]:
    """Every expression that can matter for a unit."""
    for condition in rule.conditions:
        yield from (e.node for e in (condition.when, condition.review) if e is not None)
    yield from (e.node for e in (rule.amount, rule.amount_review, rule.event) if e is not None)
    yield from (limit.cap.node for limit in rule.limits if limit.cap is not None)
    yield from (derived.expression.node for derived in rule.derived.values())


def read_by(rule: Rule) -> list[FactPath]:
    """The facts that the rule reads, those of its derived facts too."""
    found = dict.fromkeys(
        (n.entity, n.key) for e in own_trees(rule) for n in walk(e) if isinstance(n, nodes.Fact)
    )
    found |= dict.fromkeys(path for limit in rule.limits for path in limit.same)
    done: set[FactPath] = set()
    while more := [path for path in found if path in rule.derived and path not in done]:
        for path in more:
            done.add(path)
            inputs = walk(rule.derived[path].expression.node)
            found |= dict.fromkeys((n.entity, n.key) for n in inputs if isinstance(n, nodes.Fact))
    return list(found)


def own_trees(rule: Rule) -> Iterator[Node]:
    count = sum(1 for _ in rule.derived)
    every = list(trees(rule))
    yield from every[: len(every) - count]


def numbers(fact: FactDef, seen: Sequence[Any]) -> list[Any]:
    step, largest = STEPS[fact.type], LARGEST.get(fact.type, Decimal(10) ** 9)
    known = {number(v) for v in seen} | {Decimal(0), Decimal(1)}
    near = {value + n * step for value in known if value is not None for n in (-1, 0, 1)}
    return sorted(v for v in near if 0 <= v <= largest and (fact.type != "count" or v == int(v)))


def number(value: Any) -> Decimal | None:
    text = str(value)
    try:
        found = Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def fits(fact: FactDef, value: Any) -> bool:
    match fact.type:
        case "money" | "count" | "number" | "rate":
            return isinstance(value, Decimal)
        case "date":
            return isinstance(value, date)
        case "text" | "code":
            return isinstance(value, str) and not fact.values
    return False


def is_lookup(node: Node) -> bool:
    return isinstance(node, nodes.Call) and node.function == nodes.Name("lookup")


def is_day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def is_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 6 and value.isdigit()
