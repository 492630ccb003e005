"""``coreops new-plugin``: what it writes, and what it refuses to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import Capability
from coreops_hookspecs.manifest import parse_manifest

TOOLS = Path(sys.executable).parent
LONGEST = "a_name_of_just_thirty_two_letter"


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_it_writes_a_package_and_says_what_to_do_next(coreops: Callable[..., Any], tmp_path: Path) -> None:
    ended = coreops("new-plugin", "night_watch")
    assert (ended.code, ended.err) == (0, "")
    assert "cd coreops-night-watch" in ended.out
    assert files(tmp_path / "coreops-night-watch") == [
        "README.md",
        "pyproject.toml",
        "src/coreops_night_watch/__init__.py",
        "src/coreops_night_watch/coreops-plugin.toml",
        "src/coreops_night_watch/plugin.py",
        "src/coreops_night_watch/py.typed",
        "tests/test_night_watch.py",
    ]


def test_its_manifest_asks_for_what_it_uses(coreops: Callable[..., Any], tmp_path: Path) -> None:
    coreops("new-plugin", "tavern", "--dir", "elsewhere")
    manifest = tmp_path / "elsewhere" / "coreops-tavern" / "src" / "coreops_tavern" / "coreops-plugin.toml"
    assert parse_manifest(manifest.read_text()).needs == {Capability.SCHEDULER, Capability.SHEETS_READ}


@pytest.mark.parametrize("name", ["a", "night_watch", LONGEST])
def test_what_it_writes_is_in_good_style_whatever_the_name(
    coreops: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    assert coreops("new-plugin", name, "--dir", "made").code == 0
    (folder,) = (tmp_path / "made").iterdir()
    for arguments in (["check"], ["format", "--check", "--diff"]):
        command = [TOOLS / "ruff", *arguments, "--no-cache", "."]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30, check=False)
        assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("name", ["Tavern", "1st", "night-watch", "", "../up", "ä", LONGEST + "s"])
def test_a_name_that_no_plugin_may_have_is_refused(coreops: Callable[..., Any], tmp_path: Path, name: str) -> None:
    ended = coreops("new-plugin", "--", name)
    assert ended.code == 1
    assert "is no name of a plugin; begin with a letter" in ended.err
    assert not list(tmp_path.glob("coreops*"))


@pytest.mark.parametrize("name", ["tavern_", "the__tavern"])
def test_a_name_that_no_distribution_may_have_is_refused(coreops: Callable[..., Any], name: str) -> None:
    ended = coreops("new-plugin", name)
    assert ended.code == 1
    assert "would make no name of a distribution" in ended.err


@pytest.mark.parametrize("name", ["ops", "shared", "hookspecs"])
def test_the_name_of_an_installed_package_is_refused(coreops: Callable[..., Any], name: str) -> None:
    ended = coreops("new-plugin", name)
    assert ended.code == 1
    assert f"a package coreops_{name} is installed already" in ended.err


def test_nothing_is_written_over(coreops: Callable[..., Any], tmp_path: Path) -> None:
    coreops("new-plugin", "tavern")
    mine = tmp_path / "coreops-tavern" / "README.md"
    mine.write_text("mine")
    ended = coreops("new-plugin", "tavern")
    assert ended.code == 1
    assert "coreops-tavern exists already" in ended.err
    assert mine.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(coreops: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = coreops("new-plugin", "tavern", "--dir", "file/below")
    assert ended.code == 1
    assert "cannot be written" in ended.err
