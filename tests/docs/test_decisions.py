"""Decisions: each says why and what, and names the test that enforces it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))


def label(path: Path) -> str:
    return path.stem


def functions(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("decision", DECISIONS, ids=label)
def test_a_decision_names_a_test_that_exists(decision: Path) -> None:
    _, _, enforced = decision.read_text().partition("Enforced by:")
    named = re.findall(r"`([^`]+)`", enforced)
    assert named
    for test in named:
        file, _, function = test.partition("::")
        assert (ROOT / file).is_file(), test
        assert Path(file).name.startswith("test_"), test
        assert not function or function in functions(ROOT / file), test


@pytest.mark.parametrize("decision", DECISIONS, ids=label)
def test_a_decision_says_why_what_and_what_follows(decision: Path) -> None:
    headings = re.findall(r"^## (.+)$", decision.read_text(), re.MULTILINE)
    assert headings == ["Why", "Decision", "What follows"]


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [decision.name[:4] for decision in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    titles = [decision.read_text().splitlines()[0].removeprefix("# ") for decision in DECISIONS]
    assert re.findall(r"^- \[(.+)\]\((.+)\)$", index, re.MULTILINE) == [
        (title, decision.name) for title, decision in zip(titles, DECISIONS, strict=True)
    ]
