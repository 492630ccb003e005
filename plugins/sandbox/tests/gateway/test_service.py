"""The gateway as a whole: order, status, stopping."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.world.events import Intents


async def test_events_reach_each_session_in_the_order_they_happened(served: Any) -> None:
    clients = [await served.connect(), await served.connect("v=10&compress=zlib-stream")]
    for client in clients:
        await client.identify()
        await client.until("GUILD_CREATE")
    for number in range(200):
        served.actions.say("user", "general", f"message {number}")
    for client in clients:
        payloads = [await client.receive() for _ in range(200)]
        assert [payload["d"]["content"] for payload in payloads] == [f"message {number}" for number in range(200)]
        assert [payload["s"] for payload in payloads] == list(range(3, 203))


async def test_a_session_gets_only_what_its_intents_name(served: Any) -> None:
    client = await served.connect()
    await client.identify(intents=int(Intents.GUILD_MEMBERS))
    served.actions.say("user", "general", "unheard")
    served.actions.join("newcomer")
    assert (await client.receive())["t"] == "GUILD_MEMBER_ADD"


async def test_without_the_content_intent_a_message_comes_empty_unless_it_mentions_the_bot(served: Any) -> None:
    client = await served.connect()
    await client.identify(intents=int(Intents.GUILD_MESSAGES))
    served.actions.say("user", "general", "hidden")
    served.actions.say("user", "general", f"<@{served.world.bot_user.id}> shown")
    contents = [(await client.until("MESSAGE_CREATE"))["content"] for _ in range(2)]
    assert contents == ["", f"<@{served.world.bot_user.id}> shown"]


async def test_the_status_follows_the_bot_and_is_told_to_the_page(served: Any) -> None:
    told: list[Any] = []
    gone = asyncio.Event()

    def listen(notice: Any) -> None:
        told.append((notice.kind, notice.data["connected"], notice.data["sessions"]))
        if not notice.data["connected"]:
            gone.set()

    served.world.notices.subscribe(listen)
    assert served.gateway.status().sessions == 0
    client = await served.connect()
    await client.identify(intents=5)
    assert (served.gateway.status().sessions, served.gateway.status().intents) == (1, 5)
    await client.ws.close()
    await asyncio.wait_for(gone.wait(), 5)
    assert told == [("bot", True, 1), ("bot", False, 0)]
    assert served.gateway.status().presence is None


async def test_stopping_closes_every_connection_with_1001_and_leaves_no_task(served: Any) -> None:
    clients = [await served.connect() for _ in range(3)]
    await clients[0].identify()
    for client in clients[1:]:
        await client.op(10)
    assert len(served.tasks()) >= 3 * 3
    closing = asyncio.create_task(served.gateway.stop())
    assert [(await client.closed_with())[0] for client in clients] == [1001] * 3
    await asyncio.wait_for(closing, 5)
    assert served.tasks() == []
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await served.connect()
    assert caught.value.status == 503


async def test_a_client_that_never_answers_the_close_does_not_hold_up_the_stop(served: Any) -> None:
    client = await served.connect()
    await client.identify()
    await asyncio.wait_for(served.gateway.stop(), 5)
    assert (await client.closed_with())[0] == 1001
