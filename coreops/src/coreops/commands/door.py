"""The door: the one way to a command's handler, whatever the surface.

known → plugin active → toggle on → guild → direct message → tier and group → authorize hooks → arguments →
second person → cooldown → guard → record. Whoever does not get through is told why; an error on the way keeps the door
shut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import hikari
import lightbulb

from coreops.commands.admission import Admission
from coreops.commands.answers import answer, cooldown_error
from coreops.commands.approvals import ApprovalPendingError
from coreops.commands.asking import SecondPerson
from coreops.commands.audit import AuditRecord
from coreops.commands.cooldowns import Cooldowns
from coreops.commands.handling import Proceed, error_of, handle, read_arguments
from coreops.commands.invocation import Invocation, active
from coreops.commands.leaves import Leaf
from coreops.commands.message_interaction import MessageInteraction
from coreops.commands.render import code
from coreops.commands.waiting import Patience
from coreops.plugins.deadlines import Deadlines
from coreops.plugins.guard import CallKind, Guard
from coreops_hookspecs import Logger, Tier
from coreops_hookspecs.errors import CommandError, UnavailableError, UpstreamError, UsageError
from coreops_shared.clock import Clock
from coreops_shared.scope import Scope, within
from coreops_shared.texts import say

__all__ = ["Door", "DoorTools"]

_STOP_LIMIT = 1.0
"""Seconds that stopped commands get to say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorTools:
    """What the door works with.

    Args:
        admission: Decides who may pass.
        guard: Runs plugin code.
        cooldowns: Counts runs.
        clock: Time.
        audit: Takes the record of every command.
        command_error: Asks the owning plugin's ``coreops_command_error``; true when it answered.
        log: The structured logger.
        patience: Asks callers of slow commands for it.
        second: Holds up what a second person must approve.
        prefix: Shown in usage texts.
        timeout: Seconds that a handler may take to its first answer.
    """

    admission: Admission
    guard: Guard
    cooldowns: Cooldowns
    clock: Clock
    audit: Callable[[AuditRecord], None]
    command_error: Callable[[str, lightbulb.Context, BaseException], Awaitable[bool]]
    log: Logger
    patience: Patience
    second: SecondPerson
    prefix: str
    timeout: float


class Door:
    """Lets callers through to handlers, one call of :meth:`run` per command."""

    def __init__(self, tools: DoorTools) -> None:
        self._tools = tools
        self._deadlines = Deadlines()
        self._running: set[asyncio.Task[object]] = set()
        self._closing = False

    async def run(
        self,
        interaction: hikari.CommandInteraction,
        name: str,
        leaf: Leaf | None,
        sent: asyncio.Event,
        proceed: Proceed,
    ) -> None:
        """Decide, run and answer one command, in a task of its own.

        Args:
            interaction: What arrived.
            name: The path that was asked for.
            leaf: The command there, or ``None``.
            sent: Set once the interaction has its initial response.
            proceed: Hands the interaction to lightbulb.
        """
        tools = self._tools
        received = interaction.received_at if isinstance(interaction, MessageInteraction) else tools.clock.monotonic()
        invocation = tools.admission.invocation(interaction, name, leaf, received)
        task = asyncio.current_task()
        assert task is not None, "a coroutine runs in a task"
        self._running.add(task)
        waiting = tools.patience.begin(interaction, invocation)
        error: BaseException | None = None
        decided = False
        speaker = tools.admission.speaker(interaction, invocation.plugin)
        with within(Scope(invocation.trace, invocation.actor, speaker, invocation.changes)), active(invocation):
            try:
                error = await self._attempt(interaction, leaf, invocation, sent, proceed)
                if isinstance(error, ApprovalPendingError):
                    await tools.patience.settle(waiting)
                    again = partial(self.run, interaction, name, leaf, sent, proceed)
                    await tools.second.ask(error.request, interaction, sent, again)
                decided = True
            except asyncio.CancelledError:
                error, decided = _stopped(name), True
                raise
            finally:
                if not tools.patience.forget(waiting):
                    await tools.patience.settle(waiting)
                if error is None and decided:
                    self._record(leaf, invocation, "ok", "")
                else:
                    await self._refuse(interaction, leaf, invocation, sent, error or _broken(name))
                self._running.discard(task)

    async def drain(self, grace: float) -> int:
        """Refuse new commands, wait up to ``grace`` seconds for those that run, and stop the rest.

        Returns:
            How many were stopped.
        """
        self._closing = True
        running = self._running - {asyncio.current_task()}
        if not running:
            return 0
        _, pending = await asyncio.wait(running, timeout=grace)
        for task in pending:
            task.cancel()
        if pending:
            await asyncio.wait(pending, timeout=_STOP_LIMIT)
        return len(pending)

    async def _attempt(
        self,
        interaction: hikari.CommandInteraction,
        leaf: Leaf | None,
        invocation: Invocation,
        sent: asyncio.Event,
        proceed: Proceed,
    ) -> BaseException | None:
        """Return what went wrong, or ``None``."""
        tools = self._tools
        try:
            self._check(leaf, invocation)
            assert leaf is not None
            if leaf.options or not isinstance(interaction, MessageInteraction) or interaction.words:
                invocation.options = await read_arguments(interaction, leaf)
            if tools.second.needed(invocation):
                await tools.second.pass_through(invocation)
            if leaf.cooldown is not None and (
                wait := tools.cooldowns.take(leaf.name, leaf.cooldown, invocation.caller)
            ):
                return cooldown_error(leaf.name, wait)
        except (CommandError, UpstreamError) as refusal:
            return refusal
        watch = (self._deadlines, tools.timeout, sent, proceed)
        outcome = await tools.guard.call(
            leaf.plugin, CallKind.COMMAND, leaf.name, handle, invocation, *watch, timeout=None
        )
        return error_of(leaf, outcome)

    def _check(self, leaf: Leaf | None, invocation: Invocation) -> None:
        if self._closing:
            msg = "commands are not taken while the bot stops"
            raise UnavailableError(msg, user_message=say("I am restarting. Try again in a minute."))
        if leaf is None:
            name = invocation.command
            text = say(
                "There is no command {name} any more. Discord's list may be old: reopen it and try again.",
                name=code("/" + name),
            )
            raise UsageError(f"unknown command {name!r}", user_message=text)
        if refusal := self._tools.admission.refusal(leaf, invocation):
            raise refusal

    async def _refuse(
        self,
        interaction: hikari.CommandInteraction,
        leaf: Leaf | None,
        invocation: Invocation,
        sent: asyncio.Event,
        error: BaseException,
    ) -> None:
        """Answer an error and record it."""
        said = answer(error, invocation, leaf, self._tools.prefix)
        outcome = said.outcome
        if outcome != "pending" and not await self._answered_by_plugin(leaf, invocation, error):
            outcome = outcome if await self.tell(interaction, sent, said.text) else "lost"
        self._record(leaf, invocation, outcome, f"{type(error).__name__}: {error}")

    def _record(self, leaf: Leaf | None, invocation: Invocation, outcome: str, error: str) -> None:
        tools = self._tools
        caller = invocation.caller
        tools.audit(
            AuditRecord(
                at=tools.clock.now(),
                trace=invocation.trace,
                actor=invocation.actor,
                command=invocation.command,
                plugin=invocation.plugin,
                surface=invocation.surface,
                tier=invocation.grant.tier,
                options=invocation.options,
                needs=Tier.USER if leaf is None else leaf.rule.tier,
                guild_id=caller.guild_id,
                channel_id=caller.channel_id,
                outcome=outcome,
                duration=tools.clock.monotonic() - invocation.received_at,
                error=error,
                changes=tuple(invocation.changes),
            )
        )

    async def _answered_by_plugin(self, leaf: Leaf | None, invocation: Invocation, error: BaseException) -> bool:
        if leaf is None or invocation.context is None:
            return False
        return await self._tools.command_error(leaf.plugin, invocation.context, error)

    async def tell(self, interaction: hikari.CommandInteraction, sent: asyncio.Event, text: str) -> bool:
        """Answer; tell whether Discord took it, or would have taken nothing."""
        try:
            if sent.is_set():
                await interaction.execute(text, flags=hikari.MessageFlag.EPHEMERAL)
                return True
            await interaction.create_initial_response(
                hikari.ResponseType.MESSAGE_CREATE, text, flags=hikari.MessageFlag.EPHEMERAL
            )
            sent.set()
        except (hikari.HikariError, CommandError) as error:
            self._tools.log.warning("the caller could not be answered", error=str(error))
            return isinstance(error, CommandError)
        return True


def _stopped(name: str) -> UnavailableError:
    return UnavailableError(f"command {name!r} was stopped", user_message=say("I was stopped while at it."))


def _broken(name: str) -> UnavailableError:
    return UnavailableError(f"the check before command {name!r} broke, see the log")
