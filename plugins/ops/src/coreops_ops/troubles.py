"""Concerns in Discord's words, for somebody woken at night: what, since when, why, what to press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coreops_hookspecs import Commands, Concern, HealthStatus
from coreops_ops.wording import ago, named

__all__ = ["troubles"]

_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}
_LONGEST = 300


def troubles(concerns: Sequence[Concern], commands: Commands) -> list[str]:
    """Return one entry per concern, or that there is none; no command is named that the reader may not run.

    Args:
        concerns: What is not as it should be, the gravest first.
        commands: What the reader may run, and the reader's words.
    """
    visible = frozenset(info.name for info in commands.visible())
    found = ["\n".join(_lines(concern, concern.command in visible, commands)) for concern in concerns]
    return found or [commands.say("Nothing needs attention.")]


def _lines(concern: Concern, may: bool, commands: Commands) -> Iterator[str]:
    say = commands.say
    since = f" {say('since {ago}', ago=ago(concern.since))}" if concern.since else ""
    yield f"{_SIGNS[concern.status]} **{concern.what}**{since}"
    cause = named(" ".join(concern.cause.split()))
    if cause:
        yield say("because: {cause}", cause=f"{cause[: _LONGEST - 1]}{'…' if len(cause) >= _LONGEST else ''}")
    order = f"`{commands.prefix}{concern.command} {concern.argument}`"
    press = say("press {command}", command=order) if may else ""
    again = say("tried again {ago}", ago=ago(concern.next_at)) if concern.next_at else ""
    todo = "; ".join(filter(None, [concern.fix, again, press]))
    if todo:
        yield f"→ {todo}"
