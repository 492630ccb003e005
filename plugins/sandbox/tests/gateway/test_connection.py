"""Connections: heartbeats, limits, close codes, slow clients."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.world.events import Dispatch


async def test_hello_tells_the_heartbeat_interval_in_milliseconds(serve: Any, served: Any) -> None:
    assert (await (await served.connect()).receive())["d"] == {"heartbeat_interval": 41250}
    other = await serve(heartbeat=0.5)
    assert (await (await other.connect()).receive())["d"] == {"heartbeat_interval": 500}


async def test_a_heartbeat_is_acknowledged_even_before_identify(served: Any) -> None:
    client = await served.connect()
    await client.send(1, None)
    assert (await client.op(11))["d"] is None


async def test_binary_messages_are_read_like_text(served: Any) -> None:
    client = await served.connect()
    await client.ws.send_bytes(b'{"op":1,"d":null}')
    assert (await client.op(11))["op"] == 11


async def test_a_client_that_does_not_beat_is_closed_with_4009_and_may_resume(serve: Any) -> None:
    served = await serve(heartbeat=0.05, heartbeat_tolerance=0.05)
    client = await served.connect()
    ready = await client.identify()
    assert (await client.closed_with())[0] == 4009
    again = await served.connect()
    await again.resume(ready["session_id"], 1)
    await again.until("RESUMED")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", 4002),
        ('{"op":1,"d":"' + "x" * 5000 + '"}', 4002),
        ('{"op":99}', 4001),
        ('{"op":0,"d":{}}', 4001),
        ('{"op":3,"d":{}}', 4003),
        ('{"op":8,"d":{}}', 4003),
        ('{"op":2,"d":{"token":"t"}}', 4002),
    ],
)
async def test_a_breach_of_the_protocol_ends_with_its_close_code(served: Any, text: str, code: int) -> None:
    client = await served.connect()
    await client.ws.send_str(text)
    assert (await client.closed_with())[0] == code


async def test_more_than_120_payloads_a_minute_end_with_4008(served: Any) -> None:
    client = await served.connect()
    for _ in range(120):
        await client.send(1)
    for _ in range(120):
        await client.op(11)
    served.clock.now += 60.0
    for _ in range(121):
        await client.send(1)
    assert (await client.closed_with())[0] == 4008


@pytest.mark.parametrize("query", ["v=9&encoding=json", "v=11", "v=x"])
async def test_another_api_version_ends_with_4012(served: Any, query: str) -> None:
    assert (await (await served.connect(query)).closed_with())[0] == 4012


@pytest.mark.parametrize("query", ["v=10&encoding=etf", "v=10&compress=brotli"])
async def test_encodings_that_are_not_served_are_refused_before_the_upgrade(served: Any, query: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await served.connect(query)
    assert caught.value.status == 400


async def test_zlib_stream_carries_the_whole_conversation(served: Any) -> None:
    client = await served.connect("v=10&encoding=json&compress=zlib-stream")
    await client.identify()
    assert (await client.until("GUILD_CREATE"))["name"] == "CoreOps Sandbox"


async def test_payload_compression_starts_with_identify(served: Any) -> None:
    client = await served.connect()
    assert (await client.receive())["op"] == 10
    await client.send(2, {"token": client.token, "intents": 0, "properties": {}, "compress": True})
    message = await asyncio.wait_for(client.ws.receive(), 5)
    assert message.type is aiohttp.WSMsgType.BINARY
    assert client.inflate.decompress(message.data).startswith(b'{"op":0')


async def test_a_client_that_does_not_read_is_cut_off_and_finds_its_events_on_resume(serve: Any) -> None:
    served = await serve(queue=200, replay=150)
    client = await served.connect()
    ready = await client.identify()
    transport = client.ws._response.connection.transport
    transport.pause_reading()
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    gone = asyncio.Event()
    served.world.notices.subscribe(lambda notice: gone.set() if notice.data.get("sessions") == 0 else None)
    async with asyncio.timeout(10):
        while not gone.is_set():
            served.world.hub.publish(Dispatch("TYPING_START", {"text": "x" * 50_000}))
            await asyncio.sleep(0)
    transport.abort()
    published = next(iter(served.gateway._sessions)).seq
    again = await served.connect()
    await again.resume(ready["session_id"], published - 2)
    assert [(await again.receive())["s"] for _ in range(3)] == [published - 1, published, published + 1]


async def test_a_client_that_reads_is_never_cut_off(serve: Any) -> None:
    served = await serve(queue=120, replay=100)
    client = await served.connect()
    await client.identify()
    await client.until("GUILD_CREATE")
    for round_ in range(20):
        for number in range(100):
            served.world.hub.publish(Dispatch("X", {"n": number, "text": "x" * 1000}))
        assert [(await client.receive())["s"] for _ in range(100)] == [3 + round_ * 100 + n for n in range(100)]
