"""The entries of the catalogue."""

from __future__ import annotations

from zhida.guide.catalogue import catalogue, documented_regions, life_events
from zhida.library import Library


def test_every_measure_has_an_entry_with_words_for_all_parts(library: Library) -> None:
    entries = catalogue(library)
    assert [entry.measure for entry in entries] == list(library.measures)
    assert all(e.name and e.summary and e.audience and e.unit and e.payee and e.kind for e in entries)


def test_every_measure_is_filed_under_an_occasion(library: Library) -> None:
    assert not [entry.measure for entry in catalogue(library) if not entry.life_events]


def test_an_entry_names_the_places_whose_documents_enact_it(library: Library) -> None:
    entry = next(e for e in catalogue(library) if e.measure == "travel-subsidy")
    assert [(place.code, place.name) for place in entry.regions] == [("620800", "平凉市")]
    known = set(documented_regions(library))
    assert all({place.code for place in e.regions} <= known for e in catalogue(library))


def test_occasions_are_counted_the_most_frequent_first(library: Library) -> None:
    events = life_events(catalogue(library))
    counts = [count for _, count in events]
    assert counts == sorted(counts, reverse=True)
    assert {"招人", "创业", "失业", "考证"} <= {event for event, _ in events}
