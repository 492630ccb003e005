"""``ctx.operations``: what an operator may do to the whole runtime."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from coreops.operations import reboot
from coreops.operations.inspection import Spreadsheet, Tables, inspect
from coreops.operations.plugins import PluginOrders
from coreops.operations.reload import Reloader
from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.operations import ReloadReport, SheetReport
from coreops_hookspecs.outbox import Write
from coreops_hookspecs.plugins import PluginAction, PluginChange
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["OperationsService"]


class Writes(Protocol):
    """The part of the outbox that an operator reaches."""

    def waiting(self) -> Sequence[Write]: ...
    async def replay(self, number: int, *, overwrite: bool = False) -> Write: ...
    async def drop(self, number: int) -> Write: ...


class OperationsService:
    """Satisfies :class:`coreops_hookspecs.Operations`.

    Args:
        reloader: Reads configuration and toggles again.
        plugins: Carries out orders about plugins.
        outbox: The writes that were accepted.
        tables: Where spreadsheets are looked at.
        spreadsheets: Returns what reads which spreadsheet.
        prove: Raises ConfigError if the process could not start with the settings as they stand now; blocks.
        restart: Begins to stop the runtime, to be started again.
        state_dir: Keeps who asked for a restart.
        clock: Dates it.
    """

    def __init__(
        self,
        *,
        reloader: Reloader,
        plugins: PluginOrders,
        outbox: Writes,
        tables: Tables,
        spreadsheets: Callable[[], Sequence[Spreadsheet]],
        prove: Callable[[], object],
        restart: Callable[[], None],
        state_dir: Path,
        clock: Clock,
    ) -> None:
        self._reloader = reloader
        self._plugins = plugins
        self.writes = outbox.waiting
        self.replay_write = outbox.replay
        self.drop_write = outbox.drop
        self._tables = tables
        self._spreadsheets = spreadsheets
        self._prove = prove
        self._restart = restart
        self._state_dir = state_dir
        self._clock = clock

    async def reload(self, *, actor: str) -> ReloadReport:
        """Read configuration, toggles and the buckets' times and tabs again."""
        return await self._reloader.reload(actor=actor)

    async def reboot(self, *, actor: str, channel_id: int | None) -> ReloadReport:
        """Reload, leave a note, and begin to restart. Raises ConfigError, CoreOpsError."""
        await asyncio.to_thread(self._prove)
        report = await self._reloader.reload(actor=actor)
        note = reboot.Note(actor, channel_id, trace.current(), self._clock.now().isoformat())
        try:
            await asyncio.to_thread(reboot.keep, self._state_dir, note)
        except OSError as error:
            msg = f"{self._state_dir}: cannot be written ({error.strerror}); the restart could not be reported back"
            raise CoreOpsError(msg) from error
        self._restart()
        return report

    async def change_plugin(
        self, action: PluginAction, name: str, *, actor: str, plan: bool = False, reason: str = ""
    ) -> PluginChange:
        """Load, unload, reload, quarantine or reinstate a plugin. Raises PluginRefusedError."""
        return await self._plugins.carry_out(action, name, actor=actor, plan=plan, reason=reason)

    async def inspect_sheets(self, *, sample: bool = False) -> Sequence[SheetReport]:
        """Look at every spreadsheet that is configured."""
        return await inspect(self._tables, self._spreadsheets(), sample=sample)

    def catch_up(self) -> None:
        """Read configuration and toggles again by itself until they can be reached."""
        self._reloader.catch_up()

    async def stop(self) -> None:
        """End what is under way."""
        await self._reloader.stop()
