"""Trouble on the connection to Discord, with unmodified hikari over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import hikari
import pytest

from coreops_hookspecs.errors import RefusedError


@pytest.mark.fault(
    "heartbeats are no longer acknowledged",
    users="nothing, or an answer some seconds late",
    operator="gateway disconnected, then resumed",
    recovery="the connection is opened anew and the session resumed",
)
async def test_heartbeats_without_acknowledgement_end_in_a_resumed_session(scene: Any) -> None:
    fault = scene.trouble("gateway.no_ack", seconds=1.2)
    await scene.until(lambda: fault.gone.is_set() or "disconnected" in scene.states())
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.serves()
    assert (await scene.report()).losses.sessions == 0


@pytest.mark.fault(
    "the socket is frozen: nothing arrives, and no error either",
    users="answers come once the session is resumed; what was typed meanwhile is answered too",
    operator="gateway disconnected, then resumed",
    recovery="hikari misses its heartbeat's answer, connects anew and resumes",
)
async def test_a_frozen_socket_is_left_and_commands_typed_meanwhile_are_answered(scene: Any) -> None:
    fault = scene.trouble("gateway.freeze")
    scene.bot.chat._waiting["timeout"] = 15.0
    asked = asyncio.create_task(scene.bot.chat.say("!ops ping", as_="staff"))
    await scene.until(lambda: "disconnected" in scene.states())
    scene.sandbox.faults.remove(fault.id)
    await scene.until(lambda: "resumed" in scene.states())
    assert (await asked).replies, "typed while nothing arrived, answered once it did"
    await scene.serves()
    assert (await scene.report()).losses.sessions == 0


@pytest.mark.fault(
    "the connection is cut",
    users="nothing, or an answer some seconds late",
    operator="gateway disconnected, then resumed",
    recovery="the session is resumed",
)
async def test_a_cut_connection_is_resumed(scene: Any) -> None:
    scene.trouble("gateway.drop")
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.serves()


@pytest.mark.fault(
    "Discord asks to reconnect (op 7)",
    users="nothing",
    operator="gateway disconnected, then resumed",
    recovery="the session is resumed",
)
async def test_a_request_to_reconnect_is_followed_and_nothing_is_lost(scene: Any) -> None:
    scene.trouble("gateway.reconnect")
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.serves()
    assert (await scene.report()).losses.sessions == 0


@pytest.mark.fault(
    "Discord invalidates the session, which may be resumed (op 9)",
    users="nothing",
    operator="gateway disconnected, then resumed",
    recovery="the session is resumed",
)
async def test_an_invalidated_session_that_may_be_resumed_is(scene: Any) -> None:
    scene.trouble("gateway.invalid_session", {"resumable": True})
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.serves()


@pytest.mark.fault(
    "Discord invalidates the session for good (op 9)",
    users="a command typed within these seconds is not answered",
    operator="gateway disconnected, then connected; the loss is counted in /health",
    recovery="a new session",
)
async def test_a_session_that_is_gone_is_replaced_and_its_loss_counted(scene: Any) -> None:
    scene.trouble("gateway.invalid_session")
    await scene.until(lambda: scene.states()[-2:] == ["disconnected", "connected"])
    await scene.serves()
    losses = (await scene.report()).losses
    assert losses.sessions == 1
    assert losses.seconds > 0


@pytest.mark.fault(
    "a payload of the gateway cannot be decoded",
    users="nothing",
    operator="gateway disconnected, then resumed; the payload is counted in /health",
    recovery="the connection is opened anew and the session resumed (hikari alone would end)",
)
async def test_an_undecodable_payload_costs_one_reconnection(scene: Any) -> None:
    scene.trouble("gateway.garbage")
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.serves()
    losses = (await scene.report()).losses
    assert (losses.payloads, losses.sessions) == (1, 0)


@pytest.mark.fault(
    "bytes that break the compression of the connection",
    users="a command typed within these seconds is not answered",
    operator="gateway ended, then connected; the loss is counted in /health",
    recovery="a new connection with a new session (hikari alone would end)",
)
async def test_broken_compression_ends_hikaris_shard_and_not_the_runtime(scene: Any) -> None:
    scene.trouble("gateway.garbage", {"layer": "transport"})
    await scene.until(lambda: "ended" in scene.states() and scene.states()[-1] == "connected")
    await scene.serves()
    assert (await scene.report()).losses.sessions == 1


PASSING = [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009]


@pytest.mark.fault(
    "the connection is closed with a code that may pass (1000, 1001, 1006, 4000 to 4003, 4005, 4007 to 4009)",
    users="nothing, or a command typed within these seconds is not answered",
    operator="gateway disconnected or ended, then resumed or connected",
    recovery="the session is resumed where the code allows it, a new one otherwise",
)
@pytest.mark.parametrize("code", PASSING)
async def test_a_close_code_that_may_pass_is_survived(scene: Any, code: int) -> None:
    scene.trouble("gateway.close", {"code": code, "reason": "test"})
    await scene.until(lambda: len(scene.states()) > 2 and scene.states()[-1] in {"resumed", "connected"})
    await scene.serves()


REFUSED = {
    4004: "DISCORD_TOKEN",
    4010: "shard",
    4011: "too many servers",
    4012: "update CoreOps",
    4013: "intents",
    4014: "Message Content Intent",
}


@pytest.mark.fault(
    "Discord will not have the bot any more (4004, 4010 to 4014)",
    users="no answer",
    operator="the log says what to change; exit code 4, after which no supervisor should start it again",
    recovery="what the log says, then a start by hand",
)
@pytest.mark.parametrize(("code", "said"), REFUSED.items())
async def test_a_close_code_that_stays_ends_the_runtime_with_what_to_fix(scene: Any, code: int, said: str) -> None:
    scene.trouble("gateway.close", {"code": code, "reason": "test"})
    with pytest.raises(RefusedError, match=said):
        await asyncio.wait_for(scene.bot.running.app.ended, 10)


@pytest.mark.fault(
    "the machine's clock is set back while the socket is frozen, which hides that from hikari",
    users="answers come once the session is resumed",
    operator="watchdog: gateway deaf, log, reconnect",
    recovery="the watchdog, which looks at a monotonic clock, has the connection opened anew",
)
async def test_a_deaf_gateway_with_a_frozen_latency_is_caught_within_twice_the_stall_time(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = hikari.impl.shard.time.time
    fault = scene.trouble("gateway.freeze")
    monkeypatch.setattr(hikari.impl.shard.time, "time", lambda: real() - 86_400)
    latency = scene.bot.running.app.discord.gateway.latency
    async with asyncio.timeout(2 * 1.5 + 0.5):
        while ("gateway deaf", "reconnect") not in scene.watchdog():
            await asyncio.sleep(0.02)
    assert scene.bot.running.app.discord.gateway.latency == latency, "hikari's figure looks healthy all the while"
    scene.sandbox.faults.remove(fault.id)
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.until(lambda: scene.watchdog()[-1] == ("gateway deaf", "recovered"))
    monkeypatch.undo()
    await scene.serves()
