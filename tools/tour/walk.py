"""Walks the tour of the chat page as a newcomer does: click a step, press Enter, read the answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import Page, async_playwright, expect

__all__ = ["STEPS", "chat_page", "take"]

Step = Mapping[str, str]

STEPS: Final[tuple[Step, ...]] = tuple(
    json.loads(files("coreops_sandbox").joinpath("web/static/tour.json").read_text(encoding="utf-8"))
)
"""As the page shows them; ``shows`` is a text of the answer."""

FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
WAIT_MS: Final = 15_000


@asynccontextmanager
async def chat_page(url: str, **context: Any) -> AsyncIterator[Page]:
    """Open the chat page in the system's Chromium.

    Args:
        url: Address of the sandbox.
        context: Options of playwright's ``Browser.new_context``, such as ``color_scheme``.
    """
    path = shutil.which("chromium")
    if path is None:
        msg = "no chromium on this machine: install it, the chat page is shown in it"
        raise FileNotFoundError(msg)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        options = {"viewport": {"width": 1280, "height": 860}, "locale": "en-GB", **context}
        page = await (await browser.new_context(**options)).new_page()
        page.set_default_timeout(WAIT_MS)
        await page.goto(f"{url}/#channel=general&as=user")
        await page.wait_for_selector("[aria-busy=false] > *")
        try:
            yield page
        finally:
            await browser.close()


async def take(page: Page, step: Step) -> None:
    """Take one step and wait until its answer stands on the page."""
    tour = page.get_by_role("complementary", name="The tour")
    answers = page.locator(".message", has=page.locator(".bot-tag"))
    await tour.get_by_role("button", name=f"{step['line']} as {step['as']}", exact=False).click()
    await expect(page.locator("#channel-name")).to_have_text(step["channel"])
    await page.wait_for_selector("[aria-busy=false] > *")
    before = await answers.count()
    await page.keyboard.press("Enter")
    await expect(answers).not_to_have_count(before, timeout=WAIT_MS)
    await expect(answers.last).to_contain_text(step["shows"], timeout=WAIT_MS)
