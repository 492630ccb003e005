"""Trouble with Discord's REST API while the gateway is well."""

from __future__ import annotations

from typing import Any

import pytest

ANSWER = "POST /interactions/*/*/callback"
MESSAGE = "POST /channels/*/messages"


@pytest.fixture
def patient(scene: Any) -> Any:
    """A scene in which the people wait as long as hikari's own second try may take."""
    scene.bot.chat._waiting["timeout"] = 8.0
    return scene


@pytest.mark.fault(
    "Discord limits a route (429)",
    users="the answer comes as late as Discord asks",
    operator="a warning of hikari in the log",
    recovery="the request waits and is sent again",
)
async def test_a_limited_route_is_waited_for(patient: Any) -> None:
    fault = patient.trouble("rest.rate_limit", {"retry_after": 0.3}, match=MESSAGE, count=1)
    await patient.serves()
    assert fault.hits == 1


@pytest.mark.fault(
    "Discord limits the bot on every route (429, global)",
    users="answers come as late as Discord asks",
    operator="a warning of hikari in the log",
    recovery="the requests wait and are sent again",
)
async def test_a_global_limit_is_waited_for(patient: Any) -> None:
    fault = patient.trouble("rest.rate_limit", {"retry_after": 0.3, "scope": "global"}, match=MESSAGE, count=1)
    await patient.serves()
    assert fault.hits == 1


@pytest.mark.fault(
    "Discord answers a request with a 5xx",
    users="the answer comes some seconds late",
    operator="a warning of hikari in the log",
    recovery="the request is sent again, up to three times",
)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_failing_request_is_repeated(patient: Any, status: int) -> None:
    fault = patient.trouble("rest.error", {"status": status}, match=MESSAGE, count=1)
    assert (await patient.bot.chat.say("!ops ping", as_="staff")).replies
    assert fault.hits == 1


@pytest.mark.fault(
    "a proxy in front of Discord answers with an HTML page",
    users="the answer comes some seconds late",
    operator="a warning of hikari in the log",
    recovery="the request is sent again, up to three times",
)
async def test_an_html_page_in_place_of_an_answer_is_no_answer(patient: Any) -> None:
    fault = patient.trouble("rest.html", match=MESSAGE, count=1)
    assert (await patient.bot.chat.say("!ops ping", as_="staff")).replies
    assert fault.hits == 1


@pytest.mark.fault(
    "Discord's REST API is slow",
    users="answers come late",
    operator="longer durations in the log",
    recovery="nothing is needed; a request is given up after 30 s",
)
async def test_a_slow_discord_makes_answers_late_and_nothing_else(patient: Any) -> None:
    fault = patient.trouble("rest.latency", {"ms": 800}, match=MESSAGE, count=1)
    answered = await patient.bot.chat.say("!ops ping", as_="staff")
    assert answered.replies
    assert fault.hits == 1


@pytest.mark.fault(
    "the connection is reset instead of an answer",
    users="the answer comes some seconds late",
    operator="a warning of hikari in the log",
    recovery="the request is sent again, up to three times",
)
async def test_a_reset_request_is_repeated(patient: Any) -> None:
    fault = patient.trouble("rest.reset", match=MESSAGE, count=1)
    assert (await patient.bot.chat.say("!ops ping", as_="staff")).replies
    assert fault.hits == 1


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
