"""What the caller is told when a command does not end well: a short reason, what to do, and a reference."""

from __future__ import annotations

import math
from dataclasses import dataclass

import hikari
import lightbulb
from lightbulb import prefab

from coreops.commands.approvals import ApprovalPendingError
from coreops.commands.invocation import Invocation
from coreops.commands.leaves import Leaf
from coreops.commands.missing import explain, forbidden
from coreops.commands.render import CONTENT, code
from coreops.commands.usage import prefix_usage, slash_usage
from coreops.telemetry.phrases import duration, shorten
from coreops_hookspecs.errors import (
    CacheError,
    CommandError,
    CooldownError,
    CoreOpsError,
    DeniedError,
    UnavailableError,
    UpstreamError,
    UsageError,
)
from coreops_shared.texts import say

__all__ = ["Answer", "answer", "cause_of", "cooldown_error", "reference"]

_SIGNS = {
    "pending": "✋",
    "denied": "⛔",
    "usage": "⚠️",
    "cooldown": "⏳",
    "unavailable": "🔌",
    "upstream": "☁️",
    "error": "❌",
    "timeout": "❌",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended (``outcome`` as in ``CommandCompleted``) and what its caller is told."""

    outcome: str
    text: str


def reference(trace: str) -> str:
    """Return the short form of a trace id that people can type; logs hold the full one."""
    return trace[:8]


def answer(error: BaseException, invocation: Invocation, leaf: Leaf | None, prefix: str) -> Answer:
    """Return what to tell the caller about an error."""
    outcome = _outcome(error)
    text = f"{_SIGNS[outcome]} {_reason(error, invocation, outcome)}"
    if isinstance(error, UsageError) and leaf is not None:
        form = prefix_usage(prefix, leaf) if invocation.surface == "prefix" else slash_usage(leaf)
        text += f"\n{say('Usage: {form}', form=code(form))}"
    ending = f"\n-# {say('Reference {reference}', reference=code(reference(invocation.trace)))}"
    return Answer(outcome, shorten(text, CONTENT - len(ending)) + ending)


def cooldown_error(name: str, wait: float) -> CooldownError:
    """Return the error of a caller who must wait ``wait`` seconds."""
    span = duration(max(1, math.ceil(wait)))
    return CooldownError(
        f"command {name!r} is on cooldown for {span}",
        retry_after=wait,
        user_message=say("Not so fast: try {name} again in {span}.", name=name, span=span),
    )


def cause_of(failure: lightbulb.exceptions.ExecutionPipelineFailedException) -> BaseException:
    """Return the error behind a failed pipeline, with lightbulb's own refusals turned into ours."""
    cause = failure.invocation_failure or next(iter(failure.hook_failures), failure)
    name = failure.context.command_data.qualified_name
    if isinstance(cause, prefab.OnCooldown):
        return cooldown_error(name, cause.remaining)
    if isinstance(cause, prefab.MaxConcurrencyReached):
        text = say("{name} is still running.", name=name)
        return CooldownError(f"command {name!r} runs already", retry_after=0, user_message=text)
    if isinstance(cause, prefab.NotOwner | prefab.MissingRequiredPermission | prefab.MissingRequiredRoles):
        text = say("You may not run this command.")
        return DeniedError(f"command {name!r} is denied by its own check", user_message=text)
    if isinstance(cause, prefab.BotMissingRequiredPermissions | hikari.ForbiddenError):
        return _powerless(cause, failure.context)
    if isinstance(cause, lightbulb.exceptions.ConversionFailedException):
        value, option = code(str(cause.value)), code(cause.option.name)
        text = say("{value} does not fit {option}.", value=value, option=option)
        return UsageError(f"option {cause.option.name!r} could not be read: {cause.__cause__}", user_message=text)
    return cause


def _powerless(
    cause: prefab.BotMissingRequiredPermissions | hikari.ForbiddenError, context: lightbulb.Context
) -> UnavailableError:
    channel = int(context.channel_id)
    if isinstance(cause, hikari.ForbiddenError):
        return forbidden(cause, context.interaction.app_permissions, channel)
    msg = f"command {context.command_data.qualified_name!r} needs bot permissions {cause.missing}"
    return UnavailableError(msg, user_message=explain(cause.missing, channel))


def _outcome(error: BaseException) -> str:
    kinds: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
        (ApprovalPendingError, "pending"),
        (DeniedError, "denied"),
        (UsageError, "usage"),
        (CooldownError, "cooldown"),
        (UnavailableError, "unavailable"),
        (CommandError, "usage"),
        ((UpstreamError, CacheError), "upstream"),
        (TimeoutError, "timeout"),
    )
    return next((outcome for kind, outcome in kinds if isinstance(error, kind)), "error")


def _reason(error: BaseException, invocation: Invocation, outcome: str) -> str:
    if outcome not in ("error", "timeout") and isinstance(error, CoreOpsError):
        return error.user_message
    command = code(invocation.command)
    if outcome == "timeout":
        return say(
            "{command} took too long and was stopped. Try again; if it stays, give an admin the reference below.",
            command=command,
        )
    return say("{command} failed. Try again; if it stays, give an admin the reference below.", command=command)
