"""What happens between the door and a handler: arguments are read, time is watched, errors get their right names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import hikari

from coreops.commands.callers import given_options
from coreops.commands.deadlines import answered_within
from coreops.commands.invocation import Invocation
from coreops.commands.leaves import Leaf
from coreops.commands.message_interaction import MessageInteraction
from coreops.commands.missing import forbidden
from coreops.commands.render import code
from coreops.plugins.deadlines import Deadlines
from coreops.plugins.outcomes import Outcome
from coreops_hookspecs.errors import UnavailableError, UpstreamError, UsageError
from coreops_shared.texts import say, say_many

__all__ = ["Proceed", "error_of", "handle", "read_arguments"]

Proceed = Callable[[], Awaitable[None]]

_TRANSIENT = (hikari.InternalServerError, hikari.RateLimitTooLongError)
_EXPIRED = 10062
"""The interaction is unknown: it came so late, after an outage, that nobody may answer it any more."""


async def read_arguments(interaction: hikari.CommandInteraction, leaf: Leaf) -> tuple[tuple[str, str], ...]:
    """Read a message's arguments, see that none is missing, and return those given, by option.

    Raises:
        UsageError: they do not fit the command.
        UpstreamError: Discord did not answer a look-up.
    """
    if isinstance(interaction, MessageInteraction):
        await interaction.prepare()
    given = {option.name: str(option.value) for option in given_options(interaction)} if leaf.options else {}
    if leaf.required and (missing := [option.name for option in leaf.required if option.name not in given]):
        names = ", ".join(map(code, missing))
        msg = f"command {leaf.name!r} was given no {', '.join(missing)}"
        told = say_many("{names} is missing.", "{names} are missing.", len(missing), names=names)
        raise UsageError(msg, user_message=told)
    return tuple(given.items())


async def handle(
    invocation: Invocation, deadlines: Deadlines, seconds: float, sent: asyncio.Event, proceed: Proceed
) -> None:
    """Run a command within its time and raise its error, which lightbulb would keep to itself.

    Raises:
        UpstreamError: Discord did not serve it.
        UnavailableError: nobody runs it yet, or the bot lacks a permission.
    """
    try:
        await answered_within(deadlines, seconds, sent, proceed)
        if invocation.error is not None:
            raise invocation.error
    except hikari.HikariError as error:
        if isinstance(error, _TRANSIENT) or (isinstance(error, hikari.NotFoundError) and error.code == _EXPIRED):
            msg = f"discord did not serve command {invocation.command!r}: {error}"
            told = say("Discord did not answer in time. Try again in a minute.")
            raise UpstreamError(msg, user_message=told) from error
        if isinstance(error, hikari.ForbiddenError) and invocation.context is not None:
            have = invocation.context.interaction.app_permissions
            raise forbidden(error, have, invocation.channel_id) from error
        raise
    if invocation.context is None:
        msg = f"command {invocation.command!r} is not registered with lightbulb yet"
        raise UnavailableError(msg, user_message=say("That command is just being loaded. Try again in a moment."))


def error_of(leaf: Leaf, outcome: Outcome[None]) -> BaseException | None:
    """Return how a guarded command failed, or ``None``."""
    if outcome.ok or outcome.error is not None:
        return outcome.error
    text = say(
        "{name} is unavailable: its plugin {plugin} is not serving. Try again later.",
        name=leaf.name,
        plugin=leaf.plugin,
    )
    return UnavailableError(f"command {leaf.name!r} was skipped: {outcome.reason}", user_message=text)
