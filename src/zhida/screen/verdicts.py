"""What one rule says of each row: verdict, the condition that fails first, what is missing, the amount.

Conditions that need only a parent's facts are judged on the parent's rows, each employer once however
many people it hired; a row's own verdict then joins what its parents' rows say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.library.rule import Condition
from zhida.screen import syntax
from zhida.screen.arithmetic import money
from zhida.screen.dialects import Dialect
from zhida.screen.facts import Facts
from zhida.screen.lowering import lower
from zhida.screen.missing import Waits, mask, merged, under, waits
from zhida.screen.syntax import cast, integer, is_null, negation
from zhida.screen.terms import Kind, Term
from zhida.screen.upper import upper

PASSES = 99
"""The number of the first failing condition where none fails."""
REVIEW, OPEN = 1, 2
"""How the conditions stand where none fails: 0 where all hold."""
VERDICTS = ("eligible", "review", "unknown", "ineligible")
MOST_KEYS = 62
MONEY = "DECIMAL(18, 2)"


class TooManyFacts(ValueError):
    """A rule waits for more facts than the bits of one number can tell apart."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one rule, one value per row.

    `fails`: the number of the first failing condition, or PASSES. `missing`: the sum of 2**n over the
    facts `keys[n]` that the row waits for. `amount`: money as it is paid; `worth`: the same before
    rounding; `upper`: the most that an open row can come to, NULL where nothing bounds it.
    """

    verdict: Term
    fails: Term
    missing: Term
    amount: Term
    worth: Term
    upper: Term
    keys: tuple[str, ...]


@dataclass(slots=True)
class Keys:
    """The facts that a rule can wait for, in the order in which they are met, each with its bit."""

    bits: dict[str, int] = field(default_factory=dict)

    def bit(self, key: str) -> int:
        if len(self.bits) >= MOST_KEYS and key not in self.bits:
            raise TooManyFacts(f"more than {MOST_KEYS} facts can be missing")
        return 1 << self.bits.setdefault(key, len(self.bits))


@dataclass(frozen=True, slots=True)
class _Tested:
    """A condition as columns: whether it holds, and whether only judgement is left."""

    number: int
    condition: Condition
    holds: Term
    review: Term | None

    @property
    def fails(self) -> Expr:
        refused = [negation(self.holds.sql)]
        if self.review is not None:
            refused.append(negation(self.review.sql))
        return syntax.conjunction(refused)

    @property
    def lacks(self) -> Expr:
        """Whether the condition itself is unknown, and no judgement stands in for it."""
        if not self.condition.review_if_unknown or self.review is None:
            return is_null(self.holds.sql)
        return syntax.conjunction([is_null(self.holds.sql), negation(surely(self.review))])

    @property
    def lacks_review(self) -> Expr | None:
        """Whether it does not hold, and it is unknown whether judgement is left."""
        if self.review is None or not self.review.nullable:
            return None
        return syntax.conjunction([negation(self.holds.sql), is_null(self.review.sql)])

    @property
    def judged(self) -> Expr | None:
        """Whether only judgement is left."""
        if self.review is None:
            return None
        left = syntax.conjunction([negation(self.holds.sql), self.review.sql])
        if not self.condition.review_if_unknown:
            return left
        return syntax.disjunction([left, syntax.conjunction([is_null(self.holds.sql), self.review.sql])])


@dataclass(frozen=True, slots=True)
class _Judged:
    """The conditions that one frame judges, as columns; None where no row differs from the best."""

    fails: Term | None = None
    state: Term | None = None
    missing: Term | None = None


@dataclass(frozen=True, slots=True)
class _Price:
    """What a row is worth, whatever its verdict. `settle`: a person has to settle it (A12)."""

    worth: Term
    amount: Term
    upper: Expr
    settle: Term | None = None
    missing: Term | None = None


def judge(facts: Facts, label: str) -> Columns:
    """The columns of the rule of `facts` over the rows of its frame; `label` names them."""
    keys, frame = Keys(), facts.frame
    parts = [_judged(home, conditions, keys, label) for home, conditions in _by_frame(facts)]
    parts = [_adopted(facts, home, p) for (home, _), p in zip(_by_frame(facts), parts, strict=True)]
    fails = _extreme("LEAST", [p.fails for p in parts if p.fails], PASSES)
    state = frame.share(f"{label}.state", _extreme("GREATEST", [p.state for p in parts if p.state], 0))
    fails = frame.define(f"{label}.fails", fails)
    refused = syntax.binary(exp.NEQ, fails.sql, integer(PASSES))
    price = _price(facts, label, refused, keys)
    waits = [p.missing for p in parts if p.missing] + ([price.missing] if price.missing else [])
    return Columns(
        frame.define(f"{label}.verdict", _verdict(facts.dialect, refused, state, price.settle)),
        fails,
        frame.define(f"{label}.missing", _bits(refused, waits)),
        frame.define(f"{label}.amount", _paid(refused, state, price.amount)),
        price.worth,
        frame.define(f"{label}.upper", _open_upper(refused, state, price)),
        tuple(keys.bits),
    )


def _by_frame(facts: Facts) -> list[tuple[Facts, list[tuple[int, Condition]]]]:
    """The conditions of the rule, each in the highest frame that has all it needs."""
    found: dict[int, tuple[Facts, list[tuple[int, Condition]]]] = {}
    for number, condition in enumerate(facts.rule.conditions):
        home = facts.home_of(*(e.node for e in (condition.when, condition.review) if e))
        found.setdefault(id(home), (facts.at(home), []))[1].append((number, condition))
    return list(found.values())


def _judged(facts: Facts, conditions: Sequence[tuple[int, Condition]], keys: Keys, label: str) -> _Judged:
    tested = [t for t in (_tested(facts, n, c) for n, c in conditions) if not _always(t.holds)]
    if not tested:
        return _Judged()
    frame, name = facts.frame, f"{label}.{facts.frame.entity}"
    first = syntax.case(((t.fails, integer(t.number)) for t in tested), integer(PASSES))
    fails = frame.share(f"{name}.fails", _small(first))
    state = _state(tested)
    if state is None:
        return _Judged(fails)
    state = frame.share(f"{name}.state", state)
    lacking = merged(_waits(facts, tested))
    if not lacking:
        return _Judged(fails, state)
    open_row = syntax.conjunction([_equals(fails, PASSES), _equals(state, OPEN)])
    return _Judged(fails, state, frame.share(f"{name}.missing", _mask(under(open_row, lacking), keys)))


def _tested(facts: Facts, number: int, condition: Condition) -> _Tested:
    context, frame = facts.context, facts.frame
    name = f"{facts.rule.measure}.{condition.id}"
    holds = frame.share(name, lower(context.folded(condition.when.node), facts))
    review = None
    if condition.review is not None:
        review = frame.share(f"{name}.review", lower(context.folded(condition.review.node), facts))
    return _Tested(number, condition, holds, review)


def _state(tested: Sequence[_Tested]) -> Term | None:
    """How the conditions stand, for rows on which none fails; None where all then hold."""
    plain = [t.holds.sql for t in tested if t.holds.nullable and t.review is None]
    lacking = [is_null(syntax.conjunction(plain))] if plain else []
    lacking += [t.lacks for t in tested if t.holds.nullable and t.review is not None]
    lacking += [part for t in tested if (part := t.lacks_review) is not None]
    judged = [part for t in tested if (part := t.judged) is not None]
    arms = []
    if lacking:
        arms.append((syntax.disjunction(lacking), integer(OPEN)))
    if judged:
        arms.append((syntax.disjunction(judged), integer(REVIEW)))
    return _small(syntax.case(arms, integer(0))) if arms else None


def _waits(facts: Facts, tested: Sequence[_Tested]) -> Iterator[Sequence[Waits]]:
    """What the row waits for in each condition that is open."""
    context = facts.context
    for test in tested:
        if test.holds.nullable:
            yield under(test.lacks, waits(context.folded(test.condition.when.node), facts))
        open_review = test.lacks_review
        if open_review is not None and test.condition.review is not None:
            yield under(open_review, waits(context.folded(test.condition.review.node), facts))


def _mask(lacking: Sequence[Waits], keys: Keys) -> Term:
    """The sum of the bits of the facts that are missing."""
    return Term(cast(mask(lacking, keys.bit), "BIGINT"), Kind.NUMBER, 18, 0, nullable=False)


def _adopted(facts: Facts, home: Facts, judged: _Judged) -> _Judged:
    if home.frame is facts.frame:
        return judged
    terms = (judged.fails, judged.state, judged.missing)
    return _Judged(*(t and facts.frame.adopt(home.frame.entity, t) for t in terms))


def _price(facts: Facts, label: str, refused: Expr, keys: Keys) -> _Price:
    rule, frame, context = facts.rule, facts.frame, facts.context
    if rule.amount is None:
        nothing = Term(cast(exp.null(), MONEY), Kind.NUMBER, 18, 2)
        return _Price(nothing, nothing, exp.null())
    settle = None
    if rule.amount_review is not None:
        settle = frame.share(f"{label}.settle", lower(context.folded(rule.amount_review.node), facts))
    node = context.folded(rule.amount.node)
    worth = lower(node, facts)
    amount = frame.share(f"{label}.price", _rounded(facts, worth))
    most = _rounded(facts, upper(node, facts)).sql
    lacking = waits(node, facts) if worth.nullable else ()
    if not lacking:
        return _Price(worth, amount, most, settle)
    wanted = [negation(refused), is_null(amount.sql)]
    if settle is not None:
        wanted.append(negation(surely(settle)))
    unpriced = _mask(under(syntax.conjunction(wanted), lacking), keys)
    return _Price(worth, amount, most, settle, frame.share(f"{label}.unpriced", unpriced))


def _rounded(facts: Facts, worth: Term) -> Term:
    sql = money(worth, facts.rule.quantum, facts.dialect)
    return Term(sql, Kind.NUMBER, 18, 2, worth.nullable)


def _verdict(dialect: Dialect, refused: Expr, state: Term, settle: Term | None) -> Term:
    arms = [(refused, "ineligible"), (_equals(state, OPEN), "unknown"), (_equals(state, REVIEW), "review")]
    if settle is not None:
        arms.append((settle.sql, "review"))
    told = syntax.case(
        ((test, dialect.word(word, VERDICTS)) for test, word in arms), dialect.word("eligible", VERDICTS)
    )
    return Term(told, Kind.TEXT, nullable=False)


def _paid(refused: Expr, state: Term, amount: Term) -> Term:
    """Nothing where it is refused, unknown while conditions are open, else what it is worth."""
    arms = [(refused, cast(integer(0), MONEY)), (_equals(state, OPEN), exp.null())]
    return Term(syntax.case(arms, amount.sql), Kind.NUMBER, 18, 2)


def _open_upper(refused: Expr, state: Term, price: _Price) -> Term:
    """The most that a row can come to whose conditions or amount are open."""
    unsettled = [_equals(state, OPEN), *([is_null(price.amount.sql)] if price.amount.nullable else [])]
    wanted = syntax.conjunction([negation(refused), syntax.disjunction(unsettled)])
    return Term(syntax.case([(wanted, price.upper)]), Kind.NUMBER, 38, 2)


def _bits(refused: Expr, masks: Sequence[Term]) -> Term:
    """What a row waits for: nothing where it is refused, else what any of its parts does."""
    whole: Expr | None = None
    for part in masks:
        whole = part.sql if whole is None else exp.BitwiseOr(this=whole, expression=part.sql)
    sql = _big(0) if whole is None else syntax.case([(refused, _big(0))], whole)
    return Term(sql, Kind.NUMBER, 18, 0, nullable=False)


def _extreme(function: str, terms: Sequence[Term], without: int) -> Term:
    """The least or greatest of columns that are never NULL."""
    if len(terms) == 1:
        return terms[0]
    return _small(syntax.call(function, *(t.sql for t in terms)) if terms else integer(without))


def _always(holds: Term) -> bool:
    return isinstance(holds.sql, exp.Boolean) and bool(holds.sql.this)


def surely(term: Term) -> Expr:
    """Whether it is true: unknown is not."""
    return exp.Coalesce(this=term.sql.copy(), expressions=[exp.false()]) if term.nullable else term.sql


def _small(sql: Expr) -> Term:
    return Term(sql, Kind.NUMBER, 2, 0, nullable=False)


def _equals(term: Term, value: int) -> Expr:
    return syntax.binary(exp.EQ, term.sql, integer(value))


def _big(value: int) -> Expr:
    return cast(integer(value), "BIGINT")
