"""What may be asked of a running bot over HTTP, and what is answered: bodies, actions, outcomes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Protocol

import msgspec

from coreops_hookspecs.errors import UnavailableError
from coreops_hookspecs.jobs import JobRun, JobStatus, RunOutcome
from coreops_hookspecs.outbox import Write, WriteKind, WriteState
from coreops_hookspecs.plugins import PluginAction, PluginChange

__all__ = [
    "JobAction",
    "JobChange",
    "JobOrder",
    "NotYet",
    "Order",
    "Orders",
    "WriteAction",
    "WriteChange",
    "WriteOrder",
    "written",
]

Who = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,32}$")]


class Order(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The body of an order about a plugin.

    Args:
        plan: Only say what a reload would change.
        reason: Why a plugin is put into quarantine.
        who: Who asks, for the records; taken at its word.
    """

    plan: bool = False
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    who: Who = ""


class JobOrder(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The body of an order about a job; ``who`` as in :class:`Order`."""

    who: Who = ""


class WriteOrder(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The body of an order about a dead write.

    Args:
        overwrite: Whether a replayed write may replace what somebody else put into its row.
        who: As in :class:`Order`.
    """

    overwrite: bool = False
    who: Who = ""


class JobAction(StrEnum):
    """What may be asked about one job. ``next`` changes nothing."""

    RUN = "run"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"


class WriteAction(StrEnum):
    """What may be done to one dead write."""

    REPLAY = "replay"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class JobChange:
    """A job as it is after an order. ``run`` is set by ``run``, ``upcoming`` by ``next``; instants in UTC."""

    action: JobAction
    job: JobStatus
    run: JobRun | None = None
    upcoming: tuple[datetime, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it went well: only a run can be carried out and fail."""
        return self.run is None or self.run.outcome is RunOutcome.OK

    @property
    def outcome(self) -> str:
        """How the run ended, or ``done``."""
        return "done" if self.run is None else self.run.outcome.value


@dataclass(frozen=True, slots=True)
class WriteChange:
    """A write without its texts, which are members' own. The fields are those of :class:`coreops_hookspecs.Write`."""

    number: int
    name: str
    plugin: str
    tab: str
    kind: WriteKind
    key: str
    row: str
    state: WriteState
    attempts: int
    error: str
    actor: str
    trace: str
    accepted_at: datetime


_SHOWN: Final = tuple(field.name for field in fields(WriteChange))


def written(write: Write) -> WriteChange:
    """Return what may be told of a write."""
    return WriteChange(**{name: getattr(write, name) for name in _SHOWN})


class Orders(Protocol):
    """Carries orders out and keeps them on record.

    Each raises UnavailableError while the runtime does not serve, and CoreOpsError when the disk cannot be used.
    """

    async def plugin(
        self, action: PluginAction, name: str, *, actor: str, plan: bool, reason: str
    ) -> PluginChange: ...  # PluginRefusedError

    async def job(self, action: JobAction, name: str, *, actor: str) -> JobChange: ...  # UnknownJobError

    async def write(
        self, action: WriteAction, number: int, *, actor: str, overwrite: bool
    ) -> WriteChange: ...  # OutboxError


class NotYet:
    """Takes orders before anything can be done about them."""

    async def plugin(self, *_: object, **__: object) -> PluginChange:
        """Refuse. Raises UnavailableError."""
        raise _too_early()

    async def job(self, *_: object, **__: object) -> JobChange:
        """Refuse. Raises UnavailableError."""
        raise _too_early()

    async def write(self, *_: object, **__: object) -> WriteChange:
        """Refuse. Raises UnavailableError."""
        raise _too_early()


def _too_early() -> UnavailableError:
    return UnavailableError("nothing can be changed before the runtime is up; try again in a moment")
