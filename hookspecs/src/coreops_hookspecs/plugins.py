"""What is told of plugins: how each is, and what came of changing one while the bot runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coreops_hookspecs.health import PluginReport, PluginState

__all__ = ["Fact", "PluginAction", "PluginChange", "PluginReload", "facts", "held_the_loop"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a plugin.

    Args:
        name: What it tells: ``state``, ``since``, ``calls``.
        value: In words, or an instant (UTC), which each reader shows in its own way.
        short: Whether it is a word or a figure and no text.
    """

    name: str
    value: str | datetime
    short: bool = True


def facts(plugin: PluginReport) -> tuple[Fact, ...]:
    """Return what is known of a plugin, in one order and in the same words wherever it is shown."""
    contributes = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in plugin.contributions.items()]
    faults = f"{plugin.faults} fault{'' if plugin.faults == 1 else 's'}"
    known: tuple[tuple[str, str | datetime | None], ...] = (
        ("plugin", plugin.name),
        ("state", plugin.state.value),
        ("since", plugin.since),
        ("tried again", plugin.retry_at),
        ("version", plugin.version),
        ("distribution", plugin.distribution),
        ("calls", f"{plugin.calls}, {plugin.failures} failed, {faults}"),
        ("p99", "" if plugin.p99 is None else _length(plugin.p99)),
        ("loop time", _length(plugin.loop_time) if plugin.loop_time else ""),
        ("held the loop", held_the_loop(plugin)),
        ("contributes", ", ".join(contributes)),
        ("hooks", ", ".join(hook.removeprefix("coreops_") for hook in plugin.hooks)),
        ("reason", plugin.reason),
    )
    return tuple(Fact(name, value, name not in _LONG) for name, value in known if value)


def held_the_loop(plugin: PluginReport) -> str:
    """Return how long a plugin last held the event loop, where, and how often it has; empty if it never did."""
    block = plugin.last_block
    if block is None:
        return ""
    inside = f", inside {block.inner}" if block.inner else ""
    more = f"; {plugin.blocks} times in all" if plugin.blocks > 1 else ""
    return f"{_length(block.duration)} in {block.file}:{block.line} ({block.function}{inside}){more}"


def _length(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


_LONG = frozenset({"contributes", "held the loop", "hooks", "reason"})


class PluginAction(StrEnum):
    """What an operator may do to one plugin while the bot runs."""

    LOAD = "load"
    UNLOAD = "unload"
    RELOAD = "reload"
    QUARANTINE = "quarantine"
    REINSTATE = "reinstate"


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


_WANTED = {
    PluginAction.LOAD: PluginState.ACTIVE,
    PluginAction.UNLOAD: PluginState.UNLOADED,
    PluginAction.QUARANTINE: PluginState.QUARANTINED,
}


@dataclass(frozen=True, slots=True)
class PluginChange:
    """What came of an operator's order about a plugin.

    Args:
        action: What was asked for.
        plan: Whether only a plan was asked for, so that nothing was changed.
        plugin: How the plugin is now.
        actor: Who asked.
        trace: Reference for the logs.
        duration: Seconds.
        reload: Of a reload: what it changes, or has changed.
    """

    action: PluginAction
    plan: bool
    plugin: PluginReport
    actor: str
    trace: str
    duration: float
    reload: PluginReload | None = None

    @property
    def leaked(self) -> bool:
        """Whether something of unloaded or replaced code is left."""
        if self.reload is not None:
            return bool(self.reload.left)
        return self.plugin.state is PluginState.UNLOADED and self.plugin.reason.startswith("leaked")

    @property
    def ok(self) -> bool:
        """Whether it was done as asked and nothing is left over; of a plan, whether it can be done."""
        if self.reload is not None:
            return not self.reload.error and not self.reload.reboot and not self.leaked
        return self.plugin.state is _WANTED.get(self.action, self.plugin.state) and not self.leaked

    @property
    def outcome(self) -> str:
        """How it ended: ``planned``, ``done``, ``leaked``, ``reboot needed``, ``rolled back`` or ``failed``."""
        if self.reload is not None and self.reload.reboot:
            return "reboot needed"
        if self.leaked:
            return "leaked"
        if not self.ok:
            return "rolled back" if self.reload is not None and not self.plan else "failed"
        return "planned" if self.plan else "done"
