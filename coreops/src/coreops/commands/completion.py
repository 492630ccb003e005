"""Autocomplete: suggestions pass the same door rules as the command, within Discord's three seconds.

lightbulb logs and drops what a provider raises, so the provider is called here, inside lightbulb's public dependency
contexts and the guard.
"""

from __future__ import annotations

import asyncio
from typing import Final

import hikari
import lightbulb

from coreops.commands.admission import Admission
from coreops.commands.callers import given_options
from coreops.commands.invocation import active
from coreops.commands.leaves import Leaf
from coreops.plugins.guard import CallKind, Guard
from coreops_hookspecs import Logger
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["Completion"]

_DEADLINE: Final = 2.5
"""Seconds; Discord waits three for an answer (Discord docs, Receiving and Responding to Interactions)."""


class Completion:
    """Answers autocomplete interactions.

    Args:
        admission: Decides who may ask.
        guard: Runs plugin code.
        clock: Time.
        log: The structured logger.
    """

    def __init__(self, admission: Admission, guard: Guard, clock: Clock, log: Logger) -> None:
        self._admission = admission
        self._guard = guard
        self._clock = clock
        self._log = log

    async def run(
        self,
        client: lightbulb.Client,
        interaction: hikari.AutocompleteInteraction,
        leaf: Leaf,
        sent: asyncio.Event,
    ) -> None:
        """Let the option's provider suggest; whoever may not run the command gets no suggestions."""
        invocation = self._admission.invocation(interaction, leaf.name, leaf, self._clock.monotonic())
        with trace.span(invocation.trace), trace.acting(invocation.actor), active(invocation):
            if self._admission.refusal(leaf, invocation) is None:
                await self._guard.call(
                    leaf.plugin,
                    CallKind.COMMAND,
                    f"{leaf.name} (autocomplete)",
                    _suggest,
                    client,
                    interaction,
                    leaf,
                    sent,
                    timeout=_DEADLINE,
                )
            if not sent.is_set():
                await self._nothing(interaction)

    async def _nothing(self, interaction: hikari.AutocompleteInteraction) -> None:
        try:
            await interaction.create_response([])
        except hikari.HikariError as error:
            self._log.debug("autocomplete could not be answered", error=str(error))


async def _suggest(
    client: lightbulb.Client, interaction: hikari.AutocompleteInteraction, leaf: Leaf, sent: asyncio.Event
) -> None:
    options = [
        option for option in given_options(interaction) if isinstance(option, hikari.AutocompleteInteractionOption)
    ]
    context = client.build_autocomplete_context(interaction, options, leaf.target, sent)
    data = lightbulb.utils.get_command_data(leaf.target).options.get(context.focused.name)
    if data is None or not data.autocomplete or data.autocomplete_provider is hikari.UNDEFINED:
        return
    async with (
        client.di.enter_context(lightbulb.di.Contexts.DEFAULT),
        client.di.enter_context(lightbulb.di.Contexts.AUTOCOMPLETE) as container,
    ):
        container.add_value(lightbulb.AutocompleteContext, context)
        await data.autocomplete_provider(context)
