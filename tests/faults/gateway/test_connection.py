"""Trouble on the connection to Discord, with unmodified hikari over real sockets."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import hikari
import pytest

from coreops_hookspecs.errors import RefusedError
from coreops_sandbox.world.lookup import SandboxError


async def disturb(scene: Any, kind: str, params: dict[str, Any], *, lost: int | None) -> None:
    """Let the connection be disturbed while somebody types, and hold that nothing is lost without being counted.

    ``lost`` is the number of sessions that may be lost, ``None`` for one at most.
    """
    scene.bot.chat._waiting["timeout"] = 20.0
    before = len(scene.states())
    fault = scene.trouble(kind, params)
    asked = asyncio.create_task(scene.bot.chat.say("!ops ping", as_="staff"))
    await scene.until(lambda: bool({"disconnected", "ended"} & {*scene.states()[before:]}))
    with suppress(SandboxError):  # most strike once and are gone by themselves
        scene.sandbox.faults.remove(fault.id)
    await scene.until(lambda: scene.states()[-1] in {"resumed", "connected"})
    losses = (await scene.report()).losses
    assert losses.sessions == lost if lost is not None else losses.sessions <= 1
    if losses.sessions:
        assert losses.seconds > 0
        asked.cancel()  # it may have been answered or not; what was lost is counted
        await asyncio.wait([asked])
    else:
        assert (await asked).replies, "neither answered nor counted"
    scene.bot.chat._waiting["timeout"] = 2.0
    await scene.serves()


@pytest.mark.parametrize(
    ("kind", "params", "lost"),
    [
        pytest.param(
            "gateway.no_ack",
            {},
            0,
            id="no acknowledgement",
            marks=pytest.mark.fault(
                "heartbeats are no longer acknowledged",
                users="nothing, or an answer some seconds late",
                operator="gateway disconnected, then resumed",
                recovery="the connection is opened anew and the session resumed",
            ),
        ),
        pytest.param(
            "gateway.freeze",
            {},
            0,
            id="frozen",
            marks=pytest.mark.fault(
                "the socket is frozen: nothing arrives, and no error either",
                users="answers come once the session is resumed; what was typed meanwhile is answered too",
                operator="gateway disconnected, then resumed",
                recovery="hikari misses its heartbeat's answer, connects anew and resumes",
            ),
        ),
        pytest.param(
            "gateway.drop",
            {},
            0,
            id="cut",
            marks=pytest.mark.fault(
                "the connection is cut",
                users="nothing, or an answer some seconds late",
                operator="gateway disconnected, then resumed",
                recovery="the session is resumed",
            ),
        ),
        pytest.param(
            "gateway.reconnect",
            {},
            0,
            id="op 7",
            marks=pytest.mark.fault(
                "Discord asks to reconnect (op 7)",
                users="nothing",
                operator="gateway disconnected, then resumed",
                recovery="the session is resumed",
            ),
        ),
        pytest.param(
            "gateway.invalid_session",
            {"resumable": True},
            0,
            id="op 9, resumable",
            marks=pytest.mark.fault(
                "Discord invalidates the session, which may be resumed (op 9)",
                users="nothing",
                operator="gateway disconnected, then resumed",
                recovery="the session is resumed",
            ),
        ),
        pytest.param(
            "gateway.invalid_session",
            {"resumable": False},
            1,
            id="op 9, gone",
            marks=pytest.mark.fault(
                "Discord invalidates the session for good (op 9)",
                users="a command typed within these seconds is not answered",
                operator="gateway disconnected, then connected; the loss is counted in /health",
                recovery="a new session",
            ),
        ),
        pytest.param(
            "gateway.garbage",
            {},
            0,
            id="undecodable",
            marks=pytest.mark.fault(
                "a payload of the gateway cannot be decoded",
                users="nothing",
                operator="gateway disconnected, then resumed; the payload is counted in /health",
                recovery="the connection is opened anew and the session resumed (hikari alone would end)",
            ),
        ),
        pytest.param(
            "gateway.garbage",
            {"layer": "transport"},
            1,
            id="broken compression",
            marks=pytest.mark.fault(
                "bytes that break the compression of the connection",
                users="a command typed within these seconds is not answered",
                operator="gateway ended, then connected; the loss is counted in /health",
                recovery="a new connection with a new session (hikari alone would end)",
            ),
        ),
    ],
)
async def test_what_is_typed_while_the_connection_is_disturbed_is_answered_or_its_loss_counted(
    scene: Any, kind: str, params: dict[str, Any], lost: int
) -> None:
    await disturb(scene, kind, params, lost=lost)
    payloads = int(kind == "gateway.garbage" and not params)
    assert (await scene.report()).losses.payloads == payloads


PASSING = [1000, 1001, 1006, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009]


@pytest.mark.fault(
    "the connection is closed with a code that may pass (1000, 1001, 1006, 4000 to 4003, 4005, 4007 to 4009)",
    users="nothing, or a command typed within these seconds is not answered",
    operator="gateway disconnected or ended, then resumed or connected",
    recovery="the session is resumed where the code allows it, a new one otherwise",
)
@pytest.mark.parametrize("code", PASSING)
async def test_a_close_code_that_may_pass_is_survived(scene: Any, code: int) -> None:
    await disturb(scene, "gateway.close", {"code": code, "reason": "test"}, lost=None)


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
    gateway = scene.bot.running.app.discord.gateway
    measured = gateway.latency
    # just after an acknowledgement: frozen while one is on its way, hikari would see by itself that it is missing
    await scene.until(lambda: gateway.latency != measured)
    fault = scene.trouble("gateway.freeze")
    monkeypatch.setattr(hikari.impl.shard.time, "time", lambda: real() - 86_400)
    latency = gateway.latency
    async with asyncio.timeout(2 * 1.5 + 0.5):
        while ("gateway deaf", "reconnect") not in scene.watchdog():
            await asyncio.sleep(0.02)
    assert gateway.latency == latency, "hikari's figure looks healthy all the while"
    scene.sandbox.faults.remove(fault.id)
    await scene.until(lambda: scene.states()[-1] == "resumed")
    await scene.until(lambda: scene.watchdog()[-1] == ("gateway deaf", "recovered"))
    monkeypatch.undo()
    await scene.serves()
