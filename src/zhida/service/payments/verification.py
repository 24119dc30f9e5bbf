"""Reading the transfers of every fund again: each link, and what the audit says of each posting."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from zhida.service.audit import links
from zhida.service.audit.links import Head, Links
from zhida.service.audit.verification import Finding
from zhida.service.payments.ledger import link_of
from zhida.service.payments.models import Fund, Transfer

ACTIONS = ("money moved",)
PAGE = 2000


def findings() -> Iterator[Finding]:
    """Whatever of the funds' transfers is not as it was written."""
    for pk in list(Fund.objects.order_by("pk").values_list("pk", flat=True)):
        subject = f"fund:{pk}"
        told = links.told(subject, ACTIONS)
        count, link = Fund.objects.values_list("count", "link").get(pk=pk)
        yield from Links(subject, Head(count, link), partial(_rows, pk), link_of).findings(told)
    funds = Fund.objects.values_list("pk", flat=True)
    yield from links.gone(ACTIONS, (f"fund:{pk}" for pk in funds))


def _rows(fund: int, until: int) -> Iterator[Transfer]:
    return Transfer.objects.filter(fund=fund, number__lte=until).order_by("number").iterator(PAGE)
