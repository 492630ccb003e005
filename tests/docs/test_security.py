"""The page of threats: each is of one of four people, and is shown by tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operators" / "security.md"
PEOPLE = ("Outsider", "Member", "Author", "Operator")


def threats(person: str) -> list[list[str]]:
    """The rows of a person's table."""
    section = PAGE.read_text().split(f"## {person}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[2:]


def functions(path: Path) -> set[str]:
    nodes = ast.parse(path.read_text()).body
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("person", PEOPLE)
def test_every_threat_is_shown_to_be_stopped_by_tests_that_exist(person: str) -> None:
    found = threats(person)
    assert len(found) > 4
    for _, stops, shown in found:
        assert stops
        named = re.findall(r"\[(test_\w+)\]\(([^)]+)\)", shown)
        assert named, shown
        assert not [test for test, file in named if test not in functions((PAGE.parent / file).resolve())]


def test_nobody_else_is_on_the_page() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text(), re.MULTILINE)
    assert tuple(headings[:4]) == PEOPLE
    assert "What is not stopped" in headings
