"""A plugin that contributes one of everything; copied to where it can be edited, so never imported from here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import hikari
import lightbulb
from aiohttp import web

from coreops_hookspecs import (
    BucketSpec,
    CheckResult,
    Command,
    Control,
    Cooldown,
    HealthCheck,
    HealthStatus,
    JobSpec,
    Listener,
    PluginContext,
    PluginInfo,
    Route,
    Setting,
    Texts,
    Toggle,
    access,
    hookimpl,
)
from every_kind.words import WORD


@dataclass(frozen=True)
class Clan:
    tag: str


async def suggest(ctx: lightbulb.AutocompleteContext) -> None:
    await ctx.respond([WORD])


@access.user
class Every(lightbulb.SlashCommand, name="every", description="Says a word"):
    what = lightbulb.string("what", "of what", default="", autocomplete=suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        await ctx.respond(f"{WORD} {core.config.get('EVERY_KEY')} {len(core.cache.get_snapshot('every').rows) > 0}")


@access.staff
class Mounted(lightbulb.SlashCommand, name="every", description="Under ops"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(WORD)


tools = lightbulb.Group("everytools", "Tools")


@tools.register
@access.user
class Tool(lightbulb.SlashCommand, name="tool", description="In a group"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(WORD)


async def check(ctx):
    return CheckResult(HealthStatus.OK, WORD)


async def job(ctx):
    await ctx.cache.refresh_now("every", actor="cron")


async def route(ctx, request):
    return web.Response(text=WORD)


async def heard(ctx, event):
    ctx.log.debug("heard")


async def loop(ctx):
    while True:
        await asyncio.sleep(0.001)


@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)


@hookimpl
def coreops_settings():
    return [Setting("EVERY_KEY", default="key")]


@hookimpl
def coreops_feature_toggles():
    return [Toggle("every")]


@hookimpl
def coreops_cache_buckets():
    return [BucketSpec("every", "RECRUITMENT_SHEET_ID", "every", Clan, "tag")]


@hookimpl
def coreops_commands():
    return [
        Command(Every, rest="what", cooldown=Cooldown(1000, timedelta(minutes=1))),
        Command(Mounted, mount="ops"),
        Command(tools),
    ]


async def pressed(ctx, press):
    await press.update(WORD)


@hookimpl
def coreops_controls():
    return [Control("every", pressed)]


@hookimpl
def coreops_texts():
    return [Texts("de", {"Says a word": "Sagt ein Wort"})]


@hookimpl
def coreops_listeners():
    return [Listener(hikari.GuildMessageCreateEvent, heard)]


@hookimpl
def coreops_jobs():
    return [JobSpec("every.job", job, every=timedelta(hours=1)), JobSpec("every.cron", job, cron="0 0 1 1 *")]


@hookimpl
def coreops_health_checks():
    return [HealthCheck("well", check)]


@hookimpl
def coreops_http_routes():
    return [Route("GET", "word", route)]


@hookimpl
def coreops_authorize(request):
    return None


@hookimpl
async def coreops_startup(ctx):
    ctx.tasks.start(loop(ctx), name="loop")
    assert ctx.http.session is not None
    await ctx.state.set("word", WORD)


@hookimpl
async def coreops_telemetry(ctx, event):
    pass


@hookimpl
async def coreops_refreshed(ctx, result):
    pass


@hookimpl
async def coreops_shutdown(ctx, reason):
    await ctx.state.set("word", reason)
