"""Trouble with Discord's REST API while the gateway is well."""

from __future__ import annotations

from typing import Any

import pytest

ANSWER = "POST /interactions/*/*/callback"
MESSAGE = "POST /channels/*/messages"


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        pytest.param(
            "rest.rate_limit",
            {"retry_after": 0.3},
            id="429",
            marks=pytest.mark.fault(
                "Discord limits a route (429)",
                users="the answer comes as late as Discord asks",
                operator="a warning of hikari in the log",
                recovery="the request waits and is sent again",
            ),
        ),
        pytest.param(
            "rest.rate_limit",
            {"retry_after": 0.3, "scope": "global"},
            id="429, global",
            marks=pytest.mark.fault(
                "Discord limits the bot on every route (429, global)",
                users="answers come as late as Discord asks",
                operator="a warning of hikari in the log",
                recovery="the requests wait and are sent again",
            ),
        ),
        pytest.param(
            "rest.error",
            {"status": 500},
            id="500",
            marks=pytest.mark.fault(
                "Discord answers a request with a 5xx",
                users="the answer comes some seconds late",
                operator="a warning of hikari in the log",
                recovery="the request is sent again, up to three times",
            ),
        ),
        *(pytest.param("rest.error", {"status": status}, id=str(status)) for status in (502, 503, 504)),
        pytest.param(
            "rest.html",
            {},
            id="HTML",
            marks=pytest.mark.fault(
                "a proxy in front of Discord answers with an HTML page",
                users="the answer comes some seconds late",
                operator="a warning of hikari in the log",
                recovery="the request is sent again, up to three times",
            ),
        ),
        pytest.param(
            "rest.latency",
            {"ms": 800},
            id="slow",
            marks=pytest.mark.fault(
                "Discord's REST API is slow",
                users="answers come late",
                operator="longer durations in the log",
                recovery="nothing is needed; a request is given up after 30 s",
            ),
        ),
        pytest.param(
            "rest.reset",
            {},
            id="reset",
            marks=pytest.mark.fault(
                "the connection is reset instead of an answer",
                users="the answer comes some seconds late",
                operator="a warning of hikari in the log",
                recovery="the request is sent again, up to three times",
            ),
        ),
    ],
)
async def test_an_answer_comes_although_its_request_is_disturbed(scene: Any, kind: str, params: dict[str, Any]) -> None:
    fault = scene.trouble(kind, params, match=MESSAGE, count=1)
    scene.bot.chat._waiting["timeout"] = 15.0  # hikari's own pause before it tries again
    assert (await scene.bot.chat.say("!ops ping", as_="staff")).replies
    assert fault.hits == 1
    await scene.serves()


@pytest.mark.fault(
    "Discord takes no answers at all",
    users="no answer",
    operator="the outcome lost in the log and a count in /health; no plugin is blamed",
    recovery="commands typed afterwards are answered",
)
async def test_an_answer_that_discord_does_not_take_is_counted_and_no_fault_of_the_plugin(scene: Any) -> None:
    fault = scene.trouble("rest.error", {"status": 520}, match=ANSWER)
    assert not (await scene.bot.chat.slash("ops ping", as_="staff")).replies
    scene.sandbox.faults.remove(fault.id)
    await scene.serves()

    async def counted() -> bool:
        return bool((await scene.report()).losses.answers == 1)

    await scene.until(counted)
    _, health = await scene.get("/health")
    assert health["losses"]["answers"] == 1
    assert all(plugin["faults"] == 0 for plugin in health["plugins"])
