"""The watchdog: looks at the signs of life, climbs the ladder, and is the one unexpected way for the process to end."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coreops.exit_codes import ExitCode
from coreops.telemetry.lines import line
from coreops.telemetry.phrases import duration, error_text
from coreops.watchdog.exit_reason import ExitReason, exits_since, write
from coreops.watchdog.frames import Place
from coreops.watchdog.ladder import Action, Budget, Ladder
from coreops.watchdog.sampler import LoopSampler, SamplerTimes
from coreops.watchdog.signals import Limits, Signal, Signs, evaluate
from coreops_hookspecs.context import Logger
from coreops_hookspecs.health import LoopBlock
from coreops_hookspecs.telemetry import Event, WatchdogSignal
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["GatewaySigns", "Watchdog"]

LOOP_HELD: Final = "loop held"
LOOP_DEAD: Final = "loop dead"
CLOCK_JUMPED: Final = "clock jumped"
_ACTOR: Final = "watchdog"
_JUMP: Final = 30.0
"""Seconds between the wall clock and the steady one from which on it is told; time servers correct less."""
_FAREWELL: Final = 5.0
"""Seconds that the last words to the operator may take."""
_LAST_WORDS: Final = 5.0
"""Seconds that writing the reason and flushing may take: a full pipe or a held lock must not keep a dead process."""


@dataclass(frozen=True, slots=True)
class GatewaySigns:
    """What the gateway shows. Ages in seconds, ``None`` where unknown.

    ``opening`` tells that it is connecting, which may take as long as Discord is away; ``outage`` why that fails.
    """

    connected: bool = False
    ack_age: float | None = None
    event_age: float | None = None
    opening: bool = False
    outage: str = ""


class Watchdog:
    """Watches gateway and event loop.

    Args:
        clock: Source of time.
        log: Takes the ``[watchdog]`` lines.
        publish: Puts an event on the bus; called in the loop's thread.
        phase: Returns the runtime's phase.
        gateway: Returns what the gateway shows.
        reconnect: Breaks the gateway's connection so that it resumes, given the reason; returns at once.
        restart: Closes the gateway, which is opened anew without its session.
        owner_of: Returns the plugin that a module belongs to; see :func:`coreops.watchdog.frames.owner_by_package`.
        blocked: Told which plugin has held the loop, and how, when it has let go; called in the loop's thread.
        limits: See :class:`Limits`.
        state_dir: Where the exit reason is written.
        farewell: Tells the operator and writes what only the loop can write, before an exit while it still runs; gets
            five seconds.
        flush: Writes out what is buffered, before an exit; called in a thread, and given up when it hangs.
        exit: Ends the process with a code, at once; called in either thread.
        budget: See :class:`Budget`.
        times: Times of the loop's sampling; ``dead`` is the stall limit by default.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        log: Logger,
        publish: Callable[[Event], None],
        phase: Callable[[], str],
        gateway: Callable[[], GatewaySigns],
        reconnect: Callable[[str], None],
        restart: Callable[[], Awaitable[None]],
        owner_of: Callable[[str], str],
        blocked: Callable[[str, LoopBlock], None],
        limits: Limits,
        state_dir: Path,
        farewell: Callable[[], Awaitable[None]],
        flush: Callable[[], None],
        exit: Callable[[int], None] = os._exit,  # noqa: A002 - its one purpose is to end without unwinding
        budget: Budget | None = None,
        times: SamplerTimes | None = None,
    ) -> None:
        self._clock = clock
        self._log = log
        self._publish = publish
        self._phase = phase
        self._gateway = gateway
        self._reconnect = reconnect
        self._restart = restart
        self._blocked = blocked
        self._limits = limits
        self._state_dir = state_dir
        self._farewell = farewell
        self._flush = flush
        self._exit = exit
        self._budget = budget or Budget()
        self._ladder = Ladder(limits, self._budget)
        self._trouble = ""
        self._seen: tuple[str, float] = ("", 0.0)
        self._link: tuple[bool, float] = (False, 0.0)
        self._offset: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._restarting: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sampler = LoopSampler(
            owner_of=owner_of,
            held=self._on_held,
            released=self._on_released,
            dead=self._on_dead,
            times=times or SamplerTimes(dead=limits.stall),
        )

    @property
    def loop_lag(self) -> float | None:
        """Seconds that the event loop last needed to get round to something; ``None`` when unknown."""
        return self._sampler.lag

    async def start(self) -> None:
        """Begin to watch."""
        self._loop = asyncio.get_running_loop()
        now = self._clock.monotonic()
        self._seen, self._link = (self._phase(), now), (self._gateway().connected, now)
        self._watch_clock()
        self._sampler.start()
        self._task = asyncio.create_task(self._watch(), name="watchdog")

    async def stop(self) -> None:
        """Stop watching."""
        tasks = [task for task in (self._task, self._restarting) if task is not None]
        self._task = self._restarting = None
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await asyncio.to_thread(self._sampler.stop)

    async def _watch(self) -> None:
        action = Action.NONE
        while action is not Action.EXIT:
            await self._clock.sleep(self._pause())
            self._watch_clock()
            signal = evaluate(self._look(), self._limits)
            action = self._ladder.judge(signal, self._clock.monotonic())
            if action is Action.EXIT and await self._exited_too_often():
                action = Action.STAY
                self._ladder.reset()
            with trace.span(), trace.acting(_ACTOR):
                await self._act(action, signal)

    async def _exited_too_often(self) -> bool:
        """Tell whether one more exit would only make a supervisor restart in circles."""
        window = self._budget.window
        return await asyncio.to_thread(exits_since, self._state_dir, self._clock.now(), window) >= self._budget.exits

    def _watch_clock(self) -> None:
        """Tell of a wall clock that was set: times in logs and on pages jump, while deadlines go on undisturbed."""
        offset = self._clock.now().timestamp() - self._clock.monotonic()
        jump = 0.0 if self._offset is None else offset - self._offset
        self._offset = offset
        if abs(jump) >= _JUMP:
            way = "ahead" if jump > 0 else "back"
            detail = f"the machine's clock was set {way} by {duration(abs(jump))}; deadlines are not concerned"
            with trace.span(), trace.acting(_ACTOR):
                self._tell(CLOCK_JUMPED, Action.LOG, detail)

    def _pause(self) -> float:
        """Look more often while starting, so that the start-up deadline is met and not overrun by a long check."""
        return min(self._limits.check, self._limits.startup / 4 if self._phase() == "starting" else self._limits.check)

    def _look(self) -> Signs:
        now, phase, gateway = self._clock.monotonic(), self._phase(), self._gateway()
        if phase != self._seen[0] or gateway.opening:  # the time that Discord takes is not counted against the start
            self._seen = (phase, now)
        if gateway.connected is not self._link[0]:
            self._link = (gateway.connected, now)
        return Signs(
            phase,
            now - self._seen[1],
            gateway.connected,
            now - self._link[1],
            gateway.ack_age,
            gateway.event_age,
            gateway.outage or ("connecting anew" if gateway.opening else ""),
        )

    async def _act(self, action: Action, signal: Signal | None) -> None:
        if action is Action.NONE:
            return
        self._trouble = self._trouble if signal is None else signal.name
        name, detail = self._trouble, "" if signal is None else signal.detail
        self._tell(name, action, detail)
        if action is Action.RECONNECT:
            self._reconnect(f"the watchdog asks for a new connection: {name}")
        elif action is Action.RESTART:
            self._restarting = asyncio.create_task(self._try_restart(), name="watchdog restarts the gateway")
        elif action is Action.EXIT:
            await asyncio.wait([asyncio.create_task(self._say_farewell())], timeout=_FAREWELL)
            await asyncio.to_thread(self._leave, name, detail)

    async def _try_restart(self) -> None:
        (failure,) = await asyncio.gather(self._restart(), return_exceptions=True)
        if isinstance(failure, BaseException):
            self._log.warning("the watchdog could not restart the gateway", error=error_text(failure))

    async def _say_farewell(self) -> None:
        await asyncio.gather(self._farewell(), return_exceptions=True)

    def _tell(self, signal: str, action: Action, detail: str) -> None:
        at, reference = self._clock.now(), trace.current()
        self._publish(WatchdogSignal(at=at, trace=reference, actor=_ACTOR, signal=signal, action=action, detail=detail))

    def _tell_held(self, place: Place, seconds: float) -> None:
        at = self._clock.now()
        if place.plugin:
            self._blocked(place.plugin, LoopBlock(at, seconds, place.file, place.line, place.function, place.inner))
        self._publish(
            WatchdogSignal(
                at=at,
                actor=_ACTOR,
                signal=LOOP_HELD,
                action=Action.LOG,
                detail=f"held for {duration(seconds)} by {place}",
                plugin=place.plugin,
                file=place.file,
                line=place.line,
                duration=seconds,
            )
        )

    def _leave(self, signal: str, detail: str, where: str = "") -> None:
        """End the process, within a bound whatever hangs: what is written comes before what is flushed."""
        words = threading.Thread(target=self._last_words, args=(signal, detail, where), daemon=True)
        words.start()
        words.join(_LAST_WORDS)
        self._exit(ExitCode.WATCHDOG)

    def _last_words(self, signal: str, detail: str, where: str) -> None:
        written = write(self._state_dir, ExitReason(self._clock.now(), signal, detail, where, os.getpid()))
        pairs = {"event": "watchdog", "signal": signal, "action": "exit", "detail": detail, "where": where}
        self._log.error(line("watchdog", pairs), written=written)
        self._flush()

    # --- in the watchdog's own thread ---------------------------------------------------------------------------

    def _on_held(self, place: Place) -> None:
        write = self._log.warning if self._matters(place) else self._log.debug
        write(line("watchdog", {"event": "watchdog", "signal": LOOP_HELD, "where": str(place)}), plugin=place.plugin)

    def _on_released(self, place: Place, seconds: float) -> None:
        if self._matters(place) and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell_held, place, seconds)

    def _matters(self, place: Place) -> bool:
        """Tell whether an operator need know: while the runtime starts, its own code may hold the loop."""
        return bool(place.plugin) or self._phase() == "ready"

    def _on_dead(self, place: Place, seconds: float) -> None:
        self._leave(LOOP_DEAD, f"the event loop was held for {duration(seconds)}", str(place))
