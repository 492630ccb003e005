"""``coreops logs``: what belongs to one reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Coreops = Callable[..., Any]
ONE, OTHER = "1f3a9c02" * 4, "77aa00bb" * 4


@pytest.fixture
def log(tmp_path: Path) -> Path:
    common = {"ts": "2026-01-01T02:00:00.000Z", "level": "INFO", "logger": "coreops.lifecycle", "env": "prod"}
    entries = [
        {**common, "msg": "[refresh] event=refresh bucket=clans", "trace": ONE},
        {**common, "msg": "other", "trace": OTHER, "rows": 3},
        {
            **common,
            "level": "ERROR",
            "msg": "plugin fault",
            "trace": ONE,
            "what": "two words",
            "exception": {"type": "ValueError", "message": "no", "traceback": "Traceback …\nValueError: no\n"},
        },
    ]
    path = tmp_path / "bot.log"
    path.write_text("not of the bot\n" + "\n".join(map(json.dumps, entries)) + "\n", encoding="utf-8")
    return path


def test_what_belongs_to_a_reference_is_shown_with_fields_and_traceback(coreops: Coreops, log: Path) -> None:
    ended = coreops("logs", str(log), "--trace", ONE[:8].upper())
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "2026-01-01T02:00:00.000Z INFO    coreops.lifecycle: [refresh] event=refresh bucket=clans",
        '2026-01-01T02:00:00.000Z ERROR   coreops.lifecycle: plugin fault what="two words"',
        "Traceback …",
        "ValueError: no",
    ]


def test_a_whole_log_is_shown_with_its_references_and_what_others_wrote(coreops: Coreops, log: Path) -> None:
    lines = coreops("logs", str(log)).out.splitlines()
    assert lines[0] == "not of the bot"
    assert lines[2] == f"2026-01-01T02:00:00.000Z INFO    coreops.lifecycle: other rows=3 trace={OTHER}"


def test_a_reference_without_lines_or_too_short_is_told(coreops: Coreops, log: Path) -> None:
    missing = coreops("logs", str(log), "--trace", "abcdef00")
    assert (missing.code, missing.out) == (1, "")
    assert "no line belongs to abcdef00" in missing.err
    assert "give at least 6 characters" in coreops("logs", str(log), "--trace", "1f").err
