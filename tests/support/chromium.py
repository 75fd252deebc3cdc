"""A real browser for tests: headless Chromium, one per module, a fresh page per test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), "")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Playwright's loop runs in this thread while the fixture lives: for a whole session it would be in the way of
# every test that runs a loop of its own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium. Without it the tests are skipped; with HATTRICK_TEST_ALL=1 they fail."""
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
        executable = CHROMIUM or (bundled if Path(bundled).exists() else "")
        if not executable:
            if os.environ.get("HATTRICK_TEST_ALL") == "1":
                pytest.fail("Chromium is not installed, and HATTRICK_TEST_ALL=1 asks for every test")
            pytest.skip("Chromium is not installed")
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def chromium_page(chromium: Browser) -> Iterator[Page]:
    """Open a fresh page of 1280 x 800; whatever goes wrong in its scripts fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(10_000)
    expect.set_options(timeout=10_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
