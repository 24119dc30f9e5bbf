"""Publications, lines and objections for the pages of one object, as access_objects.py wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from zhida.service import clock
from zhida.service.cases.models import Case
from zhida.service.notices.models import Line, Objection, Publication

SHOWN = {"name": "好味餐厅", "number": "****0004", "people": ["张*"], "amount": "1000.00"}


def a_publication(world: Any, make_package: Callable[[Any], Any]) -> Publication:
    make_package(world)
    today = clock.today()
    made = Publication.objects.create(
        number="GS1", region=world.region, title="名单公示", measure="pension-deferral", measure_name="缓缴",
        document="正政办发〔2022〕91号", clause="一", library="l", days=5, opens_on=today,
        closes_on=today + timedelta(days=7), key="k", published_by="a", published_at=clock.now(),
        state="open",
    )  # fmt: skip
    Line.objects.create(publication=made, number=1, case=Case.objects.get(), shown=SHOWN, link="l")
    return made


def an_objection(world: Any, make_package: Callable[[Any], Any]) -> Objection:
    line = a_publication(world, make_package).lines.get()
    who = {"name": "王大明", "phone": "13811112222", "identity": "621025199001010018", "identity_hash": "h"}
    return Objection.objects.create(line=line, number=1, text="不属实", at=clock.now(), **who)


def notices(make_package: Callable[[Any], Any]) -> Mapping[str, Callable[[Any], Mapping[str, Any]]]:
    """The kinds of access.csv; `make_package` makes what is published."""
    return {
        "publication": lambda world: {"number": a_publication(world, make_package).number},
        "line of a publication": lambda world: {
            "number": a_publication(world, make_package).number,
            "line": 1,
        },
        "objection": lambda world: {"pk": an_objection(world, make_package).pk},
    }
