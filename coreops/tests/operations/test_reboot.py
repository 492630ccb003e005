"""The note that one runtime leaves for the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coreops.operations.reboot import Note, keep, take

THEN = datetime(2026, 1, 1, tzinfo=UTC)
NOTE = Note("user:1", 42, "abc", THEN.isoformat())


def test_a_note_is_taken_once(tmp_path: Path) -> None:
    keep(tmp_path, NOTE)
    assert take(tmp_path) == NOTE
    assert take(tmp_path) is None


def test_a_note_tells_how_long_the_restart_took(tmp_path: Path) -> None:
    assert NOTE.took(THEN + timedelta(seconds=7)) == 7.0
    assert NOTE.took(THEN - timedelta(seconds=7)) == 0.0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"actor": "user:1"}', '{"actor":"a","channel_id":1,"trace":"","at":"x"}']
)
def test_a_note_that_cannot_be_read_is_thrown_away(tmp_path: Path, text: str) -> None:
    (tmp_path / "reboot.json").write_text(text)
    assert take(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
