"""A helper is written once: the same function body in two distributions is found, whatever its names."""

from __future__ import annotations

import ast
import copy
from collections import defaultdict

LEAST_STATEMENTS = 5
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Anonymous(ast.NodeTransformer):
    """Replaces names that a function makes up itself by their order of appearance; drops annotations."""

    def __init__(self, own: set[str]) -> None:
        self.own = own
        self.order: dict[str, str] = {}

    def rename(self, name: str) -> str:
        return self.order.setdefault(name, f"_{len(self.order)}") if name in self.own else name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.rename(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.rename(node.arg), None)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.visit(ast.Assign([node.target], node.value, lineno=0))


def body_without_docstring(function: Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def own_names(function: Function) -> set[str]:
    arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return arguments | stored


def statements(body: list[ast.stmt]) -> int:
    return sum(isinstance(node, ast.stmt) for statement in body for node in ast.walk(statement))


def shape(function: Function) -> str | None:
    """Return what the function does, freed of its names and types, or nothing if it is too small to be a helper."""
    body = body_without_docstring(function)
    if statements(body) < LEAST_STATEMENTS:
        return None
    bare = ast.Module([ast.Expr(copy.deepcopy(function.args)), *copy.deepcopy(body)], [])  # type: ignore[arg-type]
    return ast.dump(Anonymous(own_names(function)).visit(bare))


def shapes(source: str) -> dict[str, str]:
    """Return the shape of each function worth comparing, by its name and line."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function)]
    return {f"{node.name}, line {node.lineno}": text for node in nodes if (text := shape(node)) is not None}


HELPER = '''
def newest(rows: list[int], limit: int = 3) -> list[int]:
    """Return the newest."""
    found: list[int] = []
    for row in rows:
        if row > limit:
            found.append(row)
    return found
'''

SAME_IN_OTHER_WORDS = """
def latest(values, most=3):
    kept = []
    for value in values:
        if value > most:
            kept.append(value)
    return kept
"""


def test_no_function_is_written_in_two_distributions(workspace: tuple) -> None:
    places: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for distribution in workspace:
        for path in distribution.modules:
            for where, text in shapes(path.read_text()).items():
                places[text][distribution.name].append(f"{path.relative_to(distribution.source.parent)}: {where}")
    twice = [dict(found) for found in places.values() if len(found) > 1]
    assert not twice, "keep it in the lowest package that needs it, or hand it to plugins through their context"


def test_a_copy_with_other_names_is_seen() -> None:
    assert list(shapes(HELPER).values()) == list(shapes(SAME_IN_OTHER_WORDS).values()) != []


def test_a_function_that_does_something_else_is_no_copy() -> None:
    assert list(shapes(HELPER).values()) != list(shapes(HELPER.replace("row > limit", "row < limit")).values())


def test_a_small_function_is_not_compared() -> None:
    assert shapes("def size(rows):\n    return len(rows)\n") == {}
