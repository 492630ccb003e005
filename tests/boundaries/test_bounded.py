"""Nothing that the runtime keeps in line grows without end: every queue says how much it holds, or stands here."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

QUEUES = {"Queue": "maxsize", "LifoQueue": "maxsize", "PriorityQueue": "maxsize", "deque": "maxlen"}
"""What makes a queue, and the argument that bounds it."""
BOUNDED_ELSEWHERE = {
    "coreops/scheduler/job.py": "starts that wait for a run to end, as many as the job's policy lets wait",
    "coreops/commands/cooldowns.py": "uses within a cooldown, at most as many as it allows",
    "coreops_shared/sheets/quota.py": "requests of the last minute, at most as many as the budget allows",
}
"""Queues that are bounded by what fills them, and how."""


def unbounded(tree: ast.AST) -> Iterator[int]:
    """Yield the lines where a queue is made without a bound."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in QUEUES and not _bound(node, QUEUES[name]):
                yield node.lineno
            yield from (
                word.value.lineno
                for word in node.keywords
                if word.arg == "default_factory" and ast.unparse(word.value).rpartition(".")[2] in QUEUES
            )
        if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).endswith("SimpleQueue"):
            yield node.lineno


def _bound(call: ast.Call, argument: str) -> bool:
    position = 0 if argument == "maxsize" else 1
    return len(call.args) > position or any(word.arg == argument for word in call.keywords)


def test_every_queue_of_the_runtime_has_a_bound(workspace: tuple) -> None:
    found = {}
    for each in (each for each in workspace if not each.is_plugin):
        for path in each.modules:
            lines = list(unbounded(ast.parse(path.read_text())))
            if lines:
                found[path.relative_to(each.source.parent).as_posix()] = lines
    assert not {path: lines for path, lines in found.items() if path not in BOUNDED_ELSEWHERE}
    assert not set(BOUNDED_ELSEWHERE) - set(found), "these are gone or bounded now: take them off the list"


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("asyncio.Queue()", True),
        ("deque([1])", True),
        ("field(default_factory=deque)", True),
        ("queue.SimpleQueue", True),
        ("asyncio.Queue(5)", False),
        ("asyncio.Queue(maxsize=5)", False),
        ("deque([], 5)", False),
        ("deque(maxlen=5)", False),
    ],
)
def test_a_queue_without_a_bound_is_seen(line: str, seen: bool) -> None:
    assert bool(list(unbounded(ast.parse(line)))) is seen
