"""The plugin that is checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from coreops_hookspecs import PluginInfo, PluginReport
from coreops_sandbox.pytest_plugin import Boot, Bot
from coreops_sandbox.workbook import Workbook

__all__ = ["ALWAYS", "Check", "Subject"]

ALWAYS = "ops"
"""The plugin that every runtime brings along and none lets go."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A plugin with what it needs to start.

    Args:
        plugin: The module with its hooks.
        boot: Boots a runtime.
        env: Settings.
        workbook: Tabs.
        leave: Paths of commands that are not run.
        patience: Seconds for which an answer is waited for.
    """

    plugin: ModuleType
    boot: Boot
    env: Mapping[str, str]
    workbook: Workbook
    leave: frozenset[str]
    patience: float = 30.0

    @property
    def info(self) -> PluginInfo:
        """Who the plugin says it is."""
        info: PluginInfo = self.plugin.coreops_plugin_info()
        return info

    def declared(self, hook: str) -> Sequence[Any]:
        """Return what a declaring hook returns; nothing when the plugin does not implement it."""
        function = getattr(self.plugin, hook, None)
        return () if function is None else tuple(function())

    async def start(self) -> Bot:
        """Boot a runtime with this plugin beside ``ops``, and with the installed ones that it depends on."""
        plugins = [] if self.info.name == ALWAYS else [*self.info.depends, self.plugin]
        return await self.boot(plugins=plugins, env=self.env, workbook=self.workbook)

    def report(self, bot: Bot) -> PluginReport:
        """Return where the plugin stands in a runtime."""
        reports: Mapping[str, PluginReport] = {each.name: each for each in bot.running.plugins()}
        return reports[self.info.name]


Check = Callable[[Subject], Awaitable[Sequence[str]]]
"""Looks at a plugin and returns what is wrong with it, one text for each problem."""
