"""The chat page in the system's Chromium. A machine without it fails these tests: they are never skipped."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from coreops_sandbox.server import Sandbox

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
WAIT_MS = 10_000

Open = Callable[..., Awaitable[Page]]


def is_complaint(said: ConsoleMessage) -> bool:
    """Errors of the scripts; what the network refuses is part of some tests."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    expect.set_options(timeout=WAIT_MS)
    assert path, "no chromium on this machine: install it, the chat page is tested in it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(chromium: Browser, sandbox: Sandbox) -> AsyncIterator[Open]:
    """Opens the chat page; what its scripts complain about fails the test."""
    complaints: list[str] = []

    async def open_(place: str = "#channel=ops&as=admin", **context: object) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **context}
        page = await (await chromium.new_context(**options)).new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        await page.goto(f"{sandbox.url}/{place}")
        await page.wait_for_selector(".channel[aria-current]", state="attached")
        await page.wait_for_selector("[aria-busy=false] > *")
        return page

    yield open_
    assert complaints == []


@pytest.fixture
async def page(open_page: Open) -> Page:
    return await open_page()
