"""The exit reason on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coreops.watchdog.exit_reason import ExitReason, exits_since, take, write

REASON = ExitReason(datetime(2026, 1, 1, tzinfo=UTC), "gateway deaf", "heartbeat never", "", 42)


def test_a_reason_is_read_once_by_the_next_process(tmp_path: Path) -> None:
    assert write(tmp_path / "new" / "state", REASON)
    assert take(tmp_path / "new" / "state") == REASON
    assert take(tmp_path / "new" / "state") is None


def test_a_folder_that_cannot_be_written_does_not_stop_an_exit(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not write(tmp_path / "file", REASON)


def test_a_file_that_is_no_reason_is_none_and_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "exit-reason.json").write_text("{half")
    assert take(tmp_path) is None
    assert write(tmp_path, REASON)
    assert take(tmp_path) == REASON


def test_exits_are_counted_over_many_processes(tmp_path: Path) -> None:
    at = REASON.at
    assert exits_since(tmp_path, at, 3600) == 0
    for minutes in (0, 50, 90):
        assert write(tmp_path, replace(REASON, at=at + timedelta(minutes=minutes)))
        take(tmp_path)
    assert exits_since(tmp_path, at + timedelta(minutes=91), 3600) == 2
    assert exits_since(tmp_path, at + timedelta(minutes=91), 86_400) == 3


def test_an_exit_in_the_future_of_a_clock_set_back_is_not_counted(tmp_path: Path) -> None:
    write(tmp_path, REASON)
    assert exits_since(tmp_path, REASON.at - timedelta(hours=1), 86_400) == 0
