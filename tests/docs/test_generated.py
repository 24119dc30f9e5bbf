"""Tables that come from the code and the policies are as `python -m tests.docs.generate` writes them."""

from pathlib import Path

import pytest

from tests.docs.generate import PARTS, written
from tests.docs.markdown import DOCS, generated
from zhida.library import Library


@pytest.mark.parametrize("part", PARTS)
def test_a_generated_table_is_up_to_date(library: Library, part: str):
    name = PARTS[part][0]
    fresh = {path.name: text for path, text in written(library)}
    current = (DOCS / name).read_text(encoding="utf-8")
    assert generated(current, part) == generated(fresh[name], part), "run python -m tests.docs.generate"


def test_every_measure_and_entity_is_in_the_glossary(library: Library):
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    wanted = [*library.measures, *library.entities, *(e.name for e in library.entities.values())]
    assert not [term for term in wanted if f"`{term}`" not in text and f"| {term} |" not in text]


def test_links_between_pages_lead_somewhere():
    broken = [f"{page.name}: {link}" for page in pages() for link in links(page) if not leads(page, link)]
    assert not broken


def pages() -> list[Path]:
    root = DOCS.parent
    return [page for page in (*root.glob("*.md"), *DOCS.rglob("*.md")) if page.is_file()]


def links(page: Path) -> list[str]:
    import re

    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link for link in found if "://" not in link]


def leads(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    import re

    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
