"""What the declaring hooks return, beside the types that have a module of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from coreops_hookspecs.access import AccessRule
from coreops_hookspecs.capabilities import Capability
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.hook_api import THIS_API
from coreops_hookspecs.manifest import read_manifest
from coreops_hookspecs.markers import ENTRY_POINT_GROUP

if TYPE_CHECKING:
    import hikari
    import lightbulb
    from aiohttp import web

    from coreops_hookspecs.context import PluginContext

__all__ = ["Capability", "Command", "Cooldown", "Listener", "PluginInfo", "Route"]


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who a plugin is. :meth:`load` takes it from the manifest, so that it is written once.

    Args:
        name: The entry point's name; lower-case letters, digits and ``_``.
        version: Version of the plugin.
        summary: One sentence for the operator.
        needs: Capabilities it uses.
        hook_api: Range of hook-contract versions that it works with.
        depends: Names of plugins that must be started before it.
    """

    name: str
    version: str
    summary: str = ""
    needs: frozenset[Capability] = frozenset()
    hook_api: str = THIS_API
    depends: tuple[str, ...] = ()

    @classmethod
    def load(cls, module: str, *, name: str = "", version: str = "") -> PluginInfo:
        """Return what ``coreops-plugin.toml`` beside a module says; call it with ``__name__``.

        Args:
            module: The module that the entry point names.
            name: The plugin's name; that of the installed entry point by default.
            version: Its version; that of the installed distribution by default.

        Raises:
            DeclarationError: there is no manifest, or no installed entry point to take name and version from.
        """
        manifest = read_manifest(module)
        if not (name and version):
            found = next((one for one in entry_points(group=ENTRY_POINT_GROUP) if one.module == module), None)
            if found is None or found.dist is None:
                msg = f"no installed entry point names the module {module!r}; install it, or give name= and version="
                raise DeclarationError(msg)
            name, version = name or found.name, version or found.dist.version
        return cls(name, version, manifest.summary, manifest.needs, manifest.hook_api, manifest.depends)


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
        several: Name of the string option that takes, in a prefix command, every word that is meant for no other by
            name: ``!ops refresh clans templates --diff``. They arrive with a blank between.
        section: Heading under which help lists it; defaults to the plugin's name.
        examples: Argument texts for help, for example ``("F-IT",)``; of a group by its commands' names:
            ``{"next": ("state.backup",)}``.
        default: Of a group: name of its command that a message means which names the group and none of its commands,
            ``!ops plugins`` or ``!ops plugins welcome``. Discord's slash commands have no such form.
    """

    target: type[lightbulb.CommandBase] | lightbulb.Group
    access: AccessRule | None = None
    cooldown: Cooldown | None = None
    toggle: str | None = None
    mount: str | None = None
    rest: str | None = None
    several: str | None = None
    section: str = ""
    examples: tuple[str, ...] | Mapping[str, tuple[str, ...]] = ()
    default: str | None = None


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
