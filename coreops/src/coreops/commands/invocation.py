"""The command being run: who, where, which, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

import lightbulb

from coreops.commands.access import Caller, Grant
from coreops.commands.press import ComponentPress
from coreops_hookspecs import AccessRequest, Surface, Tier
from coreops_shared.changes import Change

__all__ = ["Invocation", "active", "current"]

_current: Final[ContextVar[Invocation | None]] = ContextVar("coreops_invocation", default=None)


@dataclass(slots=True, kw_only=True)
class Invocation:
    """One caller asking for one command; satisfies :class:`coreops_hookspecs.Invocation`.

    ``command`` and ``plugin`` are empty as long as nothing of that name is known. ``context`` and ``error`` are filled
    in by the client while lightbulb runs the command; lightbulb itself keeps errors to its error handlers.
    """

    command: str
    plugin: str
    surface: Surface
    caller: Caller
    grant: Grant
    trace: str
    received_at: float
    options: tuple[tuple[str, str], ...] = ()
    context: lightbulb.Context | None = field(default=None, repr=False)
    error: BaseException | None = None
    press: ComponentPress | None = field(default=None, repr=False)
    approved_by: int | None = None
    changes: list[Change] = field(default_factory=list)
    user_id: int = field(init=False)
    guild_id: int | None = field(init=False)
    channel_id: int = field(init=False)
    tier: Tier = field(init=False)
    groups: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.user_id = self.caller.user_id
        self.guild_id = self.caller.guild_id
        self.channel_id = self.caller.channel_id
        self.tier = self.grant.tier
        self.groups = self.grant.groups

    @property
    def actor(self) -> str:
        """``user:<id>``."""
        return f"user:{self.user_id}"

    def by(self, caller: Caller, granted: Grant) -> Invocation:
        """Return it with another caller, not begun."""
        return Invocation(
            command=self.command,
            plugin=self.plugin,
            surface=self.surface,
            caller=caller,
            grant=granted,
            trace=self.trace,
            received_at=self.received_at,
        )

    def request(self, command: str, plugin: str) -> AccessRequest:
        """Return what ``coreops_authorize`` is asked about this caller and that command."""
        return AccessRequest(
            command=command,
            plugin=plugin,
            surface=self.surface,
            user_id=self.user_id,
            guild_id=self.guild_id,
            channel_id=self.channel_id,
            role_ids=self.caller.role_ids,
            tier=self.tier,
            groups=self.groups,
            trace=self.trace,
        )


def current() -> Invocation:
    """Return the command being run. Raises LookupError outside a command."""
    invocation = _current.get()
    if invocation is None:
        msg = "no command is being run here; ctx.commands answers inside a command only"
        raise LookupError(msg)
    return invocation


@contextmanager
def active(invocation: Invocation) -> Iterator[None]:
    """Make it the current one inside the ``with`` block."""
    token = _current.set(invocation)
    try:
        yield
    finally:
        _current.reset(token)
