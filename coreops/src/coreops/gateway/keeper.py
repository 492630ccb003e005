"""Keeps the connection up: opens it however long that takes, and anew each time that it ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import hikari

from coreops.gateway.failures import explain
from coreops.gateway.patience import Outage, Pace, Patience
from coreops.gateway.strays import end_strays
from coreops_hookspecs.errors import CoreOpsError, UpstreamError
from coreops_shared.clock import Clock

__all__ = ["Keeper"]

_CLOSE_LIMIT: Final = 10.0
"""Seconds that closing may take."""


class Keeper:
    """The life of one connection. hikari itself resumes a session that was cut; this is for what hikari gives up.

    Args:
        bot: Returns hikari's bot, the same each time.
        pace: How often it tries.
        clock: Time.
        opens: Called before each try.
        told: Called with a state and its detail when something happens that nobody else would tell.
    """

    def __init__(
        self,
        bot: Callable[[], hikari.GatewayBot],
        pace: Pace,
        clock: Clock,
        *,
        opens: Callable[[], None],
        told: Callable[[str, str], None],
    ) -> None:
        self._bot = bot
        self._pace = pace
        self._clock = clock
        self._opens = opens
        self._told = told
        self._patience = Patience(pace, clock, self._on_outage)
        self._wanted = asyncio.Event()
        self._opened_at = 0.0
        self._dropping = asyncio.Lock()
        self.opening = False
        """Whether it tries to connect now: the time that this takes is Discord's, not ours."""

    @property
    def outage(self) -> Outage | None:
        """What keeps from connecting; ``None`` unless a try failed since it began to try."""
        return self._patience.outage

    async def open(self) -> None:
        """Connect; returns when every shard is ready, however often that must be tried.

        Raises:
            RefusedError: Discord will not have the bot; the message says what to change.
            CoreOpsError: hikari can be used no more.
        """
        self._wanted.set()
        await self._open()

    async def closed(self) -> None:
        """Wait for :meth:`close`, and open the connection anew each time that it ends by itself.

        Raises:
            RefusedError: Discord will not have the bot any more.
            CoreOpsError: hikari can be used no more.
        """
        while self._wanted.is_set():
            (error,) = await asyncio.gather(self._ended(), return_exceptions=True)
            if not self._wanted.is_set():
                return
            if isinstance(error, Exception):  # and not a cancellation, which is how we end a shard ourselves
                failure = explain(error)
                if not isinstance(failure, UpstreamError):
                    raise failure from error
                self._told("ended", str(failure))
            await self.drop()
            await self._patience.rest(self._clock.monotonic() - self._opened_at)
            if self._wanted.is_set():
                await self._open()

    async def persist(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do something at Discord, again and again while Discord cannot be reached or fails."""

        async def attempt() -> None:
            try:
                await work()
            except (hikari.HTTPError, OSError) as error:
                raise explain(error) from error

        await self._until_done(attempt)

    async def close(self) -> None:
        """Disconnect for good; does nothing when not connected. Raises UpstreamError when it takes longer than 10 s."""
        self._wanted.clear()
        await self.drop()

    async def drop(self) -> None:
        """Disconnect; :meth:`closed` opens it anew. Raises UpstreamError when it takes longer than 10 s."""
        bot = self._bot()
        try:
            async with asyncio.timeout(_CLOSE_LIMIT), self._dropping:
                if bot.is_alive:
                    await bot.close()
        except TimeoutError as error:
            msg = f"the gateway did not close within {_CLOSE_LIMIT:g} s"
            raise UpstreamError(msg) from error
        await end_strays(_CLOSE_LIMIT)

    async def _open(self) -> None:
        await self._until_done(self._try)
        self._opened_at = self._clock.monotonic()

    async def _until_done(self, attempt: Callable[[], Awaitable[None]]) -> None:
        self.opening = True
        try:
            await self._patience.until_done(attempt)
        finally:
            self.opening = False

    async def _try(self) -> None:
        """Connect once. Raises what :func:`explain` makes of a failure, and leaves nothing behind."""
        self._opens()
        starting = asyncio.wait_for(self._bot().start(check_for_updates=False), self._pace.attempt)
        try:
            (error,) = await asyncio.gather(starting, return_exceptions=True)
        except asyncio.CancelledError:
            await self.drop()
            raise
        if isinstance(error, BaseException):
            await self.drop()
            raise self._failure(error) from error

    def _failure(self, error: BaseException) -> CoreOpsError:
        if isinstance(error, TimeoutError):
            return UpstreamError(f"discord did not let us in within {self._pace.attempt:g} s")
        return explain(error)

    async def _ended(self) -> None:
        bot = self._bot()
        if bot.is_alive:
            await bot.join()

    def _on_outage(self, outage: Outage) -> None:
        if outage.tries == 1:
            self._told("unreachable", outage.reason)
