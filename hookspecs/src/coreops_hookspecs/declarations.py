"""What the declaring hooks return, beside the types that have a module of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from coreops_hookspecs.access import AccessRule
from coreops_hookspecs.markers import HOOK_API

if TYPE_CHECKING:
    import hikari
    import lightbulb
    from aiohttp import web

    from coreops_hookspecs.context import PluginContext

__all__ = ["Capability", "Command", "Cooldown", "Listener", "PluginInfo", "Route"]


class Capability(StrEnum):
    """What a plugin may ask for beyond declaring commands."""

    SHEETS_READ = "sheets.read"
    SHEETS_WRITE = "sheets.write"
    HTTP = "http"
    MESSAGE_CONTENT = "message_content"
    MEMBERS = "members"
    SCHEDULER = "scheduler"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who a plugin is.

    Args:
        name: The entry point's name; lower-case letters, digits and ``_``.
        version: Version of the plugin.
        summary: One sentence for the operator.
        needs: Capabilities it uses.
        hook_api: The ``major.minor`` of the hook contract it was written for. The runtime takes the same major with an
            equal or lower minor.
        depends: Names of plugins that must be started before it.
    """

    name: str
    version: str
    summary: str = ""
    needs: frozenset[Capability] = frozenset()
    hook_api: str = HOOK_API
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cooldown:
    """How often a command may be run.

    Args:
        uses: Runs allowed per window.
        per: Length of the window.
        scope: Whose runs are counted together: ``user``, ``guild`` or ``global``.
    """

    uses: int
    per: timedelta
    scope: str = "user"


@dataclass(frozen=True, slots=True)
class Command:
    """A lightbulb command or group with what CoreOps needs to know about it.

    Rule, cooldown and toggle given here hold for every command in a group that does not say otherwise itself.

    Args:
        target: A ``lightbulb.SlashCommand`` class or a ``lightbulb.Group``.
        access: Who may run it, where the decorators of :mod:`coreops_hookspecs.access` are not used.
        cooldown: How often it may be run.
        toggle: Name of the feature toggle that must be on.
        mount: Name of a group of another plugin under which it hangs, for example ``ops``.
        rest: Name of the string option that takes the rest of the line in a prefix command.
        section: Heading under which help lists it; defaults to the plugin's name.
        examples: Argument texts for help, for example ``("F-IT",)``.
    """

    target: type[lightbulb.CommandBase] | lightbulb.Group
    access: AccessRule | None = None
    cooldown: Cooldown | None = None
    toggle: str | None = None
    mount: str | None = None
    rest: str | None = None
    section: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listener:
    """A gateway event listener.

    Args:
        event: The hikari event class.
        callback: Coroutine function called with the plugin's context and the event.
        timeout: Longest time one call may take.
    """

    event: type[hikari.Event]
    callback: Callable[[PluginContext, Any], Awaitable[None]]
    timeout: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTP route, served under ``/p/<plugin>/``.

    Args:
        method: ``GET``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``.
        path: Path below the plugin's prefix, with aiohttp's ``{name}`` placeholders, for example ``stats``.
        handler: Coroutine function called with the plugin's context and the request.
        timeout: Longest time one answer may take.
    """

    method: str
    path: str
    handler: Callable[[PluginContext, web.Request], Awaitable[web.StreamResponse]]
    timeout: timedelta = timedelta(seconds=15)
