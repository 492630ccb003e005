"""What a plugin declares, taken from its declaring hooks and checked. Touches no room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

from coreops.plugins.apart import GivenUpError
from coreops.plugins.kinds import KINDS, Kind
from coreops.plugins.outcomes import CallKind
from coreops.plugins.specs import Spec, implementations
from coreops_hookspecs.declarations import PluginInfo
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.hook_api import hook_api_problem
from coreops_hookspecs.manifest import FILE, PLUGIN_NAME, Manifest

__all__ = ["Asked", "Item", "declared_items", "read_info"]


@dataclass(frozen=True, slots=True)
class Item:
    """One declared contribution."""

    kind: Kind
    key: str
    value: Any


class Asked:
    """A plugin that is being asked what it declares, in a thread, and is not registered yet.

    Args:
        name: The plugin.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.door = CallKind.LOADER
        self.doing = "import"
        """Which of its code runs, or ran last."""
        self.raised: BaseException | None = None
        """What that raised, if it did."""
        self.owners: frozenset[str] = frozenset()
        """The plugins whose hooks it implements."""
        self._functions: dict[str, Callable[..., Any]] = {}

    def look_at(self, plugin: object, offered: Mapping[str, Spec]) -> None:
        """Take its module or object. Raises DeclarationError when an implementation does not fit its hook."""
        found = implementations(plugin, self.name, offered)
        self.owners = frozenset(each.spec.owner for each in found if each.spec.owner)
        self._functions = {each.spec.name: each.function for each in found}

    def value(self, hook: str, default: Any = None) -> Any:
        """Return what a hook without arguments returns, or the default if the plugin does not implement it.

        Raises:
            DeclarationError: it raised.
        """
        function = self._functions.get(hook)
        if function is None:
            return default
        with self.going(CallKind.HOOK, hook, f"{hook} of plugin {self.name!r}"):
            return function()

    @contextmanager
    def going(self, door: CallKind, doing: str, told: str) -> Iterator[None]:
        """Note which code of the plugin runs. What it raises, of whatever kind, becomes a DeclarationError."""
        self.door, self.doing = door, doing
        try:
            yield
        except GivenUpError:
            raise
        except BaseException as error:
            self.raised = error
            msg = f"{told} raised {type(error).__name__}: {error}"
            raise DeclarationError(msg) from error


def read_info(asked: Asked, manifest: Manifest | None = None) -> PluginInfo:
    """Ask a plugin who it is, and check that it fits its entry point, its manifest and this runtime.

    Args:
        asked: The plugin.
        manifest: What its distribution says; ``None`` for a plugin that was handed in.

    Raises:
        DeclarationError: naming what does not fit.
    """
    name, info = asked.name, asked.value("coreops_plugin_info")
    if info is None:
        msg = f"plugin {name!r} has no coreops_plugin_info; add it"
        raise DeclarationError(msg)
    if not isinstance(info, PluginInfo):
        msg = f"coreops_plugin_info of plugin {name!r} returned {type(info).__name__}; expected a PluginInfo"
        raise DeclarationError(msg)
    if not PLUGIN_NAME.fullmatch(info.name) or info.name != name:
        msg = f"plugin {name!r} calls itself {info.name!r}; the entry point and PluginInfo.name must be the same"
        raise DeclarationError(msg)
    if problem := hook_api_problem(info.hook_api):
        msg = f"plugin {name!r} cannot be served: {problem}"
        raise DeclarationError(msg)
    if strange := sorted(asked.owners - set(info.depends)):
        msg = f"plugin {name!r} implements hooks of {' and '.join(strange)}; name {' and '.join(strange)} in depends"
        raise DeclarationError(msg)
    if manifest is not None and (differing := tuple(_differing(info, manifest))):
        msg = f"plugin {name!r} contradicts itself: {'; '.join(differing)}; return PluginInfo.load(__name__)"
        raise DeclarationError(msg)
    return info


def declared_items(asked: Asked, info: PluginInfo) -> tuple[Item, ...]:
    """Ask the plugin's declaring hooks and check what they return.

    Raises:
        DeclarationError: a hook raised, returned a wrong type, named a thing twice or lacks a capability.
    """
    return tuple(item for kind in KINDS for item in _items(kind, info, asked.value(kind.hook, ())))


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
        key = kind.key(info.name, entry)
        if missing := sorted(kind.capabilities(entry) - info.needs):
            lacking = " and ".join(repr(each.value) for each in missing)
            msg = f"{kind.name} {key!r} of plugin {info.name!r} needs {lacking}; add it to PluginInfo.needs"
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
