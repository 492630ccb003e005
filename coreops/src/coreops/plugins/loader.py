"""From a found plugin to checked declarations: import, identity, implementations, items. Touches no room."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coreops.plugins.discovery import NAME, Found
from coreops.plugins.hooks import AsyncHooks
from coreops.plugins.kinds import KINDS, Kind
from coreops.plugins.outcomes import Outcome
from coreops_hookspecs.declarations import PluginInfo
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.markers import HOOK_API

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


def read_info(hooks: AsyncHooks, name: str) -> PluginInfo:
    """Ask a registered plugin who it is, and check that it fits its entry point and this runtime.

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
    if not NAME.fullmatch(info.name) or info.name != name:
        msg = f"plugin {name!r} calls itself {info.name!r}; the entry point and PluginInfo.name must be the same"
        raise DeclarationError(msg)
    if problem := _api_problem(info.hook_api):
        msg = f"plugin {name!r} was written for hook API {info.hook_api}, this runtime offers {HOOK_API}; {problem}"
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


def _api_problem(wanted: str) -> str:
    try:
        major, minor = (int(part) for part in wanted.split("."))
    except ValueError:
        return 'say it as "major.minor"'
    own_major, own_minor = (int(part) for part in HOOK_API.split("."))
    if major != own_major:
        return "install a release of the plugin for this runtime"
    return "update CoreOps" if minor > own_minor else ""
