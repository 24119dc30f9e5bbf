"""An amount shared by payer: every share rounded to the cent, and the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zhida.decide.decision import Decision, PayerShare, UnitResult
from zhida.decide.formula import result
from zhida.decide.missing import waits_for
from zhida.decide.verdict import round_money
from zhida.library import Rule

ZERO = Decimal(0)


def components_of(rule: Rule, decision: Decision) -> tuple[PayerShare, ...]:
    """What each payer bears of the decision's amount. A share that differs among its units is None."""
    paid = [_of_unit(rule, unit) for unit in _paid(decision)]
    if not paid or not all(paid):
        return ()
    return tuple(
        PayerShare(
            parts[0].payer,
            parts[0].share if len({part.share for part in parts}) == 1 else None,
            sum((part.amount for part in parts), ZERO),
        )
        for parts in zip(*paid, strict=True)
    )


def shares_missing(rule: Rule, decision: Decision) -> Iterator[str]:
    """What the shares of an amount that is known still wait for."""
    for unit in _paid(decision) if decision.amount and not decision.components else ():
        for component in rule.components:
            assert unit.scope is not None
            yield from waits_for(component.share, unit.scope)


def _paid(decision: Decision) -> list[UnitResult]:
    return [unit for unit in decision.units if unit.verdict == decision.verdict and unit.amount]


def _of_unit(rule: Rule, unit: UnitResult) -> tuple[PayerShare, ...]:
    """What rounding leaves over goes to the last payer, the one on the spot."""
    assert unit.scope is not None and unit.amount is not None
    shares = [result(component.share, unit.scope) for component in rule.components]
    if not all(isinstance(share, Decimal) for share in shares):
        return ()
    amounts = [round_money(unit.amount * share, rule.quantum) for share in shares[:-1]]
    amounts += [unit.amount - sum(amounts, ZERO)] if shares else []
    return tuple(
        PayerShare(component.payer, share, amount)
        for component, share, amount in zip(rule.components, shares, amounts, strict=True)
    )
