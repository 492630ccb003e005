"""What is told of plugins that are loaded, unloaded and reloaded while the bot runs."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PluginReload"]


@dataclass(frozen=True, slots=True)
class PluginReload:
    """What a reload does or has done. Contributions are named by kind and name: ``command clan``.

    Args:
        plugin: Which plugin was to be reloaded.
        with_it: The plugins that need it, which are reloaded too, in order of starting.
        done: Whether the new code serves; without it and without an error it is only a plan.
        old_version: Version of the distribution whose code served before.
        new_version: Version of the distribution that is installed now.
        modules: The modules that were imported anew.
        added: Contributions that only the new code has.
        removed: Contributions that only the old code had.
        changed: Contributions of both that are declared differently.
        reboot: Why only a reboot of the bot can do it, or empty.
        error: Why the old code serves on, or empty.
        left: What of the old code could not be ended.
    """

    plugin: str
    with_it: tuple[str, ...] = ()
    done: bool = False
    old_version: str = ""
    new_version: str = ""
    modules: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reboot: str = ""
    error: str = ""
    left: tuple[str, ...] = ()
