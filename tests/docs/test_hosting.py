"""What the pages tell a supervisor is what the runtime does."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from coreops.exit_codes import ExitCode

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "operators"
FINAL = {ExitCode.PROBLEMS, ExitCode.CONFIG, ExitCode.REFUSED}


@pytest.fixture
def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(FOLDER / "coreops.service")
    return parser


def test_the_unit_restarts_after_every_failure_that_a_restart_may_mend(unit: configparser.ConfigParser) -> None:
    prevented = {int(code) for code in unit["Service"]["RestartPreventExitStatus"].split()}
    assert prevented == {int(code) for code in FINAL}
    assert unit["Service"]["Restart"] == "on-failure"


def test_the_unit_waits_longer_than_the_page_says_a_stop_takes(unit: configparser.ConfigParser) -> None:
    (told,) = re.findall(r"is gone within (\d+) seconds", (FOLDER / "hosting.md").read_text())
    assert int(unit["Service"]["TimeoutStopSec"].removesuffix("s")) > int(told)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_unit() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", FOLDER / "coreops.service"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert "Unknown" not in done.stderr


def test_examples_on_the_page_can_be_read_and_name_the_endpoint_for_restarts() -> None:
    page = (FOLDER / "hosting.md").read_text()
    (fly,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    checks = tomllib.loads(fly)["http_service"]["checks"]
    assert [check["path"] for check in checks] == ["/healthz"]
    assert "/ready', timeout" not in page
