from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import bootstrap


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "plugins" / "ops").mkdir(parents=True)
    (tmp_path / "coreops").mkdir()
    (tmp_path / "constraints.txt").write_text("pluggy==1.7.0\n")
    (tmp_path / "coreops" / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "plugins" / "ops" / "pyproject.toml").write_text("[project]\n")
    return tmp_path


def environment(checkout: Path, profile: str, stamp: str) -> Path:
    """An environment that was completely made."""
    folder = checkout / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / f".coreops-{profile}").write_text(stamp)
    return folder


def edits(checkout: Path) -> Iterator[str]:
    """Change what the environment is made from, one thing after the other."""
    (checkout / "constraints.txt").write_text("pluggy==1.6.0\n")
    yield "lock"
    (checkout / "plugins" / "ops" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    yield "pyproject"
    (checkout / "plugins" / "welcome").mkdir()
    (checkout / "plugins" / "welcome" / "pyproject.toml").write_text("[project]\n")
    yield "a new plugin"


def test_the_same_content_has_the_same_fingerprint(checkout: Path) -> None:
    assert bootstrap.fingerprint(checkout, "constraints.txt", "3.11") == bootstrap.fingerprint(
        checkout, "constraints.txt", "3.11"
    )


def test_every_change_of_lock_or_projects_has_another_fingerprint(checkout: Path) -> None:
    seen = {bootstrap.fingerprint(checkout, "constraints.txt", "3.11")}
    for edit in edits(checkout):
        now = bootstrap.fingerprint(checkout, "constraints.txt", "3.11")
        assert now not in seen, edit
        seen.add(now)


def test_another_python_has_another_fingerprint(checkout: Path) -> None:
    old, new = (bootstrap.fingerprint(checkout, "constraints.txt", version) for version in ("3.11.7", "3.12.1"))
    assert old != new


def test_an_environment_with_the_wanted_stamp_is_left_alone(checkout: Path) -> None:
    assert bootstrap.is_current(environment(checkout, "run", "wanted"), "run", "wanted")


def test_an_environment_made_from_other_content_is_made_again(checkout: Path) -> None:
    assert not bootstrap.is_current(environment(checkout, "run", "older"), "run", "wanted")


def test_an_environment_for_running_does_not_pass_for_one_with_the_tools(checkout: Path) -> None:
    assert not bootstrap.is_current(environment(checkout, "run", "wanted"), "dev", "wanted")


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    folder = environment(checkout, "run", "wanted")
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to(checkout / "removed")
    assert not bootstrap.is_current(folder, "run", "wanted")


def test_a_second_start_starts_no_program(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", checkout)
    (checkout / "constraints-dev.txt").write_text("pytest==9\n")
    environment(checkout, "run", bootstrap.fingerprint(checkout, "constraints.txt", sys.version))

    def refuse(*arguments: object, **_: object) -> None:
        pytest.fail(f"started {arguments}")

    monkeypatch.setattr(bootstrap.subprocess, "run", refuse)
    assert bootstrap.main(["run"]) == 0


def test_a_failing_step_is_named_and_leaves_no_stamp(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", checkout)
    (checkout / "constraints-dev.txt").write_text("pytest==9\n")

    def fail(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(7, command)

    monkeypatch.setattr(bootstrap.subprocess, "run", fail)
    assert bootstrap.main(["run"]) == 1
    assert "the set-up stopped" in capsys.readouterr().err
    assert not list(checkout.glob(".venv/.coreops-*"))


@pytest.mark.parametrize("arguments", [[], ["everything"], ["run", "dev"]])
def test_other_arguments_get_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(arguments) == 2
    assert capsys.readouterr().err == "usage: bootstrap.py run|dev\n"


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_make_says_in_one_line_that_python_is_too_old(python: str, root: Path) -> None:
    done = subprocess.run(
        ["make", "run", f"PYTHON={python}"], cwd=root, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "coreops needs Python 3.11 or newer: install it, or name one with PYTHON=" in line


def test_make_alone_lists_every_target(root: Path) -> None:
    done = subprocess.run(["make"], cwd=root, capture_output=True, text=True, timeout=30, check=True)
    listed = [line.split()[1] for line in done.stdout.splitlines()]
    assert set(listed) >= {"run", "test", "check", "bench", "docs"}
    assert all(len(line.split(None, 2)) == 3 for line in done.stdout.splitlines())
