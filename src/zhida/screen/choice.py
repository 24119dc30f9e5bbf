"""Logic and choice in SQL with a third truth value: NULL where unknown, never the ELSE of a CASE.

`and` and `or` are SQL's own. A CASE takes NULL for false, so every choice says what an unknown condition
gives: what both branches agree on, else NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from math import lcm

from sqlglot import exp
from sqlglot.expressions import Expr

from zhida.feel import UNKNOWN
from zhida.screen import arithmetic, syntax
from zhida.screen.syntax import binary
from zhida.screen.terms import (
    VOID,
    Kind,
    Term,
    all_gaps,
    constant_term,
    gaps_of,
    is_known,
    is_unknown,
    total_weight,
    void,
)
from zhida.screen.widths import numerator

COMPARISONS = {"=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE}
TRUE, FALSE = constant_term(True), constant_term(False)
Share = Callable[[Term], Term]


def condition(sql: Expr, terms: Sequence[Term], spreads: bool = True) -> Term:
    """A truth value; `spreads`: unknown exactly where one of `terms` is."""
    nullable = any(term.nullable for term in terms)
    gaps = all_gaps(terms) if spreads else None
    return Term(sql, Kind.BOOLEAN, nullable=nullable, gaps=gaps, weight=total_weight(terms) or 1)


def compare(op: str, left: Term, right: Term) -> Term:
    if left.is_void or right.is_void:
        return void(Kind.BOOLEAN)
    terms = (left, right)
    if left.kind is Kind.NUMBER:
        left, right = arithmetic.side_by_side(left, right)
    return condition(binary(COMPARISONS[op], left.sql, right.sql), terms)


def all_of(terms: Iterable[Term]) -> Term:
    return _junction(list(terms), True)


def any_of(terms: Iterable[Term]) -> Term:
    return _junction(list(terms), False)


def _junction(terms: list[Term], neutral: bool) -> Term:
    """Kleene's `and` (true is neutral) or `or` (false is)."""
    if any(term.constant is (not neutral) for term in terms):
        return constant_term(not neutral)
    terms = [term for term in terms if term.constant is not neutral]
    if len(terms) < 2:
        return terms[0] if terms else constant_term(neutral)
    if all(term.is_void for term in terms):
        return void(Kind.BOOLEAN)
    join = syntax.conjunction if neutral else syntax.disjunction
    # tests of one column are unknown together
    together = all(gaps_of(term) == gaps_of(terms[0]) and len(gaps_of(term)) == 1 for term in terms)
    return condition(join([term.sql for term in terms]), terms, spreads=together)


def negation(term: Term) -> Term:
    if term.is_void:
        return void(Kind.BOOLEAN)
    if term.constant is not UNKNOWN:
        return constant_term(not term.constant)
    return condition(syntax.negation(term.sql), (term,))


def choose(test: Term, yes: Term, no: Term, share: Share) -> Term:
    """`if test then yes else no`."""
    if test.constant is not UNKNOWN:
        return yes if test.constant else no
    if yes.is_void and no.is_void:
        return yes
    test = share(test)
    if not test.nullable:
        return cases([(test.sql, yes)], no, (test, yes, no))
    agree = (
        None
        if _differ(yes, no) or _follows(test, yes, no)
        else (share_whole(yes, share), share_whole(no, share))
    )
    if agree is not None:
        yes, no = agree
    same = None if agree is None else compare("=", yes, no)
    if test.is_void:
        assert agree is not None or same is None
        return void(yes.kind) if same is None else cases([(same.sql, yes)], VOID, (yes, no))
    if same is None:
        return cases([(test.sql, yes), (is_unknown(test), VOID)], no, (test, yes, no))
    if no.is_void:
        return cases([(test.sql, yes)], VOID, (test, yes))
    return cases(
        [(test.sql, yes), (is_unknown(test), cases([(same.sql, yes)], VOID, (yes, no)))], no, (test, yes, no)
    )


def share_whole(term: Term, share: Share) -> Term:
    """A fraction is shared in both its parts."""
    shared = share(numerator(term))
    return replace(shared, divisor=share(term.divisor)) if term.divisor else shared


def _follows(test: Term, yes: Term, no: Term) -> bool:
    """Whether a branch is unknown wherever the condition is: then they agree on nothing."""
    gaps = set(gaps_of(test))
    return not test.is_void and any(gaps <= set(gaps_of(branch)) for branch in (yes, no))


def _differ(yes: Term, no: Term) -> bool:
    """Whether the two are never the same known value."""
    if yes.is_void or no.is_void:
        return True
    return yes.values is not None and no.values is not None and not yes.values & no.values


def cases(arms: Sequence[tuple[Expr, Term]], otherwise: Term, within: Sequence[Term]) -> Term:
    """A CASE whose branches are of one type; fractions become one fraction."""
    branches = [branch for _, branch in arms] + [otherwise]
    kind = next((b.kind for b in branches if b.kind is not Kind.NOTHING), Kind.NOTHING)
    weight = total_weight(within) + 1
    if kind is not Kind.NUMBER:
        result = Term(_sql(arms, branches), kind, values=_values(branches))
    else:
        result = _numbers(arms, branches)
    nullable = any(term.nullable for term in (*within, *branches))
    return replace(result, nullable=nullable, weight=weight)


def _sql(arms: Sequence[tuple[Expr, Term]], branches: Sequence[Term]) -> Expr:
    tests = [test for test, _ in arms]
    last = branches[-1]
    pairs = [(test, branch.sql) for test, branch in zip(tests, branches, strict=False)]
    return syntax.case(pairs, None if last.is_void else last.sql)


def _values(branches: Sequence[Term]) -> frozenset[object] | None:
    found: frozenset[object] = frozenset()
    for branch in branches:
        if not branch.is_void:
            if branch.values is None:
                return None
            found |= branch.values
    return found


def _numbers(arms: Sequence[tuple[Expr, Term]], branches: Sequence[Term]) -> Term:
    tops = arithmetic.aligned([numerator(branch) for branch in branches])
    result = arithmetic.chosen(_sql(arms, tops), tops)
    divisors = [branch.divisor for branch in branches if not branch.is_void]
    if not any(divisors):
        return replace(result, values=_values(branches))
    if all(divisor == divisors[0] for divisor in divisors):
        return replace(result, divisor=divisors[0])
    fixed = [divisor.constant for divisor in divisors if divisor]
    if all(isinstance(under, Decimal) and under == int(under) for under in fixed):
        return _over_one_divisor(arms, branches, lcm(*map(int, fixed)))
    unders = arithmetic.aligned([branch.divisor or arithmetic.ONE for branch in branches])
    return replace(result, divisor=arithmetic.chosen(_sql(arms, unders), unders))


def _over_one_divisor(arms: Sequence[tuple[Expr, Term]], branches: Sequence[Term], under: int) -> Term:
    """Fractions such as days / 22 and whole months: all over 22."""

    def over(branch: Term) -> Term:
        factor = under // int(branch.divisor.constant if branch.divisor else 1)
        return arithmetic.multiply(numerator(branch), constant_term(Decimal(factor)))

    tops = arithmetic.aligned([branch if branch.is_void else over(branch) for branch in branches])
    return replace(arithmetic.chosen(_sql(arms, tops), tops), divisor=constant_term(Decimal(under)))


def strict(result: Term, terms: Sequence[Term]) -> Term:
    """`result`, which ignores what is NULL among `terms`, made unknown where one of them is."""
    if not all_gaps(terms):
        return replace(result, nullable=False, gaps=())
    gaps = all_gaps(terms)
    if len(gaps) == len(terms) == 1:
        return replace(result, gaps=gaps)
    known = syntax.conjunction([syntax.is_not_null(gap) for gap in gaps])
    guarded = replace(result, sql=syntax.case([(known, result.sql)]), gaps=gaps, nullable=True)
    return replace(guarded, weight=total_weight(terms) + 1)


def extreme(function: str, terms: Sequence[Term], share: Share) -> Term:
    """LEAST or GREATEST, which ignore NULL in every engine, of what is known; else unknown."""
    if any(term.is_void for term in terms):
        return void(terms[0].kind)
    if len(terms) == 1:
        return terms[0]
    if all(isinstance(term.constant, Decimal) for term in terms):
        pick = min if function == "LEAST" else max
        return constant_term(pick(term.constant for term in terms))
    if any(term.divisor for term in terms):
        return _extreme_fraction(function, terms, share)
    parts = arithmetic.aligned(terms) if terms[0].kind is Kind.NUMBER else list(terms)
    sql = syntax.call(function, *(part.sql for part in parts))
    if terms[0].kind is not Kind.NUMBER:
        return strict(Term(sql, terms[0].kind), terms)
    return strict(_bounded(function, arithmetic.chosen(sql, parts), parts), terms)


def _bounded(function: str, term: Term, parts: Sequence[Term]) -> Term:
    """The tighter bound that an extreme has: the least of several is at most each of them."""
    factors = [10 ** (term.scale - part.scale) for part in parts]
    lows = [part.least * factor for part, factor in zip(parts, factors, strict=True)]
    highs = [part.most * factor for part, factor in zip(parts, factors, strict=True)]
    pick = min if function == "LEAST" else max
    return replace(term, low=pick(lows), high=pick(highs))


def _extreme_fraction(function: str, terms: Sequence[Term], share: Share) -> Term:
    op = "<=" if function == "LEAST" else ">="
    best = terms[0]
    for term in terms[1:]:
        best, term = share_whole(best, share), share_whole(term, share)
        first = compare(op, best, term)
        both = (best, term)
        best = cases([(first.sql, best), (is_known(first), term)], VOID, both)
    return best


def first_known(terms: Sequence[Term]) -> Term:
    """The first of `terms` that is known in each row, as COALESCE gives it; fractions too."""
    parts = [term for term in terms if not term.is_void]
    for place, term in enumerate(parts):
        if not term.nullable:
            parts = parts[: place + 1]
            break
    if len(parts) < 2:
        return parts[0] if parts else terms[0]
    nullable = all(part.nullable for part in parts)
    if any(part.divisor for part in parts):
        arms = [(is_known(part), part) for part in parts[:-1]]
        return replace(cases(arms, parts[-1], parts), nullable=nullable)
    aligned = arithmetic.aligned(parts) if parts[0].kind is Kind.NUMBER else parts
    sql = exp.Coalesce(this=_once(aligned[0].sql), expressions=[_once(part.sql) for part in aligned[1:]])
    result = arithmetic.chosen(sql, aligned) if parts[0].kind is Kind.NUMBER else Term(sql, parts[0].kind)
    return replace(result, nullable=nullable, weight=total_weight(parts), values=_values(parts))


def _once(sql: Expr) -> Expr:
    return sql.copy() if sql.parent is not None else sql


__all__ = [
    "FALSE", "TRUE", "all_of", "any_of", "choose", "compare", "extreme", "first_known", "gaps_of",
    "negation", "strict",
]  # fmt: skip
