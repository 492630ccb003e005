"""In which order plugins are started: dependencies first, then by name. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

__all__ = ["start_order"]


def start_order(depends: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Order plugins by their dependencies.

    Args:
        depends: Names of the plugins that each plugin needs started before it.

    Returns:
        The order, and for each plugin that cannot be started the reason: a dependency that is not there (or is
        itself refused) or a cycle, named link by link.
    """
    refused: dict[str, str] = {}
    wanted = dict(depends)
    while True:
        missing = {name: [need for need in needs if need not in wanted] for name, needs in wanted.items()}
        gone = {name: needs for name, needs in missing.items() if needs}
        for name, needs in gone.items():
            refused[name] = f"needs the plugin {' and '.join(needs)}, which is not there; install it"
            del wanted[name]
        if gone:
            continue
        try:
            return tuple(_by_name(wanted)), refused
        except CycleError as error:
            cycle: list[str] = error.args[1]
            for name in set(cycle):
                refused[name] = f"depends on itself: {' -> '.join(reversed(cycle))}; remove one of these dependencies"
                del wanted[name]


def _by_name(depends: Mapping[str, Sequence[str]]) -> list[str]:
    sorter = TopologicalSorter(depends)
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order
