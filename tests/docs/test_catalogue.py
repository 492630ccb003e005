"""An event that is in the catalogue is published somewhere; a hook that is documented is called somewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from coreops_hookspecs import PROJECT, decide, declare, lifecycle, observe, telemetry
from coreops_hookspecs.telemetry import Event

EVENTS = sorted(
    name
    for name, kind in vars(telemetry).items()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
)
HOOKS = sorted(
    name for module in (declare, lifecycle, observe, decide) for name in vars(module) if name.startswith(f"{PROJECT}_")
)


@pytest.fixture(scope="module")
def trees(workspace: tuple) -> list[ast.AST]:
    """The code of the runtime, without the contract that declares events and hooks."""
    parts = [each for each in workspace if each.name in {"coreops", "coreops-shared"}]
    return [ast.parse(path.read_text()) for each in parts for path in each.modules]


def constructed(trees: list[ast.AST]) -> Iterator[str]:
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_in_the_catalogue_is_published_by_the_runtime(event: str, trees: list[ast.AST]) -> None:
    assert event in constructed(trees)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_in_the_reference_is_called_by_the_runtime(hook: str, trees: list[ast.AST]) -> None:
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    attributes = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert hook in texts | attributes


def test_the_catalogue_and_the_reference_are_not_empty(root: Path) -> None:
    assert len(EVENTS) > 5
    assert len(HOOKS) > 15
