"""Concerns in Discord's words, for somebody woken at night: what, since when, why, what to press."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from coreops_hookspecs import Concern, HealthStatus
from coreops_ops.wording import ago, named

__all__ = ["troubles"]

_SIGNS = {HealthStatus.OK: "✅", HealthStatus.DEGRADED: "⚠️", HealthStatus.DOWN: "❌"}
_LONGEST = 300


def troubles(concerns: Sequence[Concern], commands: Collection[str], prefix: str) -> list[str]:
    """Return one entry per concern.

    Args:
        concerns: What is not as it should be, the gravest first.
        commands: Names of the commands that the reader may run; no other is named.
        prefix: Shown before them.
    """
    return ["\n".join(_lines(concern, commands, prefix)) for concern in concerns]


def _lines(concern: Concern, commands: Collection[str], prefix: str) -> Iterator[str]:
    since = f" since {ago(concern.since)}" if concern.since else ""
    yield f"{_SIGNS[concern.status]} **{concern.what}**{since}"
    cause = named(" ".join(concern.cause.split()))
    if cause:
        yield f"because: {cause[: _LONGEST - 1]}{'…' if len(cause) >= _LONGEST else ''}"
    press = f"`{prefix}{concern.command} {concern.argument}`" if concern.command in commands else ""
    again = f"tried again {ago(concern.next_at)}" if concern.next_at else ""
    todo = "; ".join(filter(None, [concern.fix, again, f"press {press}" if press else ""]))
    if todo:
        yield f"→ {todo}"
