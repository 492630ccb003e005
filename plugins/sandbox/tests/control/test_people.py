"""Acting as a person through the control API."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED


async def test_say_returns_the_message_and_the_bots_replies(desk: Any) -> None:
    desk.answer(lambda content: f"heard {content}")
    data = await desk.post("say", as_="admin", channel="ops", content="!ops health", settle=0)
    assert (data["message"]["author"]["username"], data["message"]["channel_id"]) == ("admin", SEED.ops)
    [reply] = data["replies"]
    assert reply == {
        "id": reply["id"],
        "type": 0,
        "channel": "ops",
        "channel_id": SEED.ops,
        "content": "heard !ops health",
        "embeds": [],
        "components": [],
        "attachments": [],
        "ephemeral": False,
        "edited": False,
    }
    assert data["elapsed_ms"] >= 0


async def test_a_silent_bot_gives_no_replies_at_the_timeout(desk: Any) -> None:
    data = await desk.post("say", as_="user", channel="general", content="hello", timeout=0.05)
    assert data["replies"] == []
    assert data["elapsed_ms"] >= 50


async def test_say_without_waiting_returns_at_once(desk: Any) -> None:
    data = await desk.post("say", as_="user", channel="general", content="hello", wait=False)
    assert (data["message"]["content"], data["replies"]) == ("hello", [])


async def test_attachments_and_the_message_that_is_answered_arrive(desk: Any) -> None:
    target = desk.say("a question", channel=SEED.ops)
    file = {"filename": "a.txt", "content_base64": base64.b64encode(b"abc").decode()}
    data = await desk.post("say", as_="user", channel="ops", reply_to=target, attachments=[file], wait=False)
    assert data["message"]["message_reference"]["message_id"] == target
    [attachment] = data["message"]["attachments"]
    assert (attachment["filename"], attachment["size"]) == ("a.txt", 3)


async def test_a_reaction_shows_on_the_message(desk: Any) -> None:
    target = desk.say("yes or no", channel=SEED.ops)
    data = await desk.post("react", as_="user", message=target, emoji="👍")
    assert data["message"]["reactions"][0]["emoji"]["name"] == "👍"


async def test_people_join_and_leave(desk: Any) -> None:
    data = await desk.post("members", name="guest", roles=["staff"])
    assert (data["member"]["user"]["username"], data["member"]["roles"]) == ("guest", [SEED.staff_role])
    assert await desk.call("DELETE", "members/guest") == (200, {"left": "guest"})
    status, data = await desk.call("DELETE", "members/guest")
    assert status == 400
    assert "unknown member 'guest'; known: " in data["error"]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("say", {"as": "admin", "channel": "op", "content": "x"}, "unknown channel 'op'; known: general, ops"),
        ("say", {"as": "nobody", "channel": "ops", "content": "x"}, "unknown member 'nobody'; known: "),
        ("say", {"channel": "ops", "content": "x"}, "/sandbox/say: Object missing required field `as`; fields: as,"),
        ("say", {"as": "a", "channel": "ops", "text": "x"}, "unknown field `text`; fields: as, timeout,"),
        ("say", {"as": "a", "channel": "ops", "timeout": -1}, "`$.timeout`"),
        ("say", {"as": "a", "channel": 1}, "`$.channel`"),
        ("slash", {"as": "admin", "channel": "ops", "command": "nope"}, "nope"),
        ("press", {"as": "admin", "message": "1", "custom_id": "x"}, "no message '1'"),
        ("modal", {"as": "admin", "interaction": "1", "values": {}}, "no open modal"),
        ("autocomplete", {"as": "admin", "channel": "ops", "command": "x"}, "`focused`"),
        ("react", {"as": "admin", "message": "1"}, "`emoji`"),
    ],
)
async def test_a_wrong_request_is_answered_with_what_is_wrong(
    desk: Any, path: str, body: dict[str, Any], error: str
) -> None:
    status, data = await desk.call("POST", path, **body)
    assert status == 400
    assert error in data["error"]
