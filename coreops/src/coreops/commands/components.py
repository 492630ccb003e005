"""Buttons, menus and forms of commands: presses run through the guard of the plugin that sent the message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import hikari

from coreops.commands.admission import Admission
from coreops.commands.answers import reference
from coreops.commands.deadlines import LIFETIME, answered_within
from coreops.commands.invocation import active
from coreops.commands.origins import Origins
from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.outcomes import Outcome, OutcomeStatus
from coreops_hookspecs import Logger
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["Components"]

_STALE = "This is no longer active, or not meant for you. Run the command again."


class Components:
    """Answers presses.

    Args:
        admission: Knows who asks.
        guard: Runs plugin code.
        origins: Knows which command a message came from.
        clock: Time.
        log: The structured logger.
        timeout: Seconds that a callback may take to its first answer.
    """

    def __init__(
        self, admission: Admission, guard: Guard, origins: Origins, *, clock: Clock, log: Logger, timeout: float
    ) -> None:
        self._admission = admission
        self._guard = guard
        self._origins = origins
        self._clock = clock
        self._log = log
        self._timeout = timeout

    async def run(
        self,
        interaction: hikari.ComponentInteraction | hikari.ModalInteraction,
        sent: asyncio.Event,
        proceed: Callable[[], Awaitable[None]],
    ) -> None:
        """Run lightbulb's handler of a press on behalf of the command that sent the message, and see it answered."""
        leaf = self._origins.of(interaction)
        name = "" if leaf is None else leaf.name
        invocation = self._admission.invocation(interaction, name, leaf, self._clock.monotonic())
        with trace.span(invocation.trace), trace.acting(invocation.actor), active(invocation):
            text = _STALE
            if leaf is not None:
                what = f"{name} ({'form' if isinstance(interaction, hikari.ModalInteraction) else 'button'})"
                answered = partial(answered_within, self._timeout, sent, proceed)
                outcome = await self._guard.call(leaf.plugin, CallKind.COMMAND, what, answered, timeout=LIFETIME)
                text = _text(outcome, invocation.trace)
            if not sent.is_set() or text != _STALE:
                await self._tell(interaction, sent, text)

    async def _tell(
        self, interaction: hikari.ComponentInteraction | hikari.ModalInteraction, sent: asyncio.Event, text: str
    ) -> None:
        flags = hikari.MessageFlag.EPHEMERAL
        try:
            if sent.is_set():
                await interaction.execute(text, flags=flags)
            else:
                await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, text, flags=flags)
        except hikari.HikariError as error:
            self._log.debug("a press could not be answered", error=str(error))


def _text(outcome: Outcome[None], trace_id: str) -> str:
    if outcome.ok:
        return _STALE
    if outcome.status is OutcomeStatus.SKIPPED:
        return "This is unavailable right now. Try again later."
    if isinstance(outcome.error, CoreOpsError):
        return outcome.error.user_message
    return f"❌ That failed. Run the command again.\n-# Reference `{reference(trace_id)}`"
