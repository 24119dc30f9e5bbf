"""An amount shared by payer: every share rounded to the cent, and the parts add up to the whole."""

from __future__ import annotations

from decimal import Decimal

from zhida.decide.decision import PayerShare, UnitResult
from zhida.decide.verdict import round_money
from zhida.library import Rule


def components_of(rule: Rule, units: tuple[UnitResult, ...], amount: Decimal) -> tuple[PayerShare, ...]:
    """The parts of `amount`; what rounding leaves over goes to the last payer, the one on the spot."""
    scope = next((u.scope for u in units if u.scope and u.verdict in ("eligible", "review")), None)
    if scope is None or not rule.components:
        return ()
    shares = [scope.value(component.share.node) for component in rule.components]
    if not all(isinstance(share, Decimal) for share in shares):
        return ()
    parts = [round_money(amount * share, rule.quantum) for share in shares[:-1]]
    parts.append(amount - sum(parts, Decimal(0)))
    return tuple(
        PayerShare(component.payer, share, part)
        for component, share, part in zip(rule.components, shares, parts, strict=True)
    )
