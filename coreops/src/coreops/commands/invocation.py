"""The command being run: who, where, which, and what became of it."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

import lightbulb
import msgspec

from coreops.commands.access import Caller, Grant
from coreops.commands.press import ComponentPress
from coreops_hookspecs import AccessRequest, Surface, Tier
from coreops_shared.changes import Change

__all__ = ["Invocation", "active", "current"]

_current: Final[ContextVar[Invocation | None]] = ContextVar("coreops_invocation", default=None)


class Invocation(msgspec.Struct, eq=False):
    """One caller asking for one command; satisfies :class:`coreops_hookspecs.Invocation`.

    A msgspec Struct, because one is made per command and a dataclass costs three times as much to make.

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
    context: lightbulb.Context | None = None
    error: BaseException | None = None
    press: ComponentPress | None = None
    approved_by: int | None = None
    changes: list[Change] = []  # msgspec makes a new one for each
    actor: str = ""
    """``user:<id>``."""

    def __post_init__(self) -> None:
        self.actor = f"user:{self.caller.user_id}"

    @property
    def user_id(self) -> int:
        """Who asks."""
        return self.caller.user_id

    @property
    def guild_id(self) -> int | None:
        """Where; ``None`` in a direct message."""
        return self.caller.guild_id

    @property
    def channel_id(self) -> int:
        """Where."""
        return self.caller.channel_id

    @property
    def tier(self) -> Tier:
        """What configuration grants to the caller."""
        return self.grant.tier

    @property
    def groups(self) -> frozenset[str]:
        """Named groups that the caller is in."""
        return self.grant.groups

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


class active:  # noqa: N801 - used as a function is, and a generator costs four times as much
    """Makes an invocation the current one inside the ``with`` block."""

    __slots__ = ("_invocation", "_token")

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation

    def __enter__(self) -> None:
        self._token = _current.set(self._invocation)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)
