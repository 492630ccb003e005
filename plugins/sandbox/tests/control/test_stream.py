"""The event stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.world.channels import Overwrite
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.seed import SEED

LIMIT_S = 5.0


@dataclass
class Event:
    id: str
    kind: str
    data: Any


class Reader:
    """Reads one stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def block(self) -> dict[str, str]:
        """The fields of the next block; a comment has the empty name."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(LIMIT_S):
            while line := (await self.response.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
        return fields

    async def next(self) -> Event:
        """The next event, past comments."""
        while "event" not in (fields := await self.block()):
            assert fields, "the stream ended"
        return Event(fields["id"], fields["event"], json.loads(fields["data"]))


Follow = Callable[..., Awaitable[Reader]]


@pytest.fixture
async def follow(desk: Any) -> AsyncIterator[Follow]:
    async with AsyncExitStack() as stack:

        async def start(as_: str | None = None, last: str | None = None) -> Reader:
            params = {} if as_ is None else {"as": as_}
            headers = {} if last is None else {"Last-Event-ID": last}
            request = desk.session.get(f"{desk.url}/sandbox/events", params=params, headers=headers)
            reader = Reader(await stack.enter_async_context(request))
            assert reader.response.headers["Content-Type"] == "text/event-stream"
            assert await reader.block() == {"retry": "1000"}
            return reader

        yield start


async def test_what_happens_arrives_in_order_with_ids(desk: Any, follow: Follow) -> None:
    reader = await follow("user")
    first = desk.say("one", channel=SEED.ops)
    await desk.post("react", as_="user", message=first, emoji="👍")
    await desk.post("members", name="guest")
    desk.say("two", channel=SEED.ops)
    events = [await reader.next() for _ in range(4)]
    assert [event.id for event in events] == ["run-1", "run-2", "run-3", "run-4"]
    assert [event.kind for event in events] == ["message", "message_update", "member", "message"]
    assert events[0].data["content"] == "one"


async def test_a_client_that_comes_back_gets_what_it_missed(desk: Any, follow: Follow) -> None:
    for text in ("one", "two", "three"):
        desk.say(text, channel=SEED.ops)
    reader = await follow("user", last="run-1")
    assert [(await reader.next()).data["content"] for _ in range(2)] == ["two", "three"]


@pytest.mark.parametrize("last", ["other-1", "run-99", "run-x", "nonsense"])
async def test_a_client_that_cannot_be_caught_up_is_told_to_load_again(desk: Any, follow: Follow, last: str) -> None:
    desk.say("one", channel=SEED.ops)
    reader = await follow("user", last=last)
    desk.say("two", channel=SEED.ops)
    events = [await reader.next() for _ in range(2)]
    assert [(event.kind, event.id) for event in events] == [("reset", "run-1"), ("message", "run-2")]


async def test_the_memory_is_bounded(desk: Any, follow: Follow) -> None:
    for number in range(1002):
        desk.say(str(number), channel=SEED.ops)
    assert (await (await follow("user", last="run-1")).next()).kind == "reset"
    assert (await (await follow("user", last="run-2")).next()).data["content"] == "2"


async def test_ephemeral_messages_reach_their_owner_only(desk: Any, follow: Follow) -> None:
    readers = [await follow(who) for who in ("admin", "user", None)]
    desk.say("secret", channel=SEED.ops, only_for=SEED.admin)
    desk.say("public", channel=SEED.ops)
    seen = [(await reader.next()).data["content"] for reader in readers]
    assert seen == ["secret", "public", "public"]


async def test_messages_of_a_channel_reach_only_those_who_see_it(desk: Any, follow: Follow) -> None:
    readers = [await follow(who) for who in ("owner", "user")]
    desk.world.channel(SEED.ops).overwrites[SEED.guild] = Overwrite(SEED.guild, 0, deny=Permission.VIEW_CHANNEL)
    desk.say("hidden", channel=SEED.ops)
    desk.say("public", channel=SEED.general)
    assert [(await reader.next()).data["content"] for reader in readers] == ["hidden", "public"]


async def test_silence_is_broken_by_a_comment(desk: Any, follow: Follow) -> None:
    desk.stream._ping = 0.05
    reader = await follow("user")
    assert await reader.block() == {"": "ping"}


async def test_closing_ends_every_stream(desk: Any, follow: Follow) -> None:
    readers = [await follow("user"), await follow("admin")]
    desk.stream.close()
    assert [await reader.block() for reader in readers] == [{}, {}]


async def test_an_unknown_viewer_is_refused(desk: Any) -> None:
    status, data = await desk.call("GET", "events?as=nobody")
    assert status == 400
    assert "unknown member 'nobody'" in data["error"]
