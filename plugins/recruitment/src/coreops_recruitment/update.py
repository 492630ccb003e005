"""The recruiters' report in Discord: composed on demand, and posted once a day by a job."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import hikari

from coreops_hookspecs import CardField, PluginContext
from coreops_hookspecs.errors import ConfigError, UpstreamError
from coreops_recruitment.chart import draw
from coreops_recruitment.clans import Clan, read
from coreops_recruitment.report import Baseline, Totals, changes, totals
from coreops_recruitment.templates import filled

__all__ = ["compose", "post_daily"]

BASELINE: Final = "report.baseline.{}"
"""Keys of the baselines in the plugin's state: that of the latest report, and that of the day before it."""


async def compose(ctx: PluginContext) -> dict[str, Any]:
    """Return the report of the clan list as it is now, to be sent.

    Raises:
        BucketColdError: the clan list was never read.
    """
    rows, say = read(ctx.cache).rows, ctx.commands.say
    summary = totals(rows)
    picture = await asyncio.to_thread(draw, summary.by_bracket, say("open spots by clan level"))
    card = ctx.commands.card(say("Recruiters' report"), _text(ctx, summary), fields=await _fields(ctx, summary, rows))
    card.set_image(hikari.Bytes(picture, "open-spots.png", mimetype="image/png"))
    return {"embed": card}


async def post_daily(ctx: PluginContext) -> None:
    """Post the report into the recruiters' channel and remember the list for tomorrow's.

    Raises:
        ConfigError: no channel is configured.
        UpstreamError: Discord did not take the message.
    """
    if not ctx.toggles.enabled("recruitment_report"):
        ctx.log.info("the recruiters' report is switched off", toggle="recruitment_report")
        return
    channel = ctx.config.get("RECRUITERS_CHANNEL_ID")
    if not channel:
        msg = "RECRUITERS_CHANNEL_ID names no channel for the recruiters' report: set it in the Config worksheet"
        raise ConfigError(msg)
    report = await compose(ctx)
    try:
        await ctx.discord.rest.create_message(channel, mentions_everyone=False, **report)
    except hikari.HikariError as error:
        msg = f"the recruiters' report could not be sent to channel {channel}: {error}"
        raise UpstreamError(msg) from error
    await _remember(ctx)
    ctx.telemetry.note("recruitment.report", channel=str(channel), clans=len(read(ctx.cache).rows))


def _text(ctx: PluginContext, summary: Totals) -> list[str]:
    values = {"clans": summary.clans, "open_spots": summary.open_spots, "full": summary.full}
    intro = filled(ctx.cache, "report", values)
    numbers = ctx.commands.say("**{open_spots}** open spots in **{clans}** clans; {full} are full", **values)
    return [*([intro] if intro else []), numbers, *ctx.cache.status("clans").age_note(say=ctx.commands.say)]


async def _fields(ctx: PluginContext, summary: Totals, rows: tuple[Clan, ...]) -> list[CardField]:
    say = ctx.commands.say
    spots = [say("level {range}: **{count}**", range=each, count=n) for each, n in summary.by_bracket.items()]
    fields = [CardField(say("Open spots"), spots, inline=True)]
    before = await _before(ctx)
    if before is None:
        return [*fields, CardField(say("Changes"), say("There is no earlier report to compare with."), inline=True)]
    told = changes(before, rows)
    return [*fields, CardField(told.title(_today(ctx), say), told.lines(say) or [say("none")], inline=True)]


def _today(ctx: PluginContext) -> date:
    try:
        zone = ZoneInfo(ctx.config.get("REPORT_TIMEZONE"))
    except (KeyError, ValueError):  # the runtime has told of it, and keeps the job's own zone too
        zone = ZoneInfo("UTC")
    return ctx.now().astimezone(zone).date()


async def _before(ctx: PluginContext) -> Baseline | None:
    """Return the newest baseline of a day before today."""
    for which in ("latest", "earlier"):
        text = await ctx.state.get(BASELINE.format(which))
        found = Baseline.decode(text) if text else None
        if found is not None and found.day < _today(ctx):
            return found
    return None


async def _remember(ctx: PluginContext) -> None:
    """Keep today's list, and the one before it: a later report of the same day compares with yesterday too."""
    latest = await ctx.state.get(BASELINE.format("latest"))
    found = Baseline.decode(latest) if latest else None
    today = _today(ctx)
    if latest and found is not None and found.day < today:
        await ctx.state.set(BASELINE.format("earlier"), latest)
    await ctx.state.set(BASELINE.format("latest"), Baseline.of(today, read(ctx.cache).rows).encode())
