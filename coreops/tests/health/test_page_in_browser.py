"""The status page in the system's Chromium: light and dark, wide and narrow, live and without JavaScript."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from coreops.health.service import HealthService
from coreops.health.web import HttpServer
from coreops_shared.clock import ManualClock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "install Chromium: the status page is tested in it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def complaints() -> list[str]:
    return []


async def opened(browser: Browser, server: HttpServer, complaints: list[str], **context: Any) -> Page:
    page = await (await browser.new_context(**context)).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    here = server.url
    page.on("request", lambda request: None if request.url.startswith(here) else complaints.append(request.url))
    await page.goto(here)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
async def test_an_operator_reads_what_is_wrong_at_any_width_and_light(
    browser: Browser,
    server: HttpServer,
    service: HealthService,
    troubled: Any,
    complaints: list[str],
    scheme: str,
    viewport: Any,
) -> None:
    service.phase = "ready"
    page = await opened(browser, server, complaints, color_scheme=scheme, viewport=viewport)
    concerns = page.locator(".concerns")
    await expect(concerns).to_contain_text("Bucket clans is 41 min old")
    await expect(concerns).to_contain_text("google sheets has no quota left; since 31 Dec 23:31 UTC (29 min ago)")
    await expect(concerns.get_by_text("Bucket clans is 41 min old")).to_be_in_viewport()
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    lightness = sum(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(", ")) / 3
    assert (lightness < 80) is (scheme == "dark")
    assert await contrasts_below(page, 4.5) == []
    assert complaints == []


async def contrasts_below(page: Page, least: float) -> list[Any]:
    """Texts whose contrast with their ground is below ``least`` (WCAG 2.2, 1.4.3)."""
    return await page.evaluate(
        """(least) => {
        const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b]
          .map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
          .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
        const groundOf = (node) => {
          for (; node; node = node.parentElement) {
            const found = channels(getComputedStyle(node).backgroundColor);
            if (found.length < 4 || found[3] > 0) return found;
          }
          return [255, 255, 255];
        };
        const bad = [];
        document.querySelectorAll("body *").forEach((node) => {
          const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
          if (!own || !node.checkVisibility()) return;
          const [ink, ground] = [light(channels(getComputedStyle(node).color)), light(groundOf(node))];
          const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
          if (ratio < least) bad.push([node.tagName, node.className, node.textContent.slice(0, 40), ratio]);
        });
        return bad;
      }""",
        least,
    )


async def test_the_page_is_live_and_keeps_what_the_reader_opened(
    browser: Browser, server: HttpServer, service: HealthService, troubled: Any, complaints: list[str]
) -> None:
    service.phase = "ready"
    page = await opened(browser, server, complaints)
    await page.locator("#problems-clans summary").click()
    troubled.plugins.clear()
    await expect(page.locator("#plugins")).to_contain_text("No plugin is installed.", timeout=15_000)
    await expect(page.locator("#problems-clans li").first).to_be_visible()
    await expect(page.locator("#live")).to_have_text("Live")
    assert complaints == []


async def test_a_page_that_gets_no_answer_says_that_it_is_old(
    browser: Browser, server: HttpServer, service: HealthService, complaints: list[str]
) -> None:
    page = await opened(browser, server, complaints)
    await server.stop()
    await expect(page.locator("#live")).to_contain_text("what you see is old", timeout=15_000)


async def test_without_javascript_the_same_is_there(
    browser: Browser,
    server: HttpServer,
    service: HealthService,
    troubled: Any,
    complaints: list[str],
    clock: ManualClock,
) -> None:
    page = await opened(browser, server, complaints, java_script_enabled=False)
    await expect(page.locator("h1")).to_contain_text("Starting.")
    await expect(page.locator(".concerns li")).to_have_count(6)
    await expect(page.get_by_role("link", name="Reload")).to_be_visible()
    assert complaints == []
