"""The rules of size and of error handling, read from the syntax tree, so that no comment switches them off."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

LONGEST_FILE = 350
LONGEST_FUNCTION = 60
CATCHES_ALL = {
    "coreops/plugins/guard.py": "the door to plugin code",
    "coreops/plugins/apart.py": "import and declaring hooks, in a thread of their own",
    "coreops/plugins/hooks.py": "the guard's way for hooks without an await",
    "coreops/plugins/manager.py": "discovery: taking a plugin's declarations",
    "coreops/cli/contributed.py": "discovery: asking a plugin for its commands",
    "coreops/plugins/ledger.py": "taking contributions out must reach the end",
    "coreops/runtime.py": "stopping must reach the end",
}
"""Where an error of any kind may be swallowed, and why. A further place needs a decision, not a line here."""


@pytest.fixture(scope="module")
def sources(workspace: tuple) -> dict[str, str]:
    """The text of every module, by its path as an import would name it."""
    return {
        path.relative_to(each.source.parent).as_posix(): path.read_text() for each in workspace for path in each.modules
    }


@pytest.fixture(scope="module")
def trees(sources: dict[str, str]) -> dict[str, ast.Module]:
    return {path: ast.parse(text) for path, text in sources.items()}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Tell whether the handler takes any error and does not raise it again at its end."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(kind is None or ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)
    return broad and not isinstance(handler.body[-1], ast.Raise)


def swallowed(tree: ast.AST) -> list[int]:
    """Return the lines where an error of any kind is swallowed."""
    handlers = (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    return [handler.lineno for handler in handlers if swallows_everything(handler)]


def test_no_file_has_more_than_350_lines(sources: dict[str, str]) -> None:
    lengths = {path: len(text.splitlines()) for path, text in sources.items()}
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}, "split it into two rooms"


def test_no_function_has_more_than_60_lines(trees: dict[str, ast.Module]) -> None:
    lengths = {
        f"{path}: {each.name}": (each.end_lineno or 0) - each.lineno + 1
        for path, tree in trees.items()
        for each in functions(tree)
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


def test_an_error_of_any_kind_is_swallowed_only_where_plugins_are_called_or_things_are_torn_down(
    trees: dict[str, ast.Module],
) -> None:
    found = {path: lines for path, tree in trees.items() if (lines := swallowed(tree))}
    assert not {path: lines for path, lines in found.items() if path not in CATCHES_ALL}
    assert not set(CATCHES_ALL) - set(found), "these no longer do: take them off the list"


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("except Exception: pass", [2]),
        ("except: pass", [2]),
        ("except (ValueError, BaseException) as error: print(error)", [2]),
        ("except ValueError: pass", []),
        ("except BaseException:\n    print()\n    raise", []),
    ],
)
def test_a_swallowed_error_is_seen(handler: str, expected: list[int]) -> None:
    assert swallowed(ast.parse(f"try: print()\n{handler}")) == expected


def test_every_module_says_what_it_is_for(trees: dict[str, ast.Module]) -> None:
    assert not [path for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]


def test_nothing_is_printed(trees: dict[str, ast.Module]) -> None:
    calls = (
        (path, node)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    assert not [f"{path}:{node.lineno}" for path, node in calls if node.func.id == "print"], (
        "use the logger, or click.echo"
    )


def test_matplotlib_is_imported_where_it_draws(trees: dict[str, ast.Module]) -> None:
    at_the_top = {
        path
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom) and "matplotlib" in ast.unparse(node)
    }
    assert not at_the_top, "it takes most of a second to import; no start of the bot waits for that"
    drawn = [path for path, tree in trees.items() if "from matplotlib.figure import Figure" in ast.unparse(tree)]
    assert drawn, "nothing draws any more: take the decision and the requirement back"


def test_opentelemetry_is_imported_in_one_module_that_nobody_imports(trees: dict[str, ast.Module]) -> None:
    def imported(tree: ast.Module, name: str) -> bool:
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
        return any(name in ast.unparse(node) for node in nodes)

    own = "coreops/telemetry/otel.py"
    assert [path for path, tree in trees.items() if imported(tree, "opentelemetry")] == [own]
    users = [path for path, tree in trees.items() if imported(tree, "coreops.telemetry.otel")]
    assert users == ["coreops/app/ground.py"], "for its types alone, which is looked at next"
    ground = trees[users[0]]
    assert not any("telemetry.otel" in ast.unparse(node) for node in ground.body if isinstance(node, ast.ImportFrom))
