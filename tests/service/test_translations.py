"""Every word of the interface has its English: the catalogues are complete, current and compiled.

`makemessages` runs over a copy of each app; what it finds must be what the app's catalogue has.
"""

from __future__ import annotations

import gettext
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

SERVICE = Path(__file__).parents[2] / "src/zhida/service"
ENTRY = re.compile(
    r'(?P<head>(?:^#.*\n)*)(?:^msgctxt (?P<context>(?:".*"\n)+))?^msgid (?P<id>(?:".*"\n)+)'
    r'(?:^msgid_plural (?P<plural>(?:".*"\n)+))?(?P<texts>(?:^msgstr(?:\[\d\])? (?:".*"\n?)+)+)',
    re.MULTILINE,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMED = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def folders() -> list[Path]:
    """The apps of the service that say anything in Chinese to people."""
    own = (Path(app.path) for app in apps.get_app_configs() if app.name.startswith("zhida.service."))
    return sorted(folder for folder in own if (folder / "locale").is_dir() or _speaks(folder))


def _speaks(folder: Path) -> bool:
    sources = [*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]
    said = re.compile(r"\{% (?:translate|blocktranslate)|gettext|_\(\"")
    return any(said.search(source.read_text(encoding="utf-8")) for source in sources)


def entries(catalogue: Path) -> dict[str, tuple[str, list[str]]]:
    """The messages of a catalogue: what stands above each, and its translations."""
    found = {}
    for match in ENTRY.finditer(catalogue.read_text(encoding="utf-8")):
        key = _text(match["context"] or "") + "\x04" + _text(match["id"])
        texts = re.split(r"^msgstr(?:\[\d\])? ", match["texts"], flags=re.MULTILINE)[1:]
        found[key] = (match["head"], [_text(text) for text in texts])
    found.pop("\x04", None)
    return found


def _text(quoted: str) -> str:
    parts = (line.strip() for line in quoted.splitlines())
    return "".join(part[1:-1] for part in parts if part.startswith('"'))


@pytest.fixture(params=folders(), ids=lambda folder: folder.name)
def folder(request: Any) -> Path:
    return request.param


def test_every_message_is_in_the_catalogue_and_no_other(folder, tmp_path, monkeypatch):
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    (copy / "locale").mkdir(exist_ok=True)
    monkeypatch.chdir(copy)
    call_command("makemessages", locale=["en"], no_location=True, no_obsolete=True, verbosity=0)
    made = copy / "locale/en/LC_MESSAGES/django.po"
    said = set(entries(made)) if made.exists() else set()
    kept = folder / "locale/en/LC_MESSAGES/django.po"
    translated = set(entries(kept)) if kept.exists() else set()
    assert said - translated == set(), "run makemessages and translate"
    assert translated - said == set(), "nobody says this any more"


def test_every_message_is_translated(folder):
    for key, (head, texts) in entries(folder / "locale/en/LC_MESSAGES/django.po").items():
        assert all(texts), f"{key} has no English"
        assert "fuzzy" not in head, f"{key} is only guessed"
        own = key.removeprefix("\x04")
        assert not (own in texts and CHINESE.search(own)), f"{key} is still Chinese"
        wanted = set(NAMED.findall(key))
        assert all(set(NAMED.findall(text)) <= wanted for text in texts), f"{key} names something unknown"


def test_the_compiled_catalogue_is_current(folder):
    catalogue = folder / "locale/en/LC_MESSAGES/django.po"
    with catalogue.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, (_, texts) in entries(catalogue).items():
        message = key.removeprefix("\x04").encode().decode("unicode_escape").encode("latin-1").decode()
        expected = texts[0].encode().decode("unicode_escape").encode("latin-1").decode()
        assert compiled.gettext(message) == expected or compiled.ngettext(message, message, 1) == expected
