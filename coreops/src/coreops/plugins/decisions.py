"""What the rooms ask plugins to decide, in the terms of the rooms: access, answers to errors, ports."""

from __future__ import annotations

from typing import Any, Final

from coreops.plugins.hooks import AsyncHooks
from coreops_hookspecs.access import AccessRequest, Denial, Tier
from coreops_hookspecs.context import Config, Logger
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.ports import Coordinator
from coreops_hookspecs.sheets import SheetsBackend

__all__ = ["Decisions"]

_REPAIRABLE: Final = "ops"
"""Owner of the commands with which an admin repairs the bot."""


class Decisions:
    """Asks the deciding hooks.

    Args:
        hooks: The hooks.
        log: Told of answers that cannot be used.
    """

    def __init__(self, hooks: AsyncHooks, log: Logger) -> None:
        self._hooks = hooks
        self._log = log

    def authorize(self, request: AccessRequest) -> Denial | None:
        """Return a plugin's denial of a command, or ``None``.

        A plugin that raises, is in quarantine or answers nonsense denies too, with one exception: an admin keeps the
        commands of ``ops``, without which the faulty plugin could not be dealt with.
        """
        found = self._hooks.first("coreops_authorize", request)
        if found is None:
            return None
        plugin, outcome = found
        if isinstance(outcome.value, Denial):
            return outcome.value
        if request.tier is Tier.ADMIN and request.plugin == _REPAIRABLE:
            self._log.warning("access check failed, admin let in", plugin=plugin, command=request.command)
            return None
        self._log.error("access check failed, command denied", plugin=plugin, command=request.command)
        return Denial(f"The access check of plugin {plugin} failed.", "Ask an admin to look at it.")

    def objectors(self) -> bool:
        """Tell whether any plugin, whatever its state, has a say in :meth:`authorize`."""
        return self._hooks.decided("coreops_authorize")

    async def command_error(self, plugin: str, command: Any, error: BaseException) -> bool:
        """Ask a plugin to answer an error of its own command; tell whether it did."""
        outcome = await self._hooks.one("coreops_command_error", plugin, command=command, error=error)
        return outcome is not None and outcome.value is True

    def coordinator(self, settings: Config) -> Coordinator | None:
        """Return the coordinator that a plugin provides. Raises DeclarationError when one tries and fails."""
        found: Coordinator | None = self._port("coreops_coordinator", settings, Coordinator)
        return found

    def sheets_backend(self, settings: Config) -> SheetsBackend | None:
        """Return the table store that a plugin provides. Raises DeclarationError when one tries and fails."""
        found: SheetsBackend | None = self._port("coreops_sheets_backend", settings, SheetsBackend)
        return found

    def _port(self, hook: str, settings: Config, kind: Any) -> Any:
        found = self._hooks.first(hook, settings)
        if found is None:
            return None
        plugin, outcome = found
        if isinstance(outcome.value, kind):
            return outcome.value
        what = outcome.error or outcome.reason or f"returned {type(outcome.value).__name__}, not {kind.__name__}"
        msg = f"{hook} of plugin {plugin!r} cannot be used: {what}; mend it or put it on COREOPS_PLUGINS_BLOCKED"
        raise DeclarationError(msg)
