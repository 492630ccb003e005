"""Exit codes of ``coreops``, for supervisors and scripts."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """How a process of CoreOps ended. A supervisor should restart after 3, 5, 6 and 7, and not after the others."""

    OK = 0
    """It did what it was asked, or a signal stopped it."""

    PROBLEMS = 1
    """``coreops check`` found problems."""

    CONFIG = 2
    """Settings, a port, the token or an intent must be changed first; the message says which."""

    FAILED = 3
    """It could not start or go on, for example because another runtime uses the state folder."""

    UPSTREAM = 5
    """Discord could not be reached or ended the connection."""

    WATCHDOG = 6
    """The watchdog ended it; ``exit-reason.json`` in the state folder says why."""

    REBOOT = 7
    """An admin asked for a restart, and ``COREOPS_REBOOT`` leaves it to the supervisor."""
