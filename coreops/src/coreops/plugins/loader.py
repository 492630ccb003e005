"""From a found plugin to checked declarations: import, identity, implementations, items. Touches no room."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from coreops.plugins.discovery import Found
from coreops.plugins.hooks import AsyncHooks
from coreops.plugins.kinds import KINDS, Kind
from coreops.plugins.outcomes import Outcome
from coreops_hookspecs.declarations import PluginInfo
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.hook_api import hook_api_problem
from coreops_hookspecs.manifest import FILE, PLUGIN_NAME, Manifest

__all__ = ["Item", "declared_items", "import_plugin", "read_info"]


@dataclass(frozen=True, slots=True)
class Item:
    """One declared contribution."""

    kind: Kind
    key: str
    value: Any


async def import_plugin(found: Found) -> object:
    """Import a plugin's module in a thread, so that a slow import does not hold the loop.

    Raises:
        DeclarationError: the entry point cannot be loaded.
    """
    if found.entry_point is None:
        msg = f"plugin {found.name!r} has no entry point to load"
        raise DeclarationError(msg)
    loaded: object = await asyncio.to_thread(found.entry_point.load)
    return loaded


def read_info(hooks: AsyncHooks, name: str, manifest: Manifest | None = None) -> PluginInfo:
    """Ask a registered plugin who it is, and check that it fits its entry point, its manifest and this runtime.

    Args:
        hooks: The hooks.
        name: The plugin.
        manifest: What its distribution says; ``None`` for a plugin that was handed in.

    Raises:
        DeclarationError: naming what does not fit.
    """
    outcome = hooks.declare("coreops_plugin_info", name)
    if outcome is None:
        msg = f"plugin {name!r} has no coreops_plugin_info; add it"
        raise DeclarationError(msg)
    info = _value("coreops_plugin_info", name, outcome)
    if not isinstance(info, PluginInfo):
        msg = f"coreops_plugin_info of plugin {name!r} returned {type(info).__name__}; expected a PluginInfo"
        raise DeclarationError(msg)
    if not PLUGIN_NAME.fullmatch(info.name) or info.name != name:
        msg = f"plugin {name!r} calls itself {info.name!r}; the entry point and PluginInfo.name must be the same"
        raise DeclarationError(msg)
    if problem := hook_api_problem(info.hook_api):
        msg = f"plugin {name!r} cannot be served: {problem}"
        raise DeclarationError(msg)
    if manifest is not None and (differing := tuple(_differing(info, manifest))):
        msg = f"plugin {name!r} contradicts itself: {'; '.join(differing)}; return PluginInfo.load(__name__)"
        raise DeclarationError(msg)
    return info


def declared_items(hooks: AsyncHooks, info: PluginInfo) -> tuple[Item, ...]:
    """Ask the plugin's declaring hooks and check what they return.

    Raises:
        DeclarationError: a hook raised, returned a wrong type, named a thing twice or lacks a capability.
    """
    items: list[Item] = []
    for kind in KINDS:
        outcome = hooks.declare(kind.hook, info.name)
        if outcome is None:
            continue
        items += _items(kind, info, _value(kind.hook, info.name, outcome))
    return tuple(items)


def _value(hook: str, name: str, outcome: Outcome[Any]) -> Any:
    if outcome.error is not None:
        msg = f"{hook} of plugin {name!r} raised {type(outcome.error).__name__}: {outcome.error}"
        raise DeclarationError(msg) from outcome.error
    return outcome.value


def _items(kind: Kind, info: PluginInfo, value: Any) -> list[Item]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        msg = f"{kind.hook} of plugin {info.name!r} returned {type(value).__name__}; expected a sequence"
        raise DeclarationError(msg)
    items: list[Item] = []
    for position, entry in enumerate(value):
        if not isinstance(entry, kind.type):
            msg = (
                f"{kind.hook} of plugin {info.name!r} returned {type(entry).__name__} at position {position}; "
                f"expected {kind.type.__name__}"
            )
            raise DeclarationError(msg)
        capability = kind.capability(entry)
        key = kind.key(info.name, entry)
        if capability is not None and capability not in info.needs:
            msg = f"{kind.name} {key!r} of plugin {info.name!r} needs {capability.value!r}; add it to PluginInfo.needs"
            raise DeclarationError(msg)
        items.append(Item(kind, key, entry))
    return items


def _differing(info: PluginInfo, manifest: Manifest) -> Iterator[str]:
    for field in fields(Manifest):
        said, written = getattr(info, field.name), getattr(manifest, field.name)
        if said != written:
            yield f"coreops_plugin_info says {field.name} {_text(said)}, {FILE} says {_text(written)}"


def _text(value: Any) -> str:
    return repr(value) if isinstance(value, str) else ", ".join(sorted(value)) or "none"
