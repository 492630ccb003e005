"""Buttons, menus and forms: presses on declared controls take their own door, the others run through the guard of the
plugin that sent the message, as long as this process remembers it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import hikari

from coreops.commands.answers import reference
from coreops.commands.deadlines import answered_within
from coreops.commands.invocation import active
from coreops.commands.origins import Origins
from coreops.commands.pager import PAGES, Pager
from coreops.commands.pressing import ControlDoor, ControlTools, Pressed
from coreops.plugins.deadlines import Deadlines
from coreops.plugins.guard import CallKind
from coreops.plugins.outcomes import Outcome, OutcomeStatus
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared import trace
from coreops_shared.texts import say, speaking

__all__ = ["Components"]


class Components:
    """Answers presses.

    Args:
        tools: What the door of declared controls works with, and this one too.
        origins: Knows which command a message came from.
        pager: Turns the pages of long answers.
    """

    def __init__(
        self,
        tools: ControlTools,
        origins: Origins,
        pager: Pager,
    ) -> None:
        self._registry = tools.registry
        self._door = ControlDoor(tools)
        self._admission = tools.admission
        self._guard = tools.guard
        self._origins = origins
        self._pager = pager
        self._clock = tools.clock
        self._log = tools.log
        self._timeout = tools.timeout
        self._deadlines = Deadlines()

    async def run(
        self,
        interaction: Pressed,
        sent: asyncio.Event,
        proceed: Callable[[], Awaitable[None]],
    ) -> None:
        """Run lightbulb's handler of a press on behalf of the command that sent the message, and see it answered."""
        if isinstance(interaction, hikari.ComponentInteraction) and interaction.custom_id.startswith(PAGES):
            with speaking(self._admission.speaker(interaction, "")):
                await self._turn(interaction, sent)
            return
        sealed = self._registry.sealer.open(interaction.custom_id)
        held = None if sealed is None else self._registry.find(sealed)
        if sealed is not None and held is not None:
            await self._door.run(interaction, sealed, held, sent)
            return
        leaf = self._origins.of(interaction)
        name = "" if leaf is None else leaf.name
        invocation = self._admission.invocation(interaction, name, leaf, self._clock.monotonic())
        speaker = self._admission.speaker(interaction, invocation.plugin)
        with trace.span(invocation.trace), trace.acting(invocation.actor), active(invocation), speaking(speaker):
            text = stale = say("This is no longer active, or not meant for you. Run the command again.")
            if leaf is not None:
                what = f"{name} ({'form' if isinstance(interaction, hikari.ModalInteraction) else 'button'})"
                answered = partial(answered_within, self._deadlines, self._timeout, sent, proceed)
                outcome = await self._guard.call(leaf.plugin, CallKind.COMMAND, what, answered, timeout=None)
                text = stale if outcome.ok else _text(outcome, invocation.trace)
            if not sent.is_set() or text != stale:
                await self._tell(interaction, sent, text)

    async def _turn(self, interaction: hikari.ComponentInteraction, sent: asyncio.Event) -> None:
        try:
            await self._pager.press(interaction)
        except hikari.HikariError as error:
            self._log.debug("a page could not be turned", error=str(error))
        sent.set()

    async def _tell(self, interaction: Pressed, sent: asyncio.Event, text: str) -> None:
        flags = hikari.MessageFlag.EPHEMERAL
        try:
            if sent.is_set():
                await interaction.execute(text, flags=flags)
            else:
                await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, text, flags=flags)
        except hikari.HikariError as error:
            self._log.debug("a press could not be answered", error=str(error))


def _text(outcome: Outcome[None], trace_id: str) -> str:
    if outcome.status is OutcomeStatus.SKIPPED:
        return say("This is unavailable right now. Try again later.")
    if isinstance(outcome.error, CoreOpsError):
        return outcome.error.user_message
    ending = say("Reference {reference}", reference=f"`{reference(trace_id)}`")
    return f"❌ {say('That failed. Run the command again.')}\n-# {ending}"
