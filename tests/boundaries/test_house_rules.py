"""The rules of size and of error handling, read from the syntax tree, so that no comment switches them off."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST_FILE = 350
LONGEST_FUNCTION = 60
CATCHES_ALL = {Path("coreops/plugins/guard.py"), Path("coreops/plugins/discovery.py")}
"""Where code of plugins is called or imported; nowhere else may an error of any kind be swallowed."""

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for pattern in ("*/src", "plugins/*/src") for path in ROOT.glob(f"{pattern}/*/**/*.py"))


def label(path: Path) -> str:
    return str(within(path))


def within(path: Path) -> Path:
    """Return the path below ``src``, as an import would name it."""
    parts = path.relative_to(ROOT).parts
    return Path(*parts[parts.index("src") + 1 :])


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Tell whether the handler takes any error and does not raise it again at its end."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(kind is None or ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)
    return broad and not isinstance(handler.body[-1], ast.Raise)


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_file_has_one_purpose_and_no_more_than_350_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE, "split it into two rooms"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_function_has_no_more_than_60_lines(path: Path) -> None:
    lengths = {each.name: (each.end_lineno or 0) - each.lineno + 1 for each in functions(ast.parse(path.read_text()))}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


@pytest.mark.parametrize("path", [path for path in SOURCES if within(path) not in CATCHES_ALL], ids=label)
def test_an_error_of_any_kind_is_swallowed_only_where_plugins_are_called(path: Path) -> None:
    handlers = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ExceptHandler))
    assert not [each.lineno for each in handlers if swallows_everything(each)]


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_module_says_in_a_docstring_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree) or not tree.body


def test_the_list_of_places_that_may_swallow_errors_is_not_stale() -> None:
    for path in CATCHES_ALL:
        (source,) = [each for each in SOURCES if within(each) == path]
        assert any(
            isinstance(node, ast.ExceptHandler) and swallows_everything(node)
            for node in ast.walk(ast.parse(source.read_text()))
        )
