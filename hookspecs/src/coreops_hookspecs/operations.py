"""What an operator may do to the whole runtime, and what comes of it: ``ctx.operations``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from coreops_hookspecs.config import ConfigDiff, ToggleState
from coreops_hookspecs.outbox import Write
from coreops_hookspecs.plugins import PluginAction, PluginChange

__all__ = ["BucketChange", "Operations", "ReloadReport", "SettingChange", "SheetReport", "TabReport"]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A declared setting whose value a reload changed; for a secret, both values are ``None``."""

    key: str
    old: Any
    new: Any
    source: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class BucketChange:
    """What a reload changed about a bucket.

    Args:
        bucket: Its name.
        what: ``tab``, ``ttl``, ``max_age`` or ``cron``.
        old: What stood before, in words.
        new: What stands now.
    """

    bucket: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What a reload did. With any of ``problems``, settings and buckets are as they were before.

    Args:
        diff: Keys that changed, those of the worksheet that nobody declares included.
        settings: Declared settings whose value changed.
        toggles: Toggles that were switched.
        buckets: Buckets that are read from elsewhere or at other times.
        problems: Why settings and buckets are kept as they were.
        toggle_problems: What is wrong with the toggles now; each keeps a feature off, an outage keeps the last state.
        waiting: Settings of the process that differ in the file now and are used after a restart.
        duration: Seconds.
        actor: Who asked.
        trace: Reference for the logs.
    """

    diff: ConfigDiff
    settings: tuple[SettingChange, ...]
    toggles: tuple[ToggleState, ...]
    buckets: tuple[BucketChange, ...]
    problems: tuple[str, ...]
    toggle_problems: tuple[str, ...]
    waiting: tuple[str, ...]
    duration: float
    actor: str
    trace: str

    @property
    def changes(self) -> int:
        """How many keys, toggles and buckets changed."""
        diff = self.diff
        keys = len(diff.added) + len(diff.removed) + len(diff.changed)
        return keys + len(self.toggles) + len({change.bucket for change in self.buckets})


@dataclass(frozen=True, slots=True)
class TabReport:
    """One tab that something reads.

    Args:
        title: Its title.
        readers: What reads it: names of buckets, ``configuration``, ``toggles``.
        found: Whether the spreadsheet has it.
        rows: Rows of its grid, blank ones included.
        columns: Columns of its grid.
        headers: Its first row.
        problems: What is wrong with it, each with what to do.
        sample: Its first rows below the headers, for finding out what is wrong.
    """

    title: str
    readers: tuple[str, ...]
    found: bool
    rows: int = 0
    columns: int = 0
    headers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One spreadsheet as it is now.

    Args:
        setting: Key of the setting with its id.
        spreadsheet: Its id; empty while the setting has no value.
        error: Why it could not be opened; empty when it was.
        tabs: The tabs that something reads.
        others: Titles of its other tabs.
    """

    setting: str
    spreadsheet: str
    error: str = ""
    tabs: tuple[TabReport, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it could be opened and nothing is wrong with its tabs."""
        return not self.error and not any(tab.problems for tab in self.tabs)


class Operations(Protocol):
    """What an operator may do to the whole runtime. Needs the capability ``operations``."""

    async def reload(self, *, actor: str) -> ReloadReport:
        """Read configuration, toggles and the buckets' times and tabs again; whoever asks meanwhile joins it.

        Nothing that serves is cleared, nothing restarts. Configuration is taken over as a whole or not at all.
        """
        ...

    async def reboot(self, *, actor: str, channel_id: int | None) -> ReloadReport:
        """Reload, then drain and restart the runtime; it reports back in that channel when it serves again.

        Returns as soon as the restart is certain, so that the caller can be told.

        Raises:
            ConfigError: with the settings that are in the file now it would not start; nothing was restarted.
        """
        ...

    async def change_plugin(
        self, action: PluginAction, name: str, *, actor: str, plan: bool = False, reason: str = ""
    ) -> PluginChange:
        """Load, unload, reload, quarantine or reinstate a plugin; one such change at a time.

        Args:
            action: Which of these.
            name: The plugin.
            actor: Who asks: ``user:<id>``.
            plan: Only say what a reload would change; the other actions have no plan.
            reason: Why it is put into quarantine, in the words of whoever asks.

        Raises:
            PluginRefusedError: it cannot be done as asked; nothing was changed.
        """
        ...

    def writes(self) -> Sequence[Write]:
        """Return the writes of the outbox that are dead, then those that are pending, each in order of acceptance."""
        ...

    async def replay_write(self, number: int, *, overwrite: bool = False) -> Write:
        """Make a dead letter pending again; ``overwrite`` lets it replace what somebody else put into its row.

        Raises:
            OutboxError: there is no such dead letter.
        """
        ...

    async def drop_write(self, number: int) -> Write:
        """Forget a dead letter for good. Raises OutboxError if there is no such one."""
        ...

    async def inspect_sheets(self, *, sample: bool = False) -> Sequence[SheetReport]:
        """Look at every spreadsheet that is configured: whether it opens, its tabs, and their headers.

        With ``sample`` the first rows too, for which whole tabs are read.
        """
        ...
