"""Finding plugins through the entry-point group ``coreops``. Reads metadata only; imports no plugin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from coreops_hookspecs.markers import ENTRY_POINT_GROUP

__all__ = ["Found", "discover"]

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Found:
    """One installed plugin, not imported.

    Args:
        name: Name of the entry point.
        distribution: Name of the distribution that declares it.
        version: Version of that distribution.
        value: ``module`` or ``module:attribute``.
        problem: Why it cannot be loaded, or empty.
        entry_point: What loads it.
    """

    name: str
    distribution: str
    version: str
    value: str
    problem: str = ""
    entry_point: EntryPoint | None = None


def discover(candidates: Iterable[EntryPoint] | None = None) -> Sequence[Found]:
    """Return the installed plugins by name.

    Args:
        candidates: Entry points to look at; those installed by default.
    """
    by_name: dict[str, list[EntryPoint]] = defaultdict(list)
    for entry_point in entry_points(group=ENTRY_POINT_GROUP) if candidates is None else candidates:
        by_name[entry_point.name].append(entry_point)
    return tuple(_found(by_name[name]) for name in sorted(by_name))


def _found(entry_points_of_name: list[EntryPoint]) -> Found:
    first = entry_points_of_name[0]
    distribution = first.dist.name if first.dist is not None else ""
    version = first.dist.version if first.dist is not None else ""
    return Found(first.name, distribution, version, first.value, _problem(entry_points_of_name), first)


def _problem(entry_points_of_name: list[EntryPoint]) -> str:
    first = entry_points_of_name[0]
    if not NAME.fullmatch(first.name):
        return f"entry point name {first.name!r} is not 1 to 32 lower-case letters, digits or _; rename it"
    # one distribution seen twice (an editable install beside a leftover) is one plugin; two distributions are a clash
    owners = sorted({entry.dist.name for entry in entry_points_of_name if entry.dist is not None})
    if len(owners) > 1:
        return f"declared by the distributions {' and '.join(owners)}; uninstall one of them"
    return ""
