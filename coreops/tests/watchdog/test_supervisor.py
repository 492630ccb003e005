"""What systemd hears, over a real datagram socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coreops.watchdog.supervisor import Supervisor
from coreops_shared.clock import ManualClock


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def heard(systemd: socket.socket) -> list[str]:
    said = []
    while True:
        try:
            said.append(systemd.recv(4096).decode())
        except BlockingIOError:
            return said


async def test_it_asks_for_time_while_starting_and_beats_while_ready(
    systemd: socket.socket, clock: ManualClock, log: Any
) -> None:
    phase = "starting"
    supervisor = Supervisor(systemd.getsockname(), 8.0, phase=lambda: phase, clock=clock, log=log)
    await supervisor.start()
    await clock.run_for(4)
    assert heard(systemd) == ["WATCHDOG=1\nEXTEND_TIMEOUT_USEC=60000000"] * 2
    phase = "ready"
    supervisor.entered("ready", "0.4 s")
    await clock.run_for(4)
    assert heard(systemd) == ["READY=1\nSTATUS=ready 0.4 s", "WATCHDOG=1"]
    supervisor.entered("draining", "SIGTERM")
    await supervisor.stop()
    await clock.run_for(60)
    assert heard(systemd) == ["STOPPING=1\nSTATUS=draining SIGTERM"]


async def test_a_line_break_in_a_detail_is_no_further_message(
    systemd: socket.socket, clock: ManualClock, log: Any
) -> None:
    Supervisor(systemd.getsockname(), 0, phase=str, clock=clock, log=log).entered("draining", "a\nREADY=1")
    assert heard(systemd) == ["STOPPING=1\nSTATUS=draining a READY=1"]


async def test_an_abstract_name_is_understood(clock: ManualClock, log: Any) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0coreops-test-{id(log)}")
        listening.setblocking(False)
        Supervisor(f"@coreops-test-{id(log)}", 0, phase=str, clock=clock, log=log).entered("stopped", "")
        assert heard(listening) == ["STATUS=stopped"]


async def test_a_socket_that_is_gone_is_told_once_and_harms_nothing(
    tmp_path: Path, clock: ManualClock, log: Any
) -> None:
    supervisor = Supervisor(str(tmp_path / "gone"), 0, phase=str, clock=clock, log=log)
    for _ in range(3):
        supervisor.entered("ready", "")
    assert len(log.messages("warning")) == 1


async def test_without_a_socket_nothing_runs(clock: ManualClock, log: Any) -> None:
    before = asyncio.all_tasks()
    supervisor = Supervisor("", 30.0, phase=str, clock=clock, log=log)
    await supervisor.start()
    supervisor.entered("ready", "")
    assert asyncio.all_tasks() == before
    await supervisor.stop()
