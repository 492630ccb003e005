"""What an operator is told at night: what, since when, why, and what to press."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from coreops_hookspecs import Concern, HealthStatus
from coreops_ops.troubles import troubles
from coreops_ops.wording import ago, millis, near, span

THEN = datetime(2026, 1, 1, 2, tzinfo=UTC)
STAMP = f"<t:{int(THEN.timestamp())}:R>"
STALE = Concern(
    HealthStatus.DEGRADED, "bucket clans is 41 min old", "quota exceeded", THEN, THEN, "ops refresh", "clans"
)


def test_a_concern_tells_what_since_why_and_what_to_press(reader: Any) -> None:
    (told,) = troubles([STALE], reader("ops refresh"))
    assert told.splitlines() == [
        f"⚠️ **bucket clans is 41 min old** since {STAMP}",
        "because: quota exceeded",
        f"→ tried again {STAMP}; press `!ops refresh clans`",
    ]


def test_no_command_is_named_that_the_reader_may_not_run(reader: Any) -> None:
    (told,) = troubles([STALE], reader("ops health"))
    assert "!ops" not in told


def test_what_is_not_known_takes_no_line_and_a_long_cause_is_cut(reader: Any) -> None:
    assert troubles([Concern(HealthStatus.DOWN, "gateway is down")], reader()) == ["❌ **gateway is down**"]
    (told,) = troubles([Concern(HealthStatus.DOWN, "gateway is down", "x\n" * 400)], reader())
    assert len(told.splitlines()) == 2
    assert len(told.splitlines()[1]) <= len("because: ") + 300


def test_words_for_times_and_names(reader: Any) -> None:
    assert ago(THEN) == STAMP
    assert [span(seconds) for seconds in (0.4, 59, 61, 7300, 200_000)] == ["0 s", "59 s", "1 min", "2 h", "2 d"]
    assert (millis(0.0421), millis(None)) == ("42 ms", "—")
    assert near("recruitmnt", ["ops", "recruitment"], reader()) == " Did you mean `recruitment`?"
    assert near("zzz", ["ops"], reader()) == ""


def test_that_nothing_is_wrong_is_said(reader: Any) -> None:
    assert troubles([], reader()) == ["Nothing needs attention."]
