"""When which reminder of an idle ticket is due. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from coreops_hookspecs import Config
from coreops_welcome.tickets import Ticket

__all__ = ["Stage", "due", "stages"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A reminder, ``after`` so long without a word from a person."""

    name: str
    after: timedelta
    text: str


def stages(config: Config, say: Callable[..., str]) -> tuple[Stage, Stage, Stage]:
    """Return the reminders in their order, as configured; the last one closes the ticket."""
    nudge, warn, close = (config.get(f"TICKET_{name}_HOURS") for name in ("NUDGE", "WARN", "CLOSE"))
    asked = say("Is there anything left to do here? Write a line if so.")
    warned = say("This ticket is idle and will be closed soon. Write a line to keep it.")
    closed = say("This ticket was idle for long and is closed. Write here to reopen it.")
    return (
        Stage("nudge", timedelta(hours=nudge), asked),
        Stage("warning", timedelta(hours=warn), warned),
        Stage("close", timedelta(hours=close), closed),
    )


def due(ticket: Ticket, now: datetime, order: Sequence[Stage]) -> Stage | None:
    """Return the reminder that is due, if one is; the last one again where it was given and the ticket is still open.

    They come one after the other with their times between them also after the bot was away for long: nobody's ticket
    is closed without the warning, and the time that it leaves.
    """
    names = [stage.name for stage in order]
    given = names.index(ticket.standing) if ticket.standing in names else -1
    if given == len(order) - 1:
        return order[-1]
    begun = ticket.active_at if given < 0 else datetime.fromisoformat(ticket.reminded_at)
    before = timedelta(0) if given < 0 else order[given].after
    following = order[given + 1]
    return following if now - begun >= following.after - before else None
