"""The locks: complete, hashed, the same for running and developing, and naming neither host nor machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = ("constraints.txt", "constraints-dev.txt")


def blocks(lock: Path) -> Iterator[tuple[Requirement, str]]:
    """Yield each pinned requirement with the whole text that belongs to it."""
    text = re.sub(r"^#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    for block in re.split(r"\n(?=\S)", text.strip()):
        yield Requirement(block.splitlines()[0].removesuffix("\\").strip()), block


def pins(lock: Path) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for requirement, _ in blocks(lock):
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_machine(name: str, root: Path) -> None:
    text = (root / name).read_text()
    assert not re.findall(r"\w+://\S*|--(?:extra-)?index-url|--find-links|file:|(?:^|\s)/\w+", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_library_is_pinned_with_hashes(name: str, root: Path) -> None:
    for requirement, block in blocks(root / name):
        assert str(requirement.specifier).startswith("=="), block.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), block.splitlines()[0]


def test_developing_uses_the_very_versions_that_run(root: Path) -> None:
    run, dev = (pins(root / name) for name in LOCKS)
    for name, found in run.items():  # markers may differ: a tool may need everywhere what running needs on one system
        assert {str(pin.specifier) for pin in found} == {str(pin.specifier) for pin in dev.get(name, [])}, name


def test_running_installs_no_tool_of_the_developers(root: Path) -> None:
    assert not {"pytest", "tox", "ruff", "mypy", "playwright", "hypothesis"} & set(pins(root / "constraints.txt"))


def test_the_lock_satisfies_what_every_distribution_asks_for(root: Path, workspace: tuple) -> None:
    locked = pins(root / "constraints.txt")
    own = {each.name for each in workspace}
    for each in workspace:
        for requirement in map(Requirement, each.requirements):
            if (name := canonicalize_name(requirement.name)) in own:
                continue
            assert name in locked, f"{each.name} needs {name}: make lock"
            for pin in locked[name]:
                (version,) = [Version(clause.version) for clause in pin.specifier]
                assert version in requirement.specifier, (
                    f"{each.name} needs {requirement}, locked is {version}: make lock"
                )
