"""Ctrl-C under ``make run``: on a terminal of its own, and without one."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(int(sys.argv[1])))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(int(sys.argv[1]) + 1))
print("up", flush=True)
signal.pause()
"""
SECONDS = 20.0


@pytest.fixture
def makefile(tmp_path: Path, root: Path) -> Path:
    """A folder where ``make run`` starts a program that ends with CODE on Ctrl-C."""
    (tmp_path / "program.py").write_text(PROGRAM)
    start = f"@{sys.executable} {root / 'tools' / 'foreground.py'} {sys.executable} program.py $(CODE)"
    (tmp_path / "Makefile").write_text(f"run:\n\t{start}\n")
    return tmp_path


def read_until(terminal: int, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], SECONDS)
        assert ready, f"still waiting for {wanted!r} after {seen!r}"
        seen += os.read(terminal, 1024)
    return seen


def exit_code_after_typing(keys: bytes, folder: Path, code: int) -> int:
    """Type on a terminal on which ``make run`` runs and return what make ends with."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["make", "-s", "run", f"CODE={code}"],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - nothing but a system call
    ) as process:
        os.close(theirs)
        try:
            read_until(ours, b"up")
            os.write(ours, keys)
            return process.wait(SECONDS)
        finally:
            process.kill()
            os.close(ours)


def test_control_c_ends_make_with_the_programs_own_exit_code(makefile: Path) -> None:
    assert exit_code_after_typing(b"\x03", makefile, 0) == 0


def test_a_program_that_stops_badly_is_not_hidden(makefile: Path) -> None:
    assert exit_code_after_typing(b"\x03", makefile, 5) == 2  # what make says of any recipe that fails


def test_control_z_does_not_strand_the_terminal(makefile: Path) -> None:
    assert exit_code_after_typing(b"\x1a\x03", makefile, 0) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 3), (signal.SIGTERM, 4)])
def test_without_a_terminal_a_signal_is_handed_on(
    number: signal.Signals, code: int, makefile: Path, root: Path
) -> None:
    command = [sys.executable, root / "tools" / "foreground.py", sys.executable, "program.py", "3"]
    with subprocess.Popen(command, cwd=makefile, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(number)
        assert process.wait(SECONDS) == code
