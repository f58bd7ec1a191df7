"""One real Chromium for all tests that open a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


@dataclass
class Opened:
    """A page that was opened from a file, with what it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the session."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Give a function that writes a page to a file, opens it, and waits until its map is drawn."""
    contexts = []

    def opening(text: str, *, drawn: bool = True, before: str = "", address: str = "", **options: Any) -> Opened:
        path = tmp_path / f"map-{len(contexts)}.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(**(DESKTOP | options))
        contexts.append(context)
        context.set_default_timeout(20_000)
        opened = Opened(context.new_page())
        page = opened.page
        page.on("request", lambda request: opened.requests.append(request.url))
        page.on("console", lambda message: opened.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (opened.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        if before:
            page.add_init_script(before)
        page.goto(f"{path.as_uri()}{address}")
        if drawn:
            page.wait_for_selector("html.ready", state="attached")
        opened.requests.remove(path.as_uri() if path.as_uri() in opened.requests else f"{path.as_uri()}{address}")
        return opened

    yield opening
    for context in contexts:
        context.close()
