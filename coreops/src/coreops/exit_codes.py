"""Exit codes of ``coreops``, for supervisors and scripts."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """How a process of CoreOps ended. A supervisor should restart after 3, 5, 6 and 7, and not after the others."""

    OK = 0
    """It did what it was asked, or a signal stopped it."""

    PROBLEMS = 1
    """``coreops check`` found problems; or what was asked was refused, or did not end as it should."""

    CONFIG = 2
    """Settings, a port or a file must be changed first; the message says which."""

    FAILED = 3
    """It could not start or go on, for example because another runtime uses the state folder."""

    REFUSED = 4
    """Discord will not have the bot: the token, an intent or a version must be changed first; the message says which.
    Starting again before that is useless, and counts against the sessions that Discord allows a bot in a day."""

    UPSTREAM = 5
    """The connection to Discord can neither be used nor ended any more."""

    WATCHDOG = 6
    """The watchdog ended it; ``exit-reason.json`` in the state folder says why."""

    REBOOT = 7
    """An admin asked for a restart, and ``COREOPS_REBOOT`` leaves it to the supervisor."""
