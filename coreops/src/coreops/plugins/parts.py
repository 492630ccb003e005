"""The files of this folder that work on loaded plugins, handed to each other as one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from coreops.plugins.context import ContextFactory
from coreops.plugins.contributions import Contributions
from coreops.plugins.discovery import Found
from coreops.plugins.guard import Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.loader import Loader
from coreops.plugins.roster import Roster
from coreops.plugins.states import PluginStates
from coreops_hookspecs.context import Logger

__all__ = ["Outside", "Parts", "nothing"]


async def nothing(*_: object) -> None:
    """Stand in for a part of the runtime that has nothing to do."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the plugin room asks of the rest of the runtime.

    Args:
        require: Raises CoreOpsError when a plugin's settings do not let it start.
        find: Returns the plugins that are installed now; blocks, and is called in a thread.
        fill: Fills buckets of these names as well as it can within a bound.
        changed: Brings what is made of the contributions, such as Discord's list of commands, in step; does not raise.
        ready: Whether the plugins were told that Discord is connected.
    """

    require: Callable[[str], None]
    find: Callable[[], Sequence[Found]] = tuple
    fill: Callable[[Sequence[str]], Awaitable[None]] = nothing
    changed: Callable[[], Awaitable[None]] = nothing
    ready: Callable[[], bool] = bool


@dataclass(frozen=True, slots=True)
class Parts:
    """See the files of these names."""

    table: HookTable
    hooks: AsyncHooks
    guard: Guard
    states: PluginStates
    contexts: ContextFactory
    contributions: Contributions
    roster: Roster
    loader: Loader
    outside: Outside
    log: Logger
