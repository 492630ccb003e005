"""What a supervisor is told: systemd's notification protocol (sd_notify(3)), when it gives us a socket.

``READY=1`` once commands are answered, ``STOPPING=1`` when draining begins, ``WATCHDOG=1`` while the event loop lives.
While the runtime starts it asks for more time again and again: how long a start may take is the watchdog's to judge,
and the time that Discord is away is nobody's fault.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from coreops_hookspecs.context import Logger
from coreops_shared.clock import Clock

__all__ = ["Supervisor"]

_BEAT: Final = 10.0
"""Longest pause between two beats, in seconds."""
_MORE_TIME: Final = 60.0
"""Seconds of start-up that each beat asks for."""
_PHASES: Final = {"ready": "READY=1", "draining": "STOPPING=1"}


class Supervisor:
    """Tells systemd how it goes. Without a socket it does nothing.

    Args:
        address: ``NOTIFY_SOCKET``: a path, or ``@`` and a name in the abstract namespace; empty for none.
        limit: Seconds without a beat after which systemd ends the process (``WATCHDOG_USEC``); 0 for none.
        phase: Returns the runtime's phase.
        clock: Time.
        log: Told once when the socket cannot be used.
    """

    def __init__(self, address: str, limit: float, *, phase: Callable[[], str], clock: Clock, log: Logger) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._pause = min(limit / 2 or _BEAT, _BEAT)
        self._phase = phase
        self._clock = clock
        self._log = log
        self._broken = False
        self._beating: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to beat."""
        if self._address:
            self._beating = asyncio.create_task(self._beat(), name="supervisor")

    async def stop(self) -> None:
        """Stop beating."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.wait([self._beating])
            self._beating = None

    def entered(self, phase: str, detail: str) -> None:
        """Tell of a new phase."""
        status = " ".join(f"STATUS={phase} {detail}".split())
        self._tell("\n".join(filter(None, [_PHASES.get(phase, ""), status])))

    async def _beat(self) -> None:
        while True:
            more = f"\nEXTEND_TIMEOUT_USEC={_MORE_TIME * 1e6:.0f}" if self._phase() == "starting" else ""
            self._tell(f"WATCHDOG=1{more}")
            await self._clock.sleep(self._pause)

    def _tell(self, state: str) -> None:
        if not self._address or self._broken:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
                ours.settimeout(0)
                ours.sendto(state.encode(), self._address)
        except BlockingIOError:
            return  # systemd has not read the last ones yet; another follows
        except OSError as error:
            self._broken = True
            self._log.warning("NOTIFY_SOCKET cannot be used, systemd hears nothing of this process", error=str(error))
