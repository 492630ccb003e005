"""Errors of the control API."""

from __future__ import annotations

from typing import Any


async def test_a_body_that_is_no_json_is_refused(desk: Any) -> None:
    async with desk.session.post(f"{desk.url}/sandbox/say", data=b"{as: admin}") as response:
        assert response.status == 400
        assert "/sandbox/say: the body is not JSON" in (await response.json())["error"]


async def test_an_unknown_path_and_a_wrong_method_are_named(desk: Any) -> None:
    assert await desk.call("GET", "nothing") == (404, {"error": "the control API has no /sandbox/nothing"})
    error = "/sandbox/say does not take GET; it takes POST"
    assert await desk.call("GET", "say") == (405, {"error": error})


async def test_a_body_beyond_the_limit_is_413(desk: Any) -> None:
    status, data = await desk.call("POST", "say", as_="admin", channel="ops", content="x" * 300_000)
    assert status == 413
    assert "too large" in data["error"]
