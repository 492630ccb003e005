"""Finding plugins through the entry-point group ``coreops``. Reads metadata and manifests only; imports no plugin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.manifest import PLUGIN_NAME, Manifest, read_manifest
from coreops_hookspecs.markers import ENTRY_POINT_GROUP

__all__ = ["Found", "discover"]


@dataclass(frozen=True, slots=True)
class Found:
    """One installed plugin, not imported.

    Args:
        name: Name of the entry point.
        distribution: Name of the distribution that declares it.
        version: Version of that distribution.
        value: ``module`` or ``module:attribute``.
        problem: Why it may not be loaded, or empty.
        entry_point: What loads it.
        manifest: What its ``coreops-plugin.toml`` says; ``None`` if there is none that can be used.
        incompatible: Why this runtime cannot serve it, or empty.
        requires: What its distribution requires, in the words of its metadata.
    """

    name: str
    distribution: str
    version: str
    value: str
    problem: str = ""
    entry_point: EntryPoint | None = None
    manifest: Manifest | None = None
    incompatible: str = ""
    requires: tuple[str, ...] = ()


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
    manifest, incompatible = _manifest(first.module)
    metadata = None if first.dist is None else first.dist.metadata  # parsed at each access
    return Found(
        name=first.name,
        distribution="" if metadata is None else metadata["Name"],
        version="" if metadata is None else metadata["Version"],
        value=first.value,
        problem=_problem(entry_points_of_name),
        entry_point=first,
        manifest=manifest,
        incompatible=incompatible,
        requires=() if metadata is None else tuple(metadata.get_all("Requires-Dist") or ()),
    )


def _manifest(module: str) -> tuple[Manifest | None, str]:
    try:
        return read_manifest(module), ""
    except DeclarationError as error:
        return None, str(error)


def _problem(entry_points_of_name: list[EntryPoint]) -> str:
    first = entry_points_of_name[0]
    if not PLUGIN_NAME.fullmatch(first.name):
        return f"entry point name {first.name!r} is not 1 to 32 lower-case letters, digits or _; rename it"
    # one distribution seen twice (an editable install beside a leftover) is one plugin; two distributions are a clash
    owners = sorted({entry.dist.name for entry in entry_points_of_name if entry.dist is not None})
    if len(owners) > 1:
        return f"declared by the distributions {' and '.join(owners)}; uninstall one of them"
    return ""
