"""A real browser before the service: the system's Chromium, driven by playwright over a live server.

    @pytest.mark.browser
    def test_it_is_found(visit):
        visitor = visit(width=360)                  # also: javascript=False, user=applicant, language="en"
        visitor.go("/measures/")
        visitor.looks_right("measures")             # axe, no sideways scrolling, nothing on the console

`visitor.page` is playwright's own page. With ZHIDA_SCREENSHOTS=folder every `looks_right` also keeps a
picture.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.postgresql import missing

PHONE, TABLET, DESK = 360, 768, 1440
MOST_TABS = 150
HEIGHTS = {PHONE: 740, TABLET: 1024, DESK: 900}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOCUSED = """(() => {
    const at = document.activeElement;
    return at === document.body ? '' : (at.labels?.[0] ?? at).textContent.trim();
})()"""
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


class Visitor:
    """Someone at a screen of a given width, with or without JavaScript."""

    def __init__(self, context: BrowserContext, address: str, javascript: bool) -> None:
        self.context, self.address, self.javascript = context, address, javascript
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        """Opens an address of the site."""
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"
        return self.page

    def click(self, name: str, role: str = "button") -> Page:
        """The one link, button or option that is called so."""
        found = self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        found.first.click()
        return self.page

    def looks_right(self, name: str = "") -> None:
        """Nothing that axe objects to, nothing wider than the screen, nothing complained of."""
        if name:
            self.picture(name)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.evaluate("window.innerWidth"), f"{self.page.url} is {width} wide"
        if self.javascript:
            found = Axe().run(self.page, options={"runOnly": list(STANDARDS)})
            assert not found.response["violations"], found.generate_report()
        assert self.complaints == []

    def picture(self, name: str, whole: bool = True) -> None:
        """A picture of the page in ZHIDA_SCREENSHOTS, where that is set."""
        folder = os.environ.get("ZHIDA_SCREENSHOTS")
        if folder:
            width = (self.page.viewport_size or {})["width"]
            self.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=whole)

    def tab_to(self, text: str) -> None:
        """Presses Tab until what is focused reads `text`; its focus must be visible."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if text in self.page.evaluate(FOCUSED):
                assert self.has_visible_focus(), f"the focus on {text} cannot be seen"
                return
        raise AssertionError(f"Tab never reaches {text!r} on {self.page.url}")

    def has_visible_focus(self) -> bool:
        """Whether the focused element, its label or its surroundings are outlined."""
        return self.page.evaluate(
            """() => {
                const at = document.activeElement;
                const lined = (e, p) => e && getComputedStyle(e, p).outlineStyle !== 'none';
                return lined(at) || lined(at.labels?.[0]) || lined(at, '::after');
            }"""
        )

    def press(self, key: str) -> Page:
        """A key that stays on the page."""
        self.page.keyboard.press(key)
        return self.page

    def enter(self) -> Page:
        """Enter, on a link or in a form: what it leads to is there when this returns."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing("Chromium is not installed")
    # Playwright's loop runs in the thread of the tests; what Django does there is not asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """`visit(width=…, javascript=…, user=…, language=…)`: a new visitor of the live server."""
    contexts: list[BrowserContext] = []

    def new_visitor(
        width: int = DESK, javascript: bool = True, user: Any = None, language: str = "zh-CN"
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            java_script_enabled=javascript,
            locale=language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session(user, live_server.url)])
        return Visitor(context, live_server.url, javascript)

    yield new_visitor
    for context in contexts:
        context.close()


def _session(user: Any, address: str) -> Any:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}
