"""The exit reason on disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from coreops.watchdog.exit_reason import ExitReason, take, write

REASON = ExitReason(datetime(2026, 1, 1, tzinfo=UTC), "gateway deaf", "heartbeat never", "", 42)


def test_a_reason_is_read_once_by_the_next_process(tmp_path: Path) -> None:
    assert write(tmp_path / "new" / "state", REASON)
    assert take(tmp_path / "new" / "state") == REASON
    assert take(tmp_path / "new" / "state") is None


def test_a_folder_that_cannot_be_written_does_not_stop_an_exit(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert not write(tmp_path / "file", REASON)


def test_a_file_that_is_no_reason_is_none_and_removed(tmp_path: Path) -> None:
    (tmp_path / "exit-reason.json").write_text("{half")
    assert take(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
