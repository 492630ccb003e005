"""Plugins' event listeners: declared before there is a bot, subscribed when there is one, called guarded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import hikari
from hikari.events.base_events import get_required_intents_for

from coreops.plugins.guard import CallKind, Guard
from coreops_hookspecs import Listener
from coreops_hookspecs.errors import DeclarationError
from coreops_shared import trace

__all__ = ["Listeners", "intents_for"]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    plugin: str
    event: type[hikari.Event]
    heard: Callable[[Any], Coroutine[Any, Any, None]]


class Listeners:
    """Holds the listeners of all plugins.

    Args:
        guard: Runs plugin code.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._entries: list[_Entry] = []
        self._bot: hikari.GatewayBot | None = None

    def add(self, plugin: str, listener: Listener, call: Callable[[Any], Awaitable[None]]) -> Callable[[], None]:
        """Take a listener; return what takes it out.

        Args:
            plugin: Its owner.
            listener: What the plugin declared.
            call: Its callback, bound to the plugin's context.

        Raises:
            DeclarationError: the running connection lacks an intent that the event needs.
        """
        if self._bot is not None:
            self._check(plugin, listener, self._bot.intents)
        what = f"{plugin} listener for {listener.event.__name__}"
        timeout = listener.timeout.total_seconds()

        async def heard(event: Any) -> None:
            with trace.span(), trace.acting(f"plugin:{plugin}"):
                await self._guard.call(plugin, CallKind.LISTENER, what, call, event, timeout=timeout)

        entry = _Entry(plugin, listener.event, heard)
        self._entries.append(entry)
        if self._bot is not None:
            self._bot.event_manager.subscribe(entry.event, entry.heard)

        def remove() -> None:
            if entry in self._entries:
                self._entries.remove(entry)
                if self._bot is not None:
                    self._bot.event_manager.unsubscribe(entry.event, entry.heard)

        return remove

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the events that a plugin listens to."""
        return tuple(entry.event.__name__ for entry in self._entries if entry.plugin == plugin)

    def attach(self, bot: hikari.GatewayBot) -> None:
        """Subscribe all of them to a bot."""
        self._bot = bot
        for entry in self._entries:
            bot.event_manager.subscribe(entry.event, entry.heard)

    def intents(self) -> hikari.Intents:
        """Return the intents that their events need."""
        needed = hikari.Intents.NONE
        for entry in self._entries:
            needed |= intents_for(entry.event)
        return needed

    @staticmethod
    def _check(plugin: str, listener: Listener, intents: hikari.Intents) -> None:
        acceptable = get_required_intents_for(listener.event)
        if acceptable and not any(intents & each == each for each in acceptable):
            names = " or ".join(str(each) for each in acceptable)
            msg = (
                f"plugin {plugin!r}: the listener for {listener.event.__name__} needs the intent {names}, "
                f"which the connection was opened without; restart the runtime with the plugin installed"
            )
            raise DeclarationError(msg)


def intents_for(event: type[hikari.Event]) -> hikari.Intents:
    """Return intents with which all of an event arrives: in servers, and in direct messages where there are such."""
    needed = hikari.Intents.NONE
    for each in get_required_intents_for(event):
        needed |= each
    return needed
