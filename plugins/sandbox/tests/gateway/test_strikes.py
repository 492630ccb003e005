"""Faults of the gateway, each seen from a client."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest


async def connected(served: Any, query: str = "v=10") -> tuple[Any, dict[str, Any]]:
    client = await served.connect(query)
    ready = await client.identify()
    await client.until("GUILD_CREATE")
    return client, ready


async def resumes(served: Any, ready: dict[str, Any]) -> bool:
    again = await served.connect()
    await again.resume(ready["session_id"], 2)
    return (await again.receive())["t"] == "RESUMED"


async def test_no_ack_leaves_heartbeats_unanswered_as_often_as_it_says(served: Any) -> None:
    client, _ = await connected(served)
    served.faults.add("gateway.no_ack", count=2)
    for _ in range(3):
        await client.send(1)
    assert (await client.receive())["op"] == 11
    await client.send(1)
    assert (await client.receive())["op"] == 11
    assert served.faults.list() == []


async def test_freeze_holds_everything_back_until_it_is_removed(served: Any) -> None:
    client, _ = await connected(served)
    fault = served.faults.add("gateway.freeze")
    served.actions.join("someone")
    await client.send(1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.receive(), 0.1)
    served.faults.remove(fault.id)
    assert {(await client.receive())["op"] for _ in range(2)} == {0, 11}


async def test_freeze_ends_by_itself_when_its_time_is_over(served: Any) -> None:
    client, _ = await connected(served)
    served.faults.add("gateway.freeze", seconds=0.1)
    await client.send(1)
    assert (await client.receive())["op"] == 11


async def test_a_frozen_gateway_still_stops(served: Any) -> None:
    client, _ = await connected(served)
    served.faults.add("gateway.freeze")
    await asyncio.wait_for(served.gateway.stop(), 5)
    assert (await client.closed_with())[0] == 1006


async def test_refuse_answers_the_upgrade_with_a_status(served: Any) -> None:
    served.faults.add("gateway.refuse", {"status": 502}, count=1)
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await served.connect()
    assert caught.value.status == 502
    await connected(served)


async def test_drop_cuts_the_connection_and_the_session_resumes(served: Any) -> None:
    client, ready = await connected(served)
    served.faults.add("gateway.drop")
    assert (await client.closed_with())[0] == 1006
    assert await resumes(served, ready)


async def test_reconnect_is_op_7_and_the_session_resumes(served: Any) -> None:
    client, ready = await connected(served)
    served.faults.add("gateway.reconnect")
    assert await client.receive() == {"op": 7, "d": None, "s": None, "t": None}
    assert await resumes(served, ready)


@pytest.mark.parametrize("resumable", [True, False])
async def test_invalid_session_is_op_9_and_says_whether_to_resume(served: Any, resumable: bool) -> None:
    client, ready = await connected(served)
    served.faults.add("gateway.invalid_session", {"resumable": resumable})
    payload = await client.receive()
    assert (payload["op"], payload["d"]) == (9, resumable)
    assert await resumes(served, ready) is resumable


@pytest.mark.parametrize(("code", "resumable"), [(4000, True), (4009, True), (1000, False), (1001, False)])
async def test_close_sends_its_code_and_reason(served: Any, code: int, resumable: bool) -> None:
    client, ready = await connected(served)
    served.faults.add("gateway.close", {"code": code, "reason": "because"})
    assert await client.closed_with() == (code, "because")
    assert await resumes(served, ready) is resumable


async def test_garbage_is_json_that_cannot_be_read(served: Any) -> None:
    client, _ = await connected(served)
    served.faults.add("gateway.garbage")
    with pytest.raises(json.JSONDecodeError):
        await client.receive()


async def test_garbage_of_the_transport_cannot_be_inflated(served: Any) -> None:
    client, _ = await connected(served, "v=10&compress=zlib-stream")
    served.faults.add("gateway.garbage", {"layer": "transport"})
    message = await asyncio.wait_for(client.ws.receive(), 5)
    with pytest.raises(Exception, match="Error -3"):
        client.inflate.decompress(message.data)


async def test_a_strike_without_a_client_waits_for_the_next_one_to_be_ready(served: Any) -> None:
    served.faults.add("gateway.close", {"code": 4000})
    client = await served.connect()
    await client.identify()
    assert (await client.until("GUILD_CREATE"))["unavailable"] is False
    assert (await client.closed_with())[0] == 4000


async def test_a_count_strikes_that_many_clients(served: Any) -> None:
    clients = [(await connected(served))[0] for _ in range(2)]
    served.faults.add("gateway.reconnect", count=3)
    for client in clients:
        assert (await client.receive())["op"] == 7
    third, _ = await connected(served)
    assert (await third.receive())["op"] == 7
    fourth, _ = await connected(served)
    await fourth.send(1)
    assert (await fourth.receive())["op"] == 11
