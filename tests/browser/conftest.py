"""A headless Chromium that has no network and reports every fault of a page."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from evals.reporting.paint import browser, launched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module: while it is open, this thread has a running event loop, as no other test may."""
    program = browser()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = launched(playwright, program)
        yield opened
        opened.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address, with a script ``before`` all others.

    At the end nothing may have been logged, and nothing asked for but that address.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_it(address: str, *, before: str = "", **options: Any) -> Page:
        context = chromium.new_context(offline=True, accept_downloads=True, **options)
        context.add_init_script(before)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: faults.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda asked: _check(asked.url, address))
        page.goto(address)
        return page

    def _check(asked: str, address: str) -> None:
        if urldefrag(asked).url != urldefrag(address).url and not asked.startswith(("data:", "blob:")):
            faults.append(f"request: {asked}")

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []
