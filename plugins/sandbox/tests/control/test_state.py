"""Looking at the world, and faults over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.faults import SPECS
from coreops_sandbox.world.seed import SEED


async def test_the_state_shows_guild_channels_roles_members_commands_bot_and_faults(desk: Any) -> None:
    desk.faults.add("rest.error", count=1)
    state = await desk.get("state")
    assert state["guild"] == {"id": SEED.guild, "name": "CoreOps Sandbox", "owner_id": SEED.owner}
    assert [channel["name"] for channel in state["channels"]] == ["general", "ops", "log", "recruiters", "tickets"]
    assert {"recruiter", "lead", "staff", "admin"} <= {role["name"] for role in state["roles"]}
    assert {"user", "recruiter", "lead", "staff", "admin"} <= {one["user"]["username"] for one in state["members"]}
    assert state["commands"] == []
    bot = {"id": SEED.bot, "name": "CoreOps", "connected": False, "sessions": 0, "intents": 0, "presence": None}
    assert state["bot"] == bot
    assert [fault["name"] for fault in state["faults"]] == ["rest.error"]


async def test_the_latest_messages_of_a_channel_come_oldest_first(desk: Any) -> None:
    for number in range(5):
        desk.say(str(number), channel=SEED.general)
    data = await desk.get("messages?channel=general&limit=3&as=user")
    assert [message["content"] for message in data["messages"]] == ["2", "3", "4"]


async def test_an_ephemeral_message_is_for_its_owner_alone(desk: Any) -> None:
    desk.say("secret", channel=SEED.ops, only_for=SEED.admin)
    seen = {who: (await desk.get(f"messages?channel=ops{who}"))["messages"] for who in ("&as=admin", "&as=user", "")}
    assert [len(messages) for messages in seen.values()] == [1, 0, 0]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("as=user", "needs channel="),
        ("channel=none", "unknown channel 'none'"),
        ("channel=ops&as=nobody", "unknown member 'nobody'"),
        ("channel=ops&limit=0", "limit='0' cannot be; give a number from 1 to 500"),
        ("channel=ops&limit=x", "limit='x' cannot be"),
    ],
)
async def test_a_wrong_query_is_answered_with_what_is_wrong(desk: Any, query: str, error: str) -> None:
    status, data = await desk.call("GET", f"messages?{query}")
    assert status == 400
    assert error in data["error"]


async def test_faults_are_set_listed_and_removed(desk: Any) -> None:
    body = {"name": "rest.latency", "params": {"ms": 500}, "match": "POST /channels/*", "count": 3, "seconds": None}
    status, data = await desk.call("POST", "faults", **body)
    assert status == 201
    assert data["fault"] == {**body, "params": {"ms": 500.0}, "id": "f1", "hits": 0}
    await desk.post("faults", name="gateway.no_ack")
    listed = await desk.get("faults")
    assert [fault["id"] for fault in listed["faults"]] == ["f1", "f2"]
    assert [kind["name"] for kind in listed["known"]] == list(SPECS)
    assert listed["known"][0] == {"name": "rest.latency", "about": "answers come late", "params": {"ms": 500.0}}
    status, data = await desk.call("DELETE", "faults/f1")
    assert [fault["id"] for fault in data["faults"]] == ["f2"]
    assert await desk.call("DELETE", "faults") == (200, {"faults": []})


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("POST", "faults", {"name": "rest.boom"}, "unknown fault 'rest.boom'; known: rest.latency"),
        ("POST", "faults", {"name": "rest.latency", "params": {"ms": "x"}}, "rest.latency: "),
        ("POST", "faults", {"name": "rest.latency", "every": 1}, "unknown field `every`"),
        ("DELETE", "faults/f7", {}, "unknown active fault 'f7'; known: none"),
    ],
)
async def test_a_wrong_fault_is_answered_with_what_is_wrong(
    desk: Any, method: str, path: str, body: dict[str, Any], error: str
) -> None:
    status, data = await desk.call(method, path, **body)
    assert status == 400
    assert error in data["error"]
