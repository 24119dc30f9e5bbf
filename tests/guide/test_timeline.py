"""What happened to a measure, day by day, in words."""

from __future__ import annotations

from zhida.guide.timeline import events
from zhida.library import Library


def test_days_are_in_order_and_say_what_happens(library: Library) -> None:
    found = events(library, "hiring-subsidy", "621025")
    assert [e.day for e in found] == sorted(e.day for e in found)
    opens = next(e for e in found if e.kind == "opens")
    assert opens.kind_text == "开始"
    assert opens.document in opens.text
    assert opens.window and opens.figures


def test_a_later_version_says_what_it_is_compared_with(library: Library) -> None:
    found = events(library, "flexible-insurance-subsidy", "210300")
    later = next(e for e in found if e.document == "鞍促就组发〔2020〕3号" and e.kind == "opens")
    assert later.compared.startswith("与 辽政办发〔2020〕25号")
    assert later.compared.endswith("以下数字不同：")
    assert any("→" in change for _, change in later.figures)


def test_a_standard_that_changes_names_its_text(library: Library) -> None:
    found = events(library, "unemployment-assistance", "621025")
    standard = next(e for e in found if e.kind == "standard")
    assert (standard.kind_text, standard.window, standard.figures) == ("标准", "", ())
    assert standard.source and "元/月" in standard.text


def test_a_place_without_the_measure_has_no_events(library: Library) -> None:
    assert events(library, "travel-subsidy", "110000") == ()
