"""``ops refresh``: tables are read again now."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import lightbulb

from coreops_hookspecs import (
    BucketStatus,
    Cache,
    CardField,
    Commands,
    Cooldown,
    Invocation,
    RefreshResult,
    Severity,
    Tier,
    access,
)
from coreops_hookspecs.errors import DeniedError, UsageError
from coreops_ops.buckets import differences, result_lines, snapshots, status_lines
from coreops_ops.wording import code, mention, millis, near, span, tables

__all__ = ["Refresh"]

_ALL: Final = "all"
_LONGEST_CHOICE: Final = 100
"""Characters (Discord docs, Application Command Option Choice Structure)."""
_PATIENCE: Final = 20.0
"""Seconds that a caller waits; a read that takes longer goes on without them."""
_BETWEEN: Final = re.compile(r"[\s,;]+")
_REST: Final = Cooldown(1, timedelta(seconds=30), "guild")
"""Between two refreshes of everything."""


async def _suggest(
    ctx: lightbulb.AutocompleteContext[str],
    cache: Cache = lightbulb.di.INJECTED,
    running: Invocation = lightbulb.di.INJECTED,
) -> None:
    typed = str(ctx.focused.value or "").lower()
    *before, last = _BETWEEN.split(typed)
    names = [bucket.name for bucket in cache.list_buckets()]
    names += [_ALL] if running.tier >= Tier.ADMIN and not before else []
    fitting = [" ".join([*before, name]) for name in names if last in name.lower() and name.lower() not in before]
    await ctx.respond([text for text in fitting if len(text) <= _LONGEST_CHOICE][:25])


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of the reads that ended within the caller's patience, and the rows that they changed."""

    results: Mapping[str, RefreshResult]
    changed: Sequence[CardField]


@access.staff
class Refresh(lightbulb.SlashCommand, name="refresh", description="Read tables again now, one, several or all of them"):
    """Values only: configuration and toggles are read again by ``ops reload``."""

    bucket = lightbulb.string("bucket", "Which table, or several; all is for admins", default="", autocomplete=_suggest)
    diff = lightbulb.boolean("diff", "Show the rows that were added, removed and changed", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, cache: Cache, commands: Commands, running: Invocation) -> None:
        """Answer with how each read ended, or, without a name, with how each table is."""
        buckets = cache.list_buckets()
        typed = list(dict.fromkeys(filter(None, _BETWEEN.split(self.bucket.lower()))))
        if not typed or not buckets:
            await _overview(ctx, buckets, commands)
            return
        names = _wanted(typed, buckets, commands, running)
        await ctx.defer()
        before = snapshots(cache, names) if self.diff else {}
        results = await _refreshed(cache, names, running.actor)
        changed = await differences(before, snapshots(cache, list(before)), commands) if results else []
        buckets = [cache.status(name) for name in names]
        scope = _ALL if _ALL in typed else ", ".join(names)
        await _show(ctx, commands.say("Refresh · {scope}", scope=scope), buckets, _Came(results, changed), commands)


def _wanted(
    typed: Sequence[str], buckets: Sequence[BucketStatus], commands: Commands, running: Invocation
) -> list[str]:
    """Return the names that are meant by words in lower case. Raises UsageError, DeniedError, CooldownError."""
    known = [bucket.name for bucket in buckets]
    if _ALL in typed:
        if running.tier < Tier.ADMIN:
            msg = "refreshing every bucket at once is for admins"
            told = commands.say("Admins only: refresh all. You may refresh tables by their names.")
            raise DeniedError(msg, user_message=told)
        commands.limit(_ALL, _REST)
        return known
    by_word = {name.lower(): name for name in known}
    strangers = [word for word in typed if word not in by_word]
    if strangers:
        raise _unknown(strangers, known, commands, alone=len(typed) == 1)
    return [by_word[word] for word in typed]


def _unknown(strangers: Sequence[str], known: Sequence[str], commands: Commands, *, alone: bool) -> UsageError:
    several = ", ".join(code(word, 60) for word in strangers[:5])
    head = (
        commands.say("There is no table of that name.")
        if alone
        else commands.say("There are no tables {names}.", names=several)
    )
    meant = "".join(near(word, known, commands) for word in strangers[:5])
    there = commands.say("There are: {names}.", names=", ".join(f"`{name}`" for name in known))
    return UsageError(f"no bucket {', '.join(strangers)[:100]!r}", user_message=f"{head}{meant} {there}")


async def _refreshed(cache: Cache, names: Sequence[str], actor: str) -> dict[str, RefreshResult]:
    """Return the results by bucket, or none if they did not come within the caller's patience."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return {result.bucket: result for result in await cache.refresh_now_many(names, actor=actor)}
    except TimeoutError:
        return {}


async def _show(
    ctx: lightbulb.Context,
    title: str,
    buckets: Sequence[BucketStatus],
    came: _Came,
    commands: Commands,
) -> None:
    results = came.results
    lines = [_line(bucket, results.get(bucket.name), commands) for bucket in buckets]
    slowest = max((result.duration for result in results.values()), default=_PATIENCE)
    took = (
        commands.say("in {span}", span=millis(slowest))
        if results
        else commands.say("not done after {span}; it goes on in the background", span=span(_PATIENCE))
    )
    by = commands.say("by {who}", who=mention(commands.invocation.actor))
    head = f"{tables(len(buckets), commands)}, {by}, {took}"
    bad = not results or any(not result.ok or result.problem_count for result in results.values())
    severity = Severity.WARNING if bad else Severity.OK
    await commands.show(ctx, title, [head, *lines], severity=severity, fields=came.changed)


def _line(bucket: BucketStatus, result: RefreshResult | None, commands: Commands) -> str:
    return status_lines(bucket, commands) if result is None else result_lines(result, bucket, commands)


async def _overview(ctx: lightbulb.Context, buckets: Sequence[BucketStatus], commands: Commands) -> None:
    say, form = commands.say, f"{commands.prefix}ops refresh"
    if not buckets:
        text = say("No plugin has a table, so there is nothing to read.")
        await commands.show(ctx, say("Tables"), text, severity=Severity.WARNING)
        return
    forms = [
        say("{refresh} reads one or several again now", refresh=f"`{form} <table>…`"),
        say("{refresh} all", refresh=f"`{form} all`"),
    ]
    await commands.show(ctx, say("Tables"), [*(status_lines(one, commands) for one in buckets), "", *forms])
