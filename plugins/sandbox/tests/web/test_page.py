from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from coreops_sandbox.web import add_page
from coreops_sandbox.web.page import STATIC

MOST_LINES = 250


@pytest.fixture
async def client() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    add_page(app)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html"), ("/static/js/app.js", "text/javascript"), ("/static/css/page.css", "text/css")],
)
async def test_every_file_forbids_foreign_content_and_type_guessing(
    client: TestClient[web.Request, web.Application], path: str, kind: str
) -> None:
    response = await client.get(path)

    assert response.status == 200
    assert response.content_type == kind
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


async def test_a_known_version_is_not_sent_again(client: TestClient[web.Request, web.Application]) -> None:
    first = await client.get("/static/js/app.js")

    again = await client.get("/static/js/app.js", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status == 304
    assert await again.read() == b""


@pytest.mark.parametrize("path", ["/static/../page.py", "/static/%2e%2e/page.py", "/static/nothing.js"])
async def test_only_the_page_s_own_files_are_served(
    client: TestClient[web.Request, web.Application], path: str
) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{client.make_url('/')}{path[1:]}") as response:
        assert response.status == 404


def test_no_file_of_the_page_names_a_foreign_host_to_load_from() -> None:
    for path in [*STATIC.rglob("*.html"), *STATIC.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert "http://" not in text, path
        assert "https://" not in text, path


def test_no_module_of_the_page_parses_text_as_html_or_outgrows_its_room() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not any(
            word in text for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
        )
        assert len(text.splitlines()) <= MOST_LINES, path
