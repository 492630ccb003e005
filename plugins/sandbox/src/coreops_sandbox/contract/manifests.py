"""The manifest, the distribution and the plugin itself say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from importlib.metadata import entry_points

from coreops_hookspecs import ENTRY_POINT_GROUP, PluginInfo
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.manifest import FILE, Manifest, read_manifest
from coreops_sandbox.contract.subject import Subject

__all__ = ["manifest"]


async def manifest(subject: Subject) -> Sequence[str]:
    """Compare ``coreops_plugin_info`` with the manifest, and with the distribution where it is installed."""
    module, info = subject.plugin.__name__, subject.info
    try:
        written = read_manifest(module)
    except DeclarationError as error:
        return [str(error)]
    return [*_differing(info, written), *_installed(info, module)]


def _differing(info: PluginInfo, written: Manifest) -> Iterator[str]:
    for field in fields(Manifest):
        said, stands = getattr(info, field.name), getattr(written, field.name)
        if said != stands:
            yield f"coreops_plugin_info says {field.name} {_text(said)}, {FILE} says {_text(stands)}"
    if not written.summary:
        yield f"{FILE} has no summary; write one sentence for the operator"


def _installed(info: PluginInfo, module: str) -> Iterator[str]:
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.module != module or point.dist is None:
            continue
        if point.name != info.name:
            yield f"coreops_plugin_info says name {info.name!r}, the entry point says {point.name!r}"
        if point.dist.version != info.version:
            version = point.dist.version
            yield f"coreops_plugin_info says version {info.version!r}, the installed distribution says {version!r}"


def _text(value: object) -> str:
    return ", ".join(sorted(value)) or "none" if isinstance(value, frozenset | tuple) else repr(value)
