"""``coreops run``, up to the runtime itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from coreops.exit_codes import ExitCode


def test_all_wrong_settings_are_told_at_once_without_a_traceback(coreops: Callable[..., Any]) -> None:
    ended = coreops("run", env={"COREOPS_HTTP_PORT": "http", "LOG_LEVEL": "LOUD"})
    assert (ended.code, ended.out) == (ExitCode.CONFIG, "")
    for key in ("DISCORD_TOKEN (env)", "COREOPS_HTTP_PORT (env)", "LOG_LEVEL (env)", "GSPREAD_CREDENTIALS"):
        assert key in ended.err
    assert "Traceback" not in ended.err


def test_a_file_with_settings_is_named_in_its_problems(coreops: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "bot.toml").write_text('log_level = "LOUD"\n')
    ended = coreops("run", "--config", str(tmp_path / "bot.toml"))
    assert ended.code == ExitCode.CONFIG
    assert "bot.toml" in ended.err


def test_a_file_that_is_not_there_is_refused(coreops: Callable[..., Any]) -> None:
    ended = coreops("run", "--config", "nowhere.toml")
    assert ended.code == ExitCode.CONFIG
    assert "nowhere.toml" in ended.err
