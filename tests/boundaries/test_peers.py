"""What CoreOps is compared with is known to the benchmarks, and to nothing that is installed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PEERS = {"apscheduler": "apscheduler", "cachetools": "cachetools", "discord.py": "discord"}
"""Distribution to import name."""


def imports(path: Path) -> set[str]:
    """Return the top-level names that a file imports, at whatever place."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def pinned(lock: str) -> set[str]:
    """Return the distributions that a lock names."""
    return set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_is_imported_by_benchmarks_alone(peer: str, workspace: tuple) -> None:
    users = [path for path in (ROOT / "tests" / "benchmarks").glob("*.py") if PEERS[peer] in imports(path)]
    assert users, f"no benchmark imports {peer} any more: take it out of requirements-dev.in"
    modules = [path for each in workspace for path in each.modules]
    assert len(modules) > 100
    assert [path for path in modules if PEERS[peer] in imports(path)] == []


@pytest.mark.parametrize("peer", PEERS)
def test_whoever_installs_the_runtime_gets_no_peer(peer: str) -> None:
    assert peer not in pinned("constraints.txt")
    assert peer.replace(".", "-") in {name.replace(".", "-") for name in pinned("constraints-dev.txt")}
