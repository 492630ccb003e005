"""``coreops logs``: what belongs to one reference."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
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


@pytest.fixture
def at_a_terminal(site: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Run ``coreops logs`` with a terminal at its input."""

    def run(*arguments: str, env: dict[str, str]) -> tuple[int, str, str]:
        person, terminal = pty.openpty()
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "coreops", "logs", *arguments],
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site), **env},
                cwd=tmp_path,
                stdin=terminal,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            os.close(person)
            os.close(terminal)
        return ended.returncode, ended.stdout, ended.stderr

    return run


def test_without_a_file_a_person_sees_the_bots_own_log_with_what_was_set_aside(
    at_a_terminal: Callable[..., tuple[int, str, str]], log: Path, serving: dict[str, str], tmp_path: Path
) -> None:
    older = log.read_text().replace("clans", "tags")
    (tmp_path / "bot-20260101T000000000000Z.log").write_text(older)
    code, out, _ = at_a_terminal("--trace", ONE[:8], env={**serving, "COREOPS_LOG_FILE": str(log)})
    assert code == 0
    assert [line.rpartition("bucket=")[2] for line in out.splitlines() if "[refresh]" in line] == ["tags", "clans"]


@pytest.mark.parametrize("path", ["", "none.log"])
def test_without_any_file_a_person_is_told_what_to_give(
    at_a_terminal: Callable[..., tuple[int, str, str]], serving: dict[str, str], path: str
) -> None:
    code, _, err = at_a_terminal(env={**serving, "COREOPS_LOG_FILE": path})
    assert code == 1
    assert f"{path or 'COREOPS_LOG_FILE'} is not " in err
    assert "give the log's file, or pipe it in" in err


def test_a_reference_without_lines_or_too_short_is_told(coreops: Coreops, log: Path) -> None:
    missing = coreops("logs", str(log), "--trace", "abcdef00")
    assert (missing.code, missing.out) == (1, "")
    assert "no line belongs to abcdef00" in missing.err
    assert "give at least 6 characters" in coreops("logs", str(log), "--trace", "1f").err
