"""Two runtimes never share a state folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreops_hookspecs import Coordinator
from coreops_hookspecs.errors import CoreOpsError
from coreops_shared.state.lock import FileLock

HOLDER = """
import asyncio, pathlib, sys
from coreops_shared.state.lock import FileLock
lock = FileLock(pathlib.Path(sys.argv[1]))
asyncio.run(lock.acquire())
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "runtime.lock"


@pytest.fixture
def other(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


async def test_a_second_runtime_is_refused_with_the_pid_of_the_first(path: Path, other: subprocess.Popen[str]) -> None:
    with pytest.raises(CoreOpsError, match=f"pid {other.pid} .*COREOPS_STATE_DIR"):
        await FileLock(path).acquire()


async def test_the_lock_of_a_killed_runtime_is_free(path: Path, other: subprocess.Popen[str]) -> None:
    other.kill()
    other.wait(10)
    lock = FileLock(path)
    await lock.acquire()
    assert path.read_text() == str(os.getpid())
    await lock.release()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_the_folder_of_a_runtime_is_its_users_alone(path: Path) -> None:
    lock = FileLock(path)
    await lock.acquire()
    await lock.release()
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_released_lock_can_be_taken_again(path: Path) -> None:
    first: Coordinator = FileLock(path)
    second = FileLock(path)
    await first.acquire()
    assert "held by this runtime" in first.describe()
    with pytest.raises(CoreOpsError, match=f"pid {os.getpid()}"):
        await second.acquire()
    await first.release()
    await first.release()
    assert "not held" in first.describe()
    await second.acquire()
    await second.release()


async def test_a_folder_that_cannot_be_made_is_told_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    lock = FileLock(tmp_path / "file" / "runtime.lock")
    await lock.acquire()
    assert "a second runtime would not be noticed" in lock.describe()
    await lock.release()
