"""Shows the entries of a spreadsheet's tab: one command, bucket, setting, toggle, job and health check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightbulb
from coreops_hookspecs import (
    BucketSpec,
    Cache,
    CheckResult,
    Command,
    HealthCheck,
    HealthStatus,
    JobSpec,
    PluginContext,
    PluginInfo,
    Setting,
    Toggle,
    access,
    hookimpl,
)
from coreops_hookspecs.errors import UsageError

from coreops_tavern import __version__


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the tab. A field without a default must be filled in."""

    key: str
    text: str


ENTRIES = BucketSpec(
    name="tavern",
    spreadsheet="TAVERN_SHEET_ID",
    tab="tavern",
    record=Entry,
    key="key",
)


@access.user
class Show(
    lightbulb.SlashCommand,
    name="tavern",
    description="Show an entry",
):
    """One class answers as a slash command, as a message and after a mention."""

    key = lightbulb.string("key", "Which entry to show")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, cache: Cache) -> None:
        """Answer with the entry; reading the bucket never waits for the spreadsheet."""
        entry = cache.get_snapshot("tavern").get(self.key)
        if entry is None:
            raise UsageError(
                f"no entry {self.key[:100]!r}",
                user_message="There is no entry of that key.",
            )
        await ctx.respond(entry.text)


async def count(ctx: PluginContext) -> None:
    """Put the number of entries on record; a job's failure is counted and never ends the job."""
    ctx.telemetry.note("counted", entries=ctx.cache.status("tavern").rows)


async def check(ctx: PluginContext) -> CheckResult:
    """Tell whether there is anything to show."""
    status = ctx.cache.status("tavern")
    if not status.available:
        return CheckResult(HealthStatus.DOWN, status.last_error or "the entries were never read")
    if not status.rows:
        return CheckResult(HealthStatus.DEGRADED, f"tab {status.tab} holds no entry")
    return CheckResult(HealthStatus.OK, f"{status.rows} entries")


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is; what it needs stands in coreops-plugin.toml."""
    return PluginInfo.load(__name__, name="tavern", version=__version__)


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare what the operator must set, in the environment, coreops.toml or the tab Config."""
    return [
        Setting(
            "TAVERN_SHEET_ID",
            required=True,
            help="Id of the spreadsheet with the entries.",
        ),
    ]


@hookimpl
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Declare the switch of the whole feature."""
    return [Toggle("tavern", "Entries for members")]


@hookimpl
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Declare the table."""
    return [ENTRIES]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare the command; who may run it stands above its class."""
    return [
        Command(Show, toggle="tavern", rest="key", examples=("first",)),
    ]


@hookimpl
def coreops_jobs() -> Sequence[JobSpec]:
    """Declare the nightly count."""
    return [
        JobSpec(
            "tavern.count",
            count,
            cron="0 3 * * *",
            help="Puts the number of entries on record.",
        ),
    ]


@hookimpl
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Declare the check, shown in the bot's health."""
    return [HealthCheck("entries", check)]
