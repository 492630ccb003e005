"""How ``coreops`` ends: every exit code, and what a supervisor should make of it."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """Exit codes of every command. Below 128; those above are the shell's for signals (bash(1), EXIT STATUS)."""

    OK = 0
    """Done, or stopped as asked (SIGINT, SIGTERM)."""

    PROBLEMS = 1
    """``coreops check`` found problems, or a command could not do what it was asked."""

    CONFIGURATION = 2
    """Settings or arguments that cannot be used. Starting again changes nothing: do not restart."""

    UNAVAILABLE = 69
    """A service outside cannot be reached at the start, EX_UNAVAILABLE of sysexits(3). Restart after a while."""

    WATCHDOG = 75
    """The watchdog ended the process, EX_TEMPFAIL of sysexits(3). Restart at once."""
