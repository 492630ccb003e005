"""The status page's HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest

from coreops.health.html import Html, element, joined
from coreops.health.service import HealthService, Vitals

PAGE = {"Accept": "text/html"}


class Outline(HTMLParser):
    """Collects tags, and whether they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def page_of(http: aiohttp.ClientSession) -> tuple[str, aiohttp.ClientResponse]:
    async with http.get("/", headers=PAGE) as answer:
        assert answer.status == 200
        return await answer.text(), answer


def test_text_is_escaped_and_html_is_not() -> None:
    assert (
        element("p", "<b>", Html("<i>x</i>"), 3, None, class_='"a"')
        == '<p class="&quot;a&quot;">&lt;b&gt;<i>x</i>3</p>'
    )
    assert element("input", disabled=True, checked=False, id=None) == "<input disabled></input>"
    assert joined("a & b") == "a &amp; b"


async def test_the_page_is_well_formed_and_loads_nothing_from_elsewhere(
    http: aiohttp.ClientSession, troubled: Any
) -> None:
    text, _ = await page_of(http)
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    links = [attrs.get("src") or attrs.get("href") for tag, attrs in outline.tags if "src" in attrs or "href" in attrs]
    assert [link for link in links if link] == ["data:,"]


async def test_values_of_sheets_and_errors_cannot_become_markup(http: aiohttp.ClientSession, troubled: Any) -> None:
    text, _ = await page_of(http)
    assert "&lt;b&gt;many&lt;/b&gt;" in text
    assert "<b>many" not in text
    assert "<script>alert" not in text


async def test_only_the_pages_own_blocks_may_run(http: aiohttp.ClientSession) -> None:
    text, answer = await page_of(http)
    policy = answer.headers["Content-Security-Policy"]
    (nonce,) = set(re.findall(r"'nonce-([\w-]+)'", policy))
    assert re.findall(r"<(script|style) nonce=\"([\w-]+)\">", text) == [("style", nonce), ("script", nonce)]
    assert "unsafe" not in policy
    _, again = await page_of(http)
    assert again.headers["Content-Security-Policy"] != policy


async def test_without_javascript_the_page_reloads_itself(http: aiohttp.ClientSession) -> None:
    text, _ = await page_of(http)
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in text


async def test_a_room_that_is_empty_says_so(http: aiohttp.ClientSession) -> None:
    text, _ = await page_of(http)
    for sentence in ("No plugin has a bucket.", "No plugin is installed.", "No plugin has a job."):
        assert sentence in text


@pytest.mark.parametrize("vitals", [Vitals(), Vitals(True, float("nan"), None, None)])
async def test_a_figure_that_is_not_known_is_a_dash(http: aiohttp.ClientSession, figures: Any, vitals: Vitals) -> None:
    figures.vitals = vitals
    text, _ = await page_of(http)
    assert "<dt>Latency</dt><dd>—</dd>" in text
    assert "nan" not in text


async def test_the_title_tells_the_status(http: aiohttp.ClientSession, service: HealthService) -> None:
    assert "<title>degraded · CoreOps</title>" in (await page_of(http))[0]
    service.phase = "ready"
    assert "<title>ok · CoreOps</title>" in (await page_of(http))[0]
