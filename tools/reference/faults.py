"""The table of faults, from the tests that cause them: what is not proved is not in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.reference.text import GENERATED, table

__all__ = ["Row", "page", "rows"]

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("tests/faults/**/test_*.py", "coreops/tests/**/test_*.py")
TITLES = {
    "gateway": "Discord",
    "watchdog": "Discord",
    "sheets": "Spreadsheets",
    "http": "The HTTP addresses",
    "process": "Process and machine",
}
HEADERS = ("fault", "users see", "the operator sees", "what recovers it", "proved by")


@dataclass(frozen=True, slots=True)
class Row:
    """One test with the mark ``fault``: its file below the repository, its name, and the texts of the mark."""

    path: str
    test: str
    fault: str
    users: str
    operator: str
    recovery: str

    @property
    def title(self) -> str:
        """The heading under which it stands."""
        return TITLES[Path(self.path).parent.name]


def page() -> str:
    """Return the page ``faults.md``."""
    intro = (
        f"{GENERATED}\n# Faults\n\nWhat can go wrong around the bot, what people see of it and what mends it. Each "
        "line is a test that causes the fault, with unmodified libraries over real sockets and in real processes, and "
        "holds that the bot comes out of it as the line says. `/health` counts what was lost under `losses`.\n"
    )
    found = list(rows())
    return intro + "".join(_section(title, found) for title in dict.fromkeys(TITLES.values()))


def rows() -> Iterator[Row]:
    """Yield the marked tests, file by file in the order in which they stand."""
    for path in sorted(path for place in PLACES for path in ROOT.glob(place)):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for mark in filter(_is_fault, _calls(node.decorator_list)):
                    yield _row(path, node.name, mark)


def _section(title: str, found: list[Row]) -> str:
    lines = [
        (row.fault, row.users, row.operator, row.recovery, f"[{row.test}](../../{row.path})")
        for row in found
        if row.title == title
    ]
    return f"\n## {title}\n\n{table(HEADERS, lines)}" if lines else ""


def _calls(decorators: list[ast.expr]) -> list[ast.Call]:
    """Return the marks of a test and, in the order of the lines, those of its parameters."""
    nodes = (node for decorator in decorators for node in ast.walk(decorator))
    return sorted((node for node in nodes if isinstance(node, ast.Call)), key=lambda node: node.lineno)


def _is_fault(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "pytest.mark.fault"


def _row(path: Path, test: str, mark: ast.Call) -> Row:
    texts = {keyword.arg or "": str(ast.literal_eval(keyword.value)) for keyword in mark.keywords}
    (fault,) = (str(ast.literal_eval(argument)) for argument in mark.args)
    return Row(path.relative_to(ROOT).as_posix(), test, fault, **texts)
