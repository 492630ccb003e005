"""``ops refresh``: tables are read again now."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import hikari
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
from coreops_ops.wording import code, count, mention, millis, near, span

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
            await ctx.respond(embed=_overview(buckets, commands))
            return
        names = _wanted(typed, buckets, commands, running)
        await ctx.defer()
        before = snapshots(cache, names) if self.diff else {}
        results = await _refreshed(cache, names, running.actor)
        rows = await differences(before, snapshots(cache, list(before))) if results else []
        card = _card(
            _ALL if _ALL in typed else ", ".join(names), [cache.status(name) for name in names], results, rows, commands
        )
        await ctx.respond(embed=card)


def _wanted(
    typed: Sequence[str], buckets: Sequence[BucketStatus], commands: Commands, running: Invocation
) -> list[str]:
    """Return the names that are meant by words in lower case. Raises UsageError, DeniedError, CooldownError."""
    known = [bucket.name for bucket in buckets]
    if _ALL in typed:
        if running.tier < Tier.ADMIN:
            msg = "refreshing every bucket at once is for admins"
            raise DeniedError(msg, user_message="Admins only: refresh all. You may refresh one table by its name.")
        commands.limit(_ALL, _REST)
        return known
    by_word = {name.lower(): name for name in known}
    strangers = [word for word in typed if word not in by_word]
    if strangers:
        listed = ", ".join(f"`{name}`" for name in known)
        several = f"There are no tables {', '.join(code(word, 60) for word in strangers[:5])}."
        head = "There is no table of that name." if len(typed) == 1 else several
        text = f"{head}{''.join(near(word, known) for word in strangers[:5])} There are: {listed}."
        raise UsageError(f"no bucket {', '.join(strangers)[:100]!r}", user_message=text)
    return [by_word[word] for word in typed]


async def _refreshed(cache: Cache, names: Sequence[str], actor: str) -> dict[str, RefreshResult]:
    """Return the results by bucket, or none if they did not come within the caller's patience."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return {result.bucket: result for result in await cache.refresh_now_many(names, actor=actor)}
    except TimeoutError:
        return {}


def _card(
    scope: str,
    buckets: Sequence[BucketStatus],
    results: Mapping[str, RefreshResult],
    rows: Sequence[CardField],
    commands: Commands,
) -> hikari.Embed:
    lines = [_line(bucket, results.get(bucket.name)) for bucket in buckets]
    slowest = max((result.duration for result in results.values()), default=_PATIENCE)
    took = f"in {millis(slowest)}" if results else f"not done after {span(_PATIENCE)}; it goes on in the background"
    head = f"{count(len(buckets), 'table')}, by {mention(commands.invocation.actor)}, {took}"
    bad = not results or any(not result.ok or result.problem_count for result in results.values())
    return commands.card(
        f"Refresh · {scope}", [head, *lines], severity=Severity.WARNING if bad else Severity.OK, fields=rows
    )


def _line(bucket: BucketStatus, result: RefreshResult | None) -> str:
    return status_lines(bucket) if result is None else result_lines(result, bucket)


def _overview(buckets: Sequence[BucketStatus], commands: Commands) -> hikari.Embed:
    if not buckets:
        return commands.card("Tables", "No plugin has a table, so there is nothing to read.", severity=Severity.WARNING)
    forms = [
        f"`{commands.prefix}ops refresh <table>` reads it again now, several if you name several",
        f"`{commands.prefix}ops refresh all` all",
    ]
    return commands.card("Tables", [*map(status_lines, buckets), "", *forms])
