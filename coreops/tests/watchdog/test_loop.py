"""The watchdog as a whole."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coreops.exit_codes import ExitCode
from coreops.watchdog.exit_reason import ExitReason, take, write
from coreops.watchdog.frames import owner_by_package
from coreops.watchdog.loop import GatewaySigns, Watchdog
from coreops.watchdog.sampler import SamplerTimes
from coreops.watchdog.signals import Limits
from coreops_hookspecs.health import LoopBlock
from coreops_hookspecs.telemetry import Event, WatchdogSignal
from coreops_shared.clock import ManualClock

LIMIT = 10.0


class Bot:
    """The runtime around the watchdog."""

    def __init__(self) -> None:
        self.phase = "ready"
        self.gateway = GatewaySigns(connected=True, ack_age=1.0)
        self.reconnects: list[str] = []
        self.restarts = 0
        self.restart_fails = False
        self.events: list[Event] = []
        self.steps: list[str] = []
        self.blocks: list[tuple[str, LoopBlock]] = []

    async def restart(self) -> None:
        self.restarts += 1
        if self.restart_fails:
            raise ConnectionError("refused")

    async def farewell(self) -> None:
        self.steps.append("farewell")
        raise ConnectionError("discord is gone")

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(event.signal, event.action) for event in self.events if isinstance(event, WatchdogSignal)]


async def until(condition: Any) -> None:
    async with asyncio.timeout(LIMIT):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def watchdog(bot: Bot, clock: ManualClock, log: Any, tmp_path: Path) -> AsyncIterator[Watchdog]:
    watchdog = Watchdog(
        clock=clock,
        log=log,
        publish=bot.events.append,
        phase=lambda: bot.phase,
        gateway=lambda: bot.gateway,
        reconnect=bot.reconnects.append,
        restart=bot.restart,
        owner_of=owner_by_package({"coreops_slow": "slow"}),
        blocked=lambda plugin, block: bot.blocks.append((plugin, block)),
        limits=Limits(check=60, stall=210, disconnect_grace=210, startup=40),
        state_dir=tmp_path,
        farewell=bot.farewell,
        flush=lambda: bot.steps.append("flush"),
        exit=lambda code: bot.steps.append(f"exit {code}"),
        times=SamplerTimes(interval=0.01, hold=0.25, dead=1.0),
    )
    await watchdog.start()
    yield watchdog
    await watchdog.stop()


@pytest.mark.fault(
    "nothing at all happens on the server for a day",
    users="nothing",
    operator="nothing: heartbeats are what counts, not events",
    recovery="nothing is needed",
)
async def test_a_healthy_runtime_in_a_quiet_guild_is_left_alone_for_a_day(
    watchdog: Watchdog, bot: Bot, clock: ManualClock
) -> None:
    bot.gateway = GatewaySigns(connected=True, ack_age=40.0, event_age=86_400.0)
    await clock.run_for(86_400)
    assert (bot.told, bot.steps) == ([], [])


async def test_a_deaf_gateway_is_told_reconnected_restarted_and_then_ended_with_a_reason(
    watchdog: Watchdog, bot: Bot, clock: ManualClock, tmp_path: Path
) -> None:
    bot.gateway = GatewaySigns(connected=True, ack_age=300.0)
    await clock.run_for(60)
    assert bot.told == [("gateway deaf", "log")]
    await clock.run_for(60)
    assert bot.told[1:] == [("gateway deaf", "reconnect")]
    assert bot.reconnects == ["the watchdog asks for a new connection: gateway deaf"]
    await clock.run_for(120)
    assert (bot.told[2:], bot.restarts) == ([("gateway deaf", "restart gateway")], 1)
    await clock.run_for(300)
    await until(lambda: len(bot.steps) == 3)
    assert bot.told[3] == ("gateway deaf", "exit")
    assert bot.steps == ["farewell", "flush", f"exit {ExitCode.WATCHDOG}"]
    reason = take(tmp_path)
    assert reason is not None
    assert reason.signal == "gateway deaf"
    assert "5 min ago" in reason.detail


async def test_a_reconnect_that_helps_ends_the_trouble(watchdog: Watchdog, bot: Bot, clock: ManualClock) -> None:
    bot.gateway = GatewaySigns(connected=True, ack_age=300.0)
    await clock.run_for(120)
    bot.gateway = GatewaySigns(connected=True, ack_age=1.0)
    await clock.run_for(600)
    assert bot.told[2:] == [("gateway deaf", "recovered")]
    assert bot.steps == []


async def test_a_restart_that_fails_is_logged_and_the_watch_goes_on(
    watchdog: Watchdog, bot: Bot, clock: ManualClock, log: Any
) -> None:
    bot.restart_fails = True
    bot.gateway = GatewaySigns(connected=True, ack_age=None)
    await clock.run_for(480)
    assert bot.told[-1] == ("gateway deaf", "restart gateway")
    assert "the watchdog could not restart the gateway" in log.messages("warning")


async def test_after_five_exits_within_an_hour_the_runtime_stays_up_and_tries_from_the_first_rung(
    watchdog: Watchdog, bot: Bot, clock: ManualClock, tmp_path: Path
) -> None:
    for _ in range(5):
        write(tmp_path, ExitReason(clock.now(), "gateway deaf", "x"))
    bot.gateway = GatewaySigns(connected=True, ack_age=300.0)
    while ("gateway deaf", "stay") not in bot.told:
        await clock.run_for(60)
        await asyncio.sleep(0.01)
    await clock.run_for(60)
    assert bot.told[-2:] == [("gateway deaf", "stay"), ("gateway deaf", "log")]
    assert bot.steps == []


async def test_time_that_discord_takes_is_not_counted_against_the_start(
    watchdog: Watchdog, bot: Bot, clock: ManualClock
) -> None:
    bot.phase = "starting"
    bot.gateway = GatewaySigns(opening=True, outage="refused")
    await clock.run_for(86_400)
    assert bot.steps == []
    bot.gateway = GatewaySigns()
    await clock.run_for(61)
    await until(lambda: bot.steps)
    assert bot.told == [("start-up late", "exit")]


async def test_an_unreachable_discord_is_told_and_waited_for(watchdog: Watchdog, bot: Bot, clock: ManualClock) -> None:
    bot.gateway = GatewaySigns(outage="connection refused", opening=True)
    await clock.run_for(86_400)
    assert (bot.told, bot.steps) == ([("discord unreachable", "log")], [])
    bot.gateway = GatewaySigns(connected=True, ack_age=1.0)
    await clock.run_for(60)
    assert bot.told[1:] == [("discord unreachable", "recovered")]


async def test_a_flush_that_hangs_does_not_keep_the_process(
    clock: ManualClock, log: Any, tmp_path: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coreops.watchdog.loop._LAST_WORDS", 0.05)
    hanging = threading.Event()

    def flush() -> None:
        hanging.wait(5)

    watchdog = Watchdog(
        clock=clock, log=log, publish=bot.events.append, phase=lambda: "ready", gateway=GatewaySigns,
        reconnect=bot.reconnects.append, restart=bot.restart, owner_of=lambda _: "", blocked=lambda *_: None,
        limits=Limits(), state_dir=tmp_path, farewell=bot.farewell, flush=flush,
        exit=lambda code: bot.steps.append(f"exit {code}"),
    )  # fmt: skip
    await asyncio.to_thread(watchdog._leave, "gateway deaf", "x")
    hanging.set()
    assert bot.steps == [f"exit {ExitCode.WATCHDOG}"]
    assert take(tmp_path) is not None


async def test_a_lost_session_counts_from_its_loss(watchdog: Watchdog, bot: Bot, clock: ManualClock) -> None:
    await clock.run_for(600)
    bot.gateway = replace(bot.gateway, connected=False)
    await clock.run_for(240)
    assert bot.told == []
    await clock.run_for(60)
    assert bot.told == [("gateway disconnected", "log")]


async def test_a_start_that_hangs_is_ended_soon_after_its_deadline(
    watchdog: Watchdog, bot: Bot, clock: ManualClock
) -> None:
    bot.phase = "starting"
    await clock.run_for(60 + 40 + 21)
    await until(lambda: len(bot.steps) == 3)
    assert bot.told == [("start-up late", "exit")]
    assert bot.steps == ["farewell", "flush", f"exit {ExitCode.WATCHDOG}"]


async def test_a_plugin_that_holds_the_loop_is_named_with_file_and_line(
    watchdog: Watchdog, bot: Bot, slow: Any, log: Any
) -> None:
    await until(lambda: watchdog.loop_lag is not None)
    slow.hold(0.6)
    await until(lambda: bot.events)
    (event,) = bot.events
    assert isinstance(event, WatchdogSignal)
    assert (event.signal, event.action, event.actor) == ("loop held", "log", "watchdog")
    assert "plugin slow at coreops_slow/work.py:7 in hold()" in event.detail
    assert (event.plugin, event.file, event.line) == ("slow", "coreops_slow/work.py", 7)
    assert event.duration > 0.5
    ((plugin, block),) = bot.blocks
    assert (plugin, block.file, block.line, block.function) == ("slow", "coreops_slow/work.py", 7, "hold")
    assert block.duration == event.duration
    assert any("loop held" in message and "work.py:7" in message for message in log.messages("warning"))


async def test_a_plugin_that_holds_the_loop_while_starting_is_named_too(
    watchdog: Watchdog, bot: Bot, slow: Any
) -> None:
    bot.phase = "starting"
    await until(lambda: watchdog.loop_lag is not None)
    slow.hold(0.6)
    await until(lambda: bot.events)
    assert [plugin for plugin, _ in bot.blocks] == ["slow"]


async def test_own_code_that_holds_the_loop_while_starting_is_no_news(watchdog: Watchdog, bot: Bot, log: Any) -> None:
    bot.phase = "starting"
    await until(lambda: watchdog.loop_lag is not None)
    time.sleep(0.6)  # an import, say
    await until(lambda: log.messages("debug"))
    assert (bot.events, log.messages("warning")) == ([], [])


def test_a_dead_loop_ends_the_process_with_code_and_reason(tmp_path: Path) -> None:
    """In a process of its own: the loop never comes back, so only the thread can end it."""
    program = tmp_path / "stuck.py"
    program.write_text(PROGRAM.format(state=str(tmp_path)))
    ended = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == ExitCode.WATCHDOG, ended.stderr
    assert "flushed" in ended.stdout
    reason = take(tmp_path)
    assert reason is not None
    assert (reason.signal, "stuck.py" in reason.where) == ("loop dead", True)


PROGRAM = """
import asyncio
import sys
from pathlib import Path

from coreops.watchdog.loop import GatewaySigns, Watchdog
from coreops.watchdog.sampler import SamplerTimes
from coreops.watchdog.signals import Limits
from coreops_shared.clock import SystemClock
from coreops_shared.logging import get_logger


async def nothing():
    pass


def flush():
    print("flushed", flush=True)


async def main():
    watchdog = Watchdog(
        clock=SystemClock(), log=get_logger("x"), publish=print, phase=lambda: "ready",
        gateway=lambda: GatewaySigns(True, 1.0), reconnect=print, restart=nothing, owner_of=lambda module: "",
        blocked=print, limits=Limits(), state_dir=Path({state!r}), farewell=nothing, flush=flush,
        times=SamplerTimes(0.01, 0.1, 0.5),
    )
    await watchdog.start()
    await asyncio.sleep(0.1)
    while True:
        pass


asyncio.run(main())
"""
