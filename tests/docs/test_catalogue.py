"""A hook that is documented is called somewhere. (That events are published: tests/journeys/test_telling.py.)"""

from __future__ import annotations

import ast

import pytest

from coreops_hookspecs import PROJECT, decide, declare, lifecycle, observe

HOOKS = sorted(
    name for module in (declare, lifecycle, observe, decide) for name in vars(module) if name.startswith(f"{PROJECT}_")
)


@pytest.fixture(scope="module")
def trees(workspace: tuple) -> list[ast.AST]:
    """The code of the runtime, without the contract that declares hooks."""
    parts = [each for each in workspace if each.name in {"coreops", "coreops-shared"}]
    return [ast.parse(path.read_text()) for each in parts for path in each.modules]


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_in_the_reference_is_called_by_the_runtime(hook: str, trees: list[ast.AST]) -> None:
    texts = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    attributes = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert hook in texts | attributes


def test_the_reference_is_not_empty() -> None:
    assert len(HOOKS) > 15
