"""The log file begins anew by size and by day, and old ones go."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from coreops_shared.logging import LogFile, Rotation, configure, get_logger

PLANTED = "MTA4MjUwMTIzNDU2Nzg5MDEyMw.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "bot.log"


@pytest.fixture
def aside(path: Path) -> Callable[[], list[str]]:
    """What stands in the files that were set aside, oldest first."""
    return lambda: [each.read_text() for each in sorted(path.parent.glob("bot-*.log"))]


def test_a_file_that_would_grow_too_large_is_set_aside_whole_lines_only(
    path: Path, hands: Hands, aside: Callable[[], list[str]]
) -> None:
    file = LogFile(path, Rotation(size=10), now=hands)
    for line in ("first\n", "2nd\n", "third\n", "longer than the size\n", "end\n"):
        file.write(line)
    file.close()
    assert aside() == ["first\n2nd\n", "third\n", "longer than the size\n"]
    assert path.read_text() == "end\n"


def test_the_first_line_of_a_day_begins_a_new_file_also_after_a_restart(
    path: Path, hands: Hands, aside: Callable[[], list[str]]
) -> None:
    for line in ("today\n", "still today\n"):
        file = LogFile(path, now=hands)
        file.write(line)
        file.close()
    file = LogFile(path, now=hands)
    hands.at += timedelta(days=1)
    for line in ("tomorrow\n", "and on\n"):
        file.write(line)
    file.close()
    assert aside() == ["today\nstill today\n"]
    assert path.read_text() == "tomorrow\nand on\n"


def test_files_that_are_too_old_or_too_many_are_forgotten_and_others_are_not(
    path: Path, hands: Hands, aside: Callable[[], list[str]]
) -> None:
    file = LogFile(path, Rotation(days=3, most=2), now=hands)
    file.write("0\n")
    (path.parent / "bot-notes.log").write_text("somebody's\n")
    for day in range(1, 4):
        hands.at += timedelta(days=1)
        file.write(f"{day}\n")
    assert aside() == ["1\n", "2\n", "somebody's\n"]
    hands.at += timedelta(days=4)
    file.write("late\n")
    file.close()
    assert aside() == ["3\n", "somebody's\n"]


def test_only_its_user_may_read_it(path: Path, hands: Hands) -> None:
    file = LogFile(path, now=hands)
    file.write("x\n")
    file.close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_line_is_in_the_file_as_json_without_secrets_whatever_the_stream_shows(path: Path) -> None:
    file, stream = LogFile(path), StringIO()
    logs = configure("INFO", json=False, stream=stream, env="test", bot="Tester", file=file)
    get_logger("x").warning(f"login with {PLANTED}", rows=3)
    logs.close()
    file.close()
    (line,) = map(json.loads, path.read_text().splitlines())
    assert (line["msg"], line["rows"], line["bot"]) == ("login with ***", 3, "Tester")
    assert "login with ***" in stream.getvalue()
    assert logs.dropped == 0


def test_a_file_that_cannot_be_written_costs_its_lines_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    stream = StringIO()
    logs = configure("INFO", json=True, stream=stream, file=LogFile(tmp_path / "blocked" / "bot.log"))
    get_logger("x").info("kept")
    logs.close()
    assert logs.dropped == 1
    assert json.loads(stream.getvalue())["msg"] == "kept"
