"""Reload: configuration, toggles and the buckets' times and tabs are read again, and what changed is told.

Configuration and buckets are taken over together or not at all. Toggles stand by themselves: a cell that cannot be
read must switch its own feature off and hold nothing else up. While the worksheets cannot be reached they are read
again by themselves, further and further apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from coreops.operations.catching_up import CatchUp
from coreops.operations.timing import Timing
from coreops.operations.tuning import Tuning
from coreops.operations.worksheets import KeptWorksheets
from coreops_hookspecs.config import ConfigDiff, SettingValue, ToggleState
from coreops_hookspecs.errors import ConfigError, SheetsError
from coreops_hookspecs.operations import BucketChange, ReloadReport, SettingChange
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.config.declared import Resolved
from coreops_shared.config.registry import Registry
from coreops_shared.feature_flags import Flags

__all__ = ["Listeners", "Reloader"]

_ITSELF: Final = "runtime"
"""Who asks when nobody did."""


class Listeners(Protocol):
    """Plugins that want to know."""

    async def reloaded(self, diff: ConfigDiff) -> None: ...
    async def switched(self, toggles: Iterable[ToggleState]) -> None: ...


@dataclass(slots=True)
class _Config:
    """What became of the configuration."""

    diff: ConfigDiff = field(default_factory=ConfigDiff)
    settings: tuple[SettingChange, ...] = ()
    buckets: tuple[BucketChange, ...] = ()
    problems: tuple[str, ...] = ()


class Reloader:
    """Reads everything again, once at a time.

    Args:
        registry: Configuration.
        flags: Toggles.
        tuning: Buckets' times and tabs.
        timing: When jobs run whose time is the operator's.
        worksheets: Where both are written.
        listeners: Told what changed.
        announce: Told how a reload ended, in a few words.
        clock: Measures how long it takes.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        flags: Flags,
        tuning: Tuning,
        timing: Timing,
        worksheets: KeptWorksheets,
        listeners: Listeners,
        announce: Callable[[ReloadReport], None],
        clock: Clock,
    ) -> None:
        self._registry = registry
        self._flags = flags
        self._tuning = tuning
        self._timing = timing
        self._worksheets = worksheets
        self._listeners = listeners
        self._announce = announce
        self._clock = clock
        self._running: asyncio.Task[ReloadReport] | None = None
        self._unreachable = False
        self._catching_up = CatchUp(self._attempt, clock.sleep)

    async def reload(self, *, actor: str) -> ReloadReport:
        """Read everything again; whoever asks meanwhile joins. See :meth:`coreops_hookspecs.Operations.reload`."""
        if self._running is None:
            self._running = asyncio.create_task(self._reload(actor), name="reload")
            self._running.add_done_callback(self._ended)
        return await asyncio.shield(self._running)

    def catch_up(self) -> None:
        """Read everything again by itself until it can be reached."""
        self._catching_up.start()

    async def stop(self) -> None:
        """End what is under way."""
        await self._catching_up.stop()
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def _reload(self, actor: str) -> ReloadReport:
        began = self._clock.monotonic()
        with trace.acting(actor):
            config = await self._configuration()
            switched = await self._flags.reload(self._worksheets.toggles)
            report = ReloadReport(
                diff=config.diff,
                settings=config.settings,
                toggles=switched,
                buckets=config.buckets,
                problems=config.problems,
                toggle_problems=self._flags.problems,
                waiting=self._registry.waiting(),
                duration=self._clock.monotonic() - began,
                actor=actor,
                trace=trace.current(),
            )
            behind = self._unreachable or self._flags.behind
            if behind:
                self._catching_up.start()
            if not (behind and actor == _ITSELF):  # that it still cannot be reached is no news
                self._announce(report)
            if not config.problems:
                await self._listeners.reloaded(config.diff)
            await self._listeners.switched(switched)
        return report

    async def _configuration(self) -> _Config:
        before = self._described()
        self._unreachable = False
        try:
            diff = await self._registry.reload(self._worksheets.config, self._problems)
        except ConfigError as error:
            return _Config(problems=error.problems or (str(error),))
        except SheetsError as error:
            self._unreachable = True
            return _Config(problems=(str(error),))
        buckets = self._tuning.apply()
        self._timing.apply()
        return _Config(diff, _changes(diff, before, self._described()), buckets)

    def _problems(self, values: Mapping[str, Resolved]) -> list[str]:
        return [*self._tuning.problems(values), *self._timing.problems(values)]

    async def _attempt(self) -> bool:
        await self.reload(actor=_ITSELF)
        return not (self._unreachable or self._flags.behind)

    def _described(self) -> Mapping[str, SettingValue]:
        return {value.key: value for value in self._registry.describe()}

    def _ended(self, _task: asyncio.Task[ReloadReport]) -> None:
        self._running = None


def _changes(
    diff: ConfigDiff, before: Mapping[str, SettingValue], after: Mapping[str, SettingValue]
) -> tuple[SettingChange, ...]:
    """Return the declared settings among the keys that changed."""
    keys = [key for key in sorted({*diff.added, *diff.removed, *diff.changed}) if key in after and key in before]
    return tuple(
        SettingChange(key, before[key].value, after[key].value, after[key].source, after[key].secret) for key in keys
    )
