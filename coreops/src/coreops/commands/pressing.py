"""The door of controls: who may press, how long an answer may take, and what is put on record.

sealed by this bot → its plugin there → owner → plugin active, toggle, place, tier, rules and hooks, of the control and
of its command → guard → record. Whoever does not get through is told why, alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import hikari

from coreops.commands.admission import Admission
from coreops.commands.answers import answer
from coreops.commands.audit import AuditRecord
from coreops.commands.controls import ControlRegistry, Held
from coreops.commands.deadlines import answered_within
from coreops.commands.invocation import Invocation, active
from coreops.commands.press import ComponentPress
from coreops.commands.seal import Sealed
from coreops.commands.tree import CommandTree
from coreops.commands.waiting import Patience
from coreops.plugins.deadlines import Deadlines
from coreops.plugins.guard import CallKind, Guard
from coreops_hookspecs import Logger, PluginContext, Tier
from coreops_hookspecs.errors import CommandError, DeniedError, UnavailableError, UpstreamError
from coreops_shared.clock import Clock
from coreops_shared.scope import Scope, within
from coreops_shared.texts import say

__all__ = ["ControlDoor", "ControlTools", "Pressed"]

Pressed = hikari.ComponentInteraction | hikari.ModalInteraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTools:
    """What the door of controls works with.

    Args:
        registry: The controls.
        tree: The commands that they belong to.
        admission: Decides who may pass.
        guard: Runs plugin code.
        context_for: Returns the context of a plugin.
        audit: Takes the record of every press.
        patience: Acknowledges slow presses.
        clock: Time.
        log: The structured logger.
        timeout: Seconds that a callback may take to its first answer.
    """

    registry: ControlRegistry
    tree: CommandTree
    admission: Admission
    guard: Guard
    context_for: Callable[[str], PluginContext]
    audit: Callable[[AuditRecord], None]
    patience: Patience
    clock: Clock
    log: Logger
    timeout: float


class ControlDoor:
    """Lets presses through to the plugin that declared the control."""

    def __init__(self, tools: ControlTools) -> None:
        self._tools = tools
        self._deadlines = Deadlines()

    async def run(self, interaction: Pressed, sealed: Sealed, held: Held, sent: asyncio.Event) -> None:
        """Decide, run, answer and record one press."""
        tools = self._tools
        leaf = held.leaf
        invocation = tools.admission.invocation(interaction, leaf.name, leaf, tools.clock.monotonic())
        invocation.press = press = ComponentPress(interaction, sealed, sent)
        chosen = (("values", ",".join(press.values)),) if press.values else ()
        invocation.options = (("state", sealed.state), *chosen)
        error: BaseException | None = UnavailableError(f"the check before control {leaf.name!r} broke, see the log")
        speaker = tools.admission.speaker(interaction, invocation.plugin)
        with within(Scope(invocation.trace, invocation.actor, speaker, invocation.changes)), active(invocation):
            try:
                async with tools.patience.during(interaction, invocation):
                    error = await self._attempt(held, press, invocation, sent)
            except asyncio.CancelledError:
                text = say("I was stopped while at it.")
                error = UnavailableError(f"control {leaf.name!r} was stopped", user_message=text)
                raise
            finally:
                await self._finish(held, press, invocation, sent, error)

    async def _attempt(
        self, held: Held, press: ComponentPress, invocation: Invocation, sent: asyncio.Event
    ) -> BaseException | None:
        """Return what went wrong, or ``None``."""
        tools, leaf = self._tools, held.leaf
        try:
            self._check(held, press, invocation)
        except (CommandError, UpstreamError) as refusal:
            return refusal
        callback = partial(held.control.callback, tools.context_for(leaf.plugin), press)
        handle = partial(answered_within, self._deadlines, tools.timeout, sent, callback)
        outcome = await tools.guard.call(leaf.plugin, CallKind.COMMAND, leaf.name, handle, timeout=None)
        if outcome.ok or outcome.error is not None:
            return outcome.error
        text = say("This is unavailable right now. Try again later.")
        return UnavailableError(f"control {leaf.name!r} was skipped: {outcome.reason}", user_message=text)

    def _check(self, held: Held, press: ComponentPress, invocation: Invocation) -> None:
        tools, command = self._tools, held.control.command
        if press.owner_id is not None and press.user_id != press.owner_id:
            text = say("Only <@{owner}> can use this.", owner=press.owner_id)
            text += " " + say("Run `{command}` yourself.", command=command) if command else ""
            raise DeniedError(f"control {held.leaf.name!r} belongs to user {press.owner_id}", user_message=text)
        if refusal := tools.admission.refusal(held.leaf, invocation):
            raise refusal
        if not command:
            return
        leaf = tools.tree.find(tuple(command.split(" ")))
        if leaf is None:
            text = say("{command} is not there any more.", command=command)
            raise UnavailableError(f"control {held.leaf.name!r} belongs to no command", user_message=text)
        if refusal := tools.admission.refusal(leaf, invocation):
            raise refusal

    async def _finish(
        self,
        held: Held,
        press: ComponentPress,
        invocation: Invocation,
        sent: asyncio.Event,
        error: BaseException | None,
    ) -> None:
        """Answer an error, or what was left without an answer, and write the record."""
        tools = self._tools
        said = None if error is None else answer(error, invocation, None, "")
        outcome = "ok" if said is None else said.outcome
        try:
            if said is not None:
                await press.respond(said.text)
            elif not sent.is_set():
                await press.defer()
        except hikari.HikariError as failure:
            tools.log.warning("a press could not be answered", error=str(failure))
            outcome = "lost" if said is not None else outcome
        tools.audit(
            AuditRecord(
                at=tools.clock.now(),
                trace=invocation.trace,
                actor=invocation.actor,
                command=invocation.command,
                plugin=invocation.plugin,
                surface=invocation.surface,
                tier=invocation.tier,
                options=invocation.options,
                needs=self._needs(held),
                guild_id=invocation.guild_id,
                channel_id=invocation.channel_id,
                outcome=outcome,
                duration=tools.clock.monotonic() - invocation.received_at,
                error="" if error is None else f"{type(error).__name__}: {error}",
                changes=tuple(invocation.changes),
            )
        )

    def _needs(self, held: Held) -> Tier:
        leaf = self._tools.tree.find(tuple(held.control.command.split(" ")))
        return max(held.leaf.rule.tier, held.leaf.rule.tier if leaf is None else leaf.rule.tier)
