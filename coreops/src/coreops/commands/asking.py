"""Asks a second person by a message with buttons, and runs the command again once they have approved it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import hikari

from coreops.commands.admission import Admission
from coreops.commands.approvals import Approvals
from coreops.commands.controls import ControlRegistry
from coreops.commands.invocation import Invocation
from coreops.commands.leaves import Leaf
from coreops.commands.render import card, code
from coreops.commands.tree import CommandTree
from coreops_hookspecs import Approval, Logger, Severity
from coreops_hookspecs.errors import CommandError, DeniedError, UnavailableError
from coreops_shared import changes
from coreops_shared.clock import Clock
from coreops_shared.texts import say

__all__ = ["SecondPerson"]

_ANSWERABLE: Final = 840.0
"""Seconds after which a command is no longer run by itself: its interaction ends at 900 (Discord docs, Receiving and
Responding to Interactions)."""
_PLUGIN: Final = "ops"
"""The plugin that declares the controls ``approve`` and ``decline``."""

Again = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class _Waiting:
    again: Again
    since: float


class SecondPerson:
    """Stands between the door and the buttons.

    Args:
        approvals: What waits.
        tree: The commands.
        admission: Decides who may approve: whoever may run the command.
        controls: Makes the buttons.
        versions: ``bot`` and ``coreops``, for the footer.
        clock: Time.
        log: The structured logger.
    """

    def __init__(
        self,
        approvals: Approvals,
        tree: CommandTree,
        admission: Admission,
        controls: ControlRegistry,
        *,
        versions: Mapping[str, str],
        clock: Clock,
        log: Logger,
    ) -> None:
        self._approvals = approvals
        self._tree = tree
        self._admission = admission
        self._controls = controls.of(_PLUGIN)
        self._versions = versions
        self._clock = clock
        self._log = log
        self._waiting: dict[str, _Waiting] = {}
        self._running: set[asyncio.Task[None]] = set()

    def needed(self, invocation: Invocation) -> bool:
        """Tell whether a command is among those that a second person must approve."""
        return self._approvals.needed(invocation)

    async def pass_through(self, invocation: Invocation) -> None:
        """Let a command pass, or raise ApprovalPendingError."""
        await self._approvals.pass_through(invocation)
        if invocation.approved_by is not None:
            changes.note("approval", "needed", f"given by user:{invocation.approved_by}")

    async def ask(
        self, request: Approval, interaction: hikari.CommandInteraction, sent: asyncio.Event, again: Again
    ) -> None:
        """Ask in the channel for a second person; ``again`` runs the command anew."""
        now = self._clock.monotonic()
        self._waiting = {key: one for key, one in self._waiting.items() if now - one.since < _ANSWERABLE}
        self._waiting[request.id] = _Waiting(again, now)
        text = [
            say("<@{user}> asks to run {command}.", user=request.user_id, command=code(request.text)),
            say("Somebody else who may run it must approve; this ends {when}.", when=f"<t:{request.expires_at}:R>"),
        ]
        embed = card(say("A second person is needed"), text, severity=Severity.WARNING, versions=self._versions)
        row = hikari.impl.MessageActionRowBuilder()
        buttons = (
            (hikari.ButtonStyle.SUCCESS, "approve", say("Approve")),
            (hikari.ButtonStyle.DANGER, "decline", say("Decline")),
        )
        for style, name, label in buttons:
            custom_id = self._controls.id(name, request.id, shared=True)
            row.add_interactive_button(style, custom_id, label=label)  # type: ignore[arg-type]
        try:
            if sent.is_set():
                await interaction.execute(embed=embed, components=[row])
            else:
                await interaction.create_initial_response(
                    hikari.ResponseType.MESSAGE_CREATE, embed=embed, components=[row]
                )
                sent.set()
        except (hikari.HikariError, CommandError) as error:
            self._log.warning("a second person could not be asked", error=str(error))

    async def decide(self, request: str, invocation: Invocation, *, granted: bool) -> tuple[Approval, bool]:
        """Approve or drop what waits; return it, and whether the command runs now by itself.

        Raises:
            UsageError: it was decided, or is over.
            DeniedError: it is their own, or they may not run the command themselves.
        """
        found = await self._approvals.find(request)
        own = found.user_id == invocation.user_id
        if own and granted:
            msg = f"user {invocation.user_id} asked for approval {request!r}"
            raise DeniedError(
                msg, user_message=say("Somebody else must approve what you asked for. You may decline it.")
            )
        if not own:
            self._check(found, invocation)
        decided = await self._approvals.decide(request, invocation.user_id, granted=granted)
        changes.note(f"approval of {found.text}", "awaited", "given" if granted else "refused")
        waiting = self._waiting.pop(request, None)
        now = granted and waiting is not None and self._clock.monotonic() - waiting.since < _ANSWERABLE
        if now and waiting is not None:
            self._start(waiting.again)
        return decided, now

    def _check(self, request: Approval, invocation: Invocation) -> None:
        leaf: Leaf | None = self._tree.find(tuple(request.command.split(" ")))
        if leaf is None:
            text = say("{command} is not there any more.", command=request.command)
            raise UnavailableError(f"approval of a command that is gone: {request.command!r}", user_message=text)
        if refusal := self._admission.refusal(leaf, invocation):
            raise refusal

    def _start(self, again: Again) -> None:
        async def run() -> None:
            await again()

        task = asyncio.create_task(run(), name="approved command")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
