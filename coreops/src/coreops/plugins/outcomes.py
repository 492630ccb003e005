"""How a guarded call ends, and which errors count against the plugin."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from coreops_hookspecs.errors import CacheError, CommandError, UpstreamError

__all__ = ["CallKind", "Outcome", "OutcomeStatus", "is_fault"]

T = TypeVar("T")


class CallKind(StrEnum):
    """By which door plugin code was entered."""

    HOOK = "hook"
    COMMAND = "command"
    LISTENER = "listener"
    JOB = "job"
    CHECK = "check"
    ROUTE = "route"
    TASK = "task"
    LOADER = "loader"


class OutcomeStatus(StrEnum):
    """The four ways a guarded call ends."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    SKIPPED = "skipped"


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """What a guarded call gives back instead of raising.

    A msgspec Struct, because one is made per call and a frozen dataclass costs ten times as much to make.

    Args:
        status: How it ended.
        value: The result when ``status`` is ok.
        error: What was raised, or the ``TimeoutError`` that names the deadline.
        duration: Seconds it took.
        reason: Why it was skipped.
    """

    status: OutcomeStatus
    value: T | None = None
    error: BaseException | None = None
    duration: float = 0.0
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether the call returned."""
        return self.status is OutcomeStatus.OK


def is_fault(error: BaseException) -> bool:
    """Tell whether an error counts against the plugin that let it through.

    Outages of services outside, cold buckets and errors made for the caller of a command do not.
    """
    return not isinstance(error, UpstreamError | CommandError | CacheError)
