"""Durations and errors in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coreops.telemetry.phrases import duration, error_text, shorten
from coreops_hookspecs.errors import SheetsQuotaError


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.0002, "1 ms"),
        (0.25, "250 ms"),
        (2.5, "2.5 s"),
        (9.999, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (90, "1 min 30 s"),
        (41 * 60 + 12, "41 min"),
        (3 * 3600 + 5 * 60, "3 h 5 min"),
        (86400 * 2, "2 d"),
        (-5, "-5 s"),
        (timedelta(minutes=3), "3 min"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds: float | timedelta, text: str) -> None:
    assert duration(seconds) == text


def test_an_error_is_one_redacted_line_with_its_type() -> None:
    assert error_text(ValueError("a\nb")) == "ValueError: a b"
    assert error_text(TimeoutError()) == "TimeoutError"
    assert error_text(SheetsQuotaError("quota is used up")) == "quota is used up"
    assert "hunter2" not in error_text(RuntimeError("password=hunter2"))
    assert error_text(None) == ""


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
