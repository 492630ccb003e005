"""The package that ``coreops new-plugin`` writes: it installs, its tests pass, and the tutorial shows that code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(sys.executable).parent


def run(*command: str | Path, folder: Path, timeout: float = 60, **environment: str) -> str:
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The folder of a new plugin."""
    run(sys.executable, "-m", "coreops", "new-plugin", "new_one", folder=tmp_path)
    return tmp_path / "coreops-new-one"


@pytest.fixture
def installed(made: Path, tmp_path: Path) -> Path:
    """A folder like site-packages in which the new plugin is installed, from a wheel built of it."""
    command = ["pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "--no-cache"]
    run(TOOLS / "uv", *command, "--python", sys.executable, "--target", tmp_path / "site", made, folder=tmp_path)
    return tmp_path / "site"


def test_its_tests_pass_at_once(made: Path) -> None:
    assert " passed" in run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder=made)


def test_it_installs_is_listed_and_its_tests_pass(made: Path, installed: Path) -> None:
    path = {"PYTHONPATH": str(installed)}
    listed = run(sys.executable, "-m", "coreops", "plugins", "info", "new_one", folder=made, **path)
    assert "discovered" in listed
    assert "0.1.0" in listed
    assert " passed" in run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder=made, **path)


def test_its_types_hold_under_strict_checks(made: Path) -> None:
    told = run(TOOLS / "mypy", "--strict", "--cache-dir", os.devnull, folder=made, timeout=110)
    assert "no issues found in 3 source files" in told


def test_the_tutorial_shows_what_is_written_today(root: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "coreops", "new-plugin", "tavern", folder=tmp_path)
    made, shown = tmp_path / "coreops-tavern", root / "docs" / "examples" / "coreops-tavern"
    written = {path.relative_to(made): path.read_text() for path in made.rglob("*") if path.is_file()}
    assert {place: (shown / place).read_text() for place in written} == written
