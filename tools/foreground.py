"""Run a command as the terminal's foreground job, so that Ctrl-C reaches the command alone.

::

    python tools/foreground.py COMMAND [ARGUMENT ...]

Ctrl-C is sent to every process of the foreground group. Started plainly from a recipe, that includes ``make``, which
then reports an interrupt (exit code 130) however cleanly the command has stopped. In a group of its own the command
alone is told, and ``make`` ends with the command's exit code.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType


def holds_terminal() -> bool:
    """Tell whether this process stands in the foreground of the terminal on its standard input."""
    return sys.stdin is not None and sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()


def take_terminal() -> None:
    """Make this process's group the terminal's foreground group."""
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # a background group that does this is stopped otherwise
    try:
        os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    finally:
        signal.signal(signal.SIGTTOU, before)


def enter_foreground() -> None:
    """Prepare the child: it is in front before it becomes the command, and Ctrl-Z cannot strand the terminal."""
    take_terminal()
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)


def forward_to(process: subprocess.Popen[bytes]) -> None:
    """Hand on a signal meant for this job, once: ``make`` repeats what its whole group was sent already."""
    seen: set[int] = set()

    def forward(number: int, _frame: FrameType | None) -> None:
        if number not in seen:
            seen.add(number)
            process.send_signal(number)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, forward)


def run(command: Sequence[str]) -> int:
    """Run the command to its end and return its exit code, 128 + n for one that signal n ended."""
    front = holds_terminal()
    process = subprocess.Popen(command, process_group=0, preexec_fn=enter_foreground if front else None)  # noqa: PLW1509
    forward_to(process)
    try:
        code = process.wait()
    finally:
        if front:
            take_terminal()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
