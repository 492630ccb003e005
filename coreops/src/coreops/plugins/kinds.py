"""The kinds of contribution: which hook declares each, of what type, under which name, with which capability."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Final

from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.config import Setting, Toggle
from coreops_hookspecs.controls import Control
from coreops_hookspecs.declarations import Capability, Command, Listener, Route
from coreops_hookspecs.health import HealthCheck
from coreops_hookspecs.jobs import JobSpec
from coreops_hookspecs.texts import Texts

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of contribution.

    Args:
        name: Word for it, as in the ledger.
        hook: Hook that declares it.
        type: What the hook's sequence must hold.
        key: Unique name of one item, from the plugin's name and the item.
        capabilities: What the plugin must have declared for an item.
    """

    name: str
    hook: str
    type: type[Any]
    key: Callable[[str, Any], str]
    capabilities: Callable[[Any], frozenset[Capability]]


def _never(_: Any) -> frozenset[Capability]:
    return frozenset()


def _always(capability: Capability) -> Callable[[Any], frozenset[Capability]]:
    return lambda _: frozenset({capability})


def _of_listener(listener: Listener) -> frozenset[Capability]:
    """A listener also hears events of the types below its own: one for ``hikari.Event`` hears everything.

    Told by name, because hikari is imported by plugins and the gateway only.
    """
    names = {kind.__name__ for kind in _with_below(listener.event)}
    raw = "ShardPayloadEvent" in names  # what Discord sends, as it sends it
    found = {Capability.MESSAGE_CONTENT} if raw or any("Message" in name for name in names) else set()
    if raw or any(name.startswith("Member") for name in names):
        found.add(Capability.MEMBERS)
    return frozenset(found)


def _with_below(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _with_below(below)


def _command_key(_: str, command: Command) -> str:
    target: Any = command.target
    name = getattr(target, "name", None) or target._command_data.name  # noqa: SLF001 - lightbulb has no public name of a class
    return f"{command.mount} {name}" if command.mount else str(name)


def _listener_key(plugin: str, listener: Listener) -> str:
    callback = getattr(listener.callback, "__qualname__", repr(listener.callback))
    return f"{plugin}.{callback} on {listener.event.__name__}"


KINDS: Final = (
    Kind("hook", "coreops_addhooks", FunctionType, lambda _, item: item.__name__, _never),
    Kind("setting", "coreops_settings", Setting, lambda _, item: item.key, _never),
    Kind("texts", "coreops_texts", Texts, lambda plugin, item: f"{plugin}.{item.language}", _never),
    Kind("toggle", "coreops_feature_toggles", Toggle, lambda _, item: item.name, _never),
    Kind("bucket", "coreops_cache_buckets", BucketSpec, lambda _, item: item.name, _always(Capability.SHEETS_READ)),
    Kind("check", "coreops_health_checks", HealthCheck, lambda plugin, item: f"{plugin}.{item.name}", _never),
    Kind("job", "coreops_jobs", JobSpec, lambda _, item: item.name, _always(Capability.SCHEDULER)),
    Kind(
        "route",
        "coreops_http_routes",
        Route,
        lambda plugin, item: f"{item.method} /p/{plugin}/{item.path}",
        _always(Capability.HTTP),
    ),
    Kind("listener", "coreops_listeners", Listener, _listener_key, _of_listener),
    Kind("control", "coreops_controls", Control, lambda plugin, item: f"{plugin}.{item.name}", _never),
    Kind("command", "coreops_commands", Command, _command_key, _never),
)
"""In the order in which they are put into their rooms; taken out in reverse, so commands go first."""
