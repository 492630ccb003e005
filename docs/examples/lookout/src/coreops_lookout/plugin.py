"""Keeps watch: hears of all that the runtime goes through, and has a say in who may run commands."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence

import lightbulb
from aiohttp import web

from coreops_hookspecs import (
    AccessRequest,
    Command,
    ConfigDiff,
    Denial,
    PluginContext,
    PluginInfo,
    RefreshResult,
    Route,
    Setting,
    Tier,
    access,
    hookimpl,
)
from coreops_hookspecs.telemetry import WatchdogSignal


class Watch:
    """What one runtime went through, newest last. It lives in the module, so a reload begins a new one."""

    def __init__(self) -> None:
        self.seen: deque[str] = deque(maxlen=100)
        self.events = 0
        self.closed = ""


WATCH = Watch()


@access.user
class Lookout(lightbulb.SlashCommand, name="lookout", description="Tells what hour the watch ends"):
    """Answers with the hour; a text that is none is answered by `coreops_command_error`."""

    hour = lightbulb.string("hour", "the hour, 0 to 23")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        """Raise ValueError for what is no number: the hook below says what is wanted."""
        await ctx.respond(f"The watch ends at {int(self.hour):02}:00.")


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__, name="lookout", version="1.0")


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare who is let in while the watch is closed."""
    return [Setting("LOOKOUT_CLOSED", default="", help="A reason; while there is one, staff alone may run commands")]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Contribute the command."""
    return [Command(Lookout, examples=("6",))]


@hookimpl
def coreops_http_routes() -> Sequence[Route]:
    """Serve the watch as JSON under ``/p/lookout/watch``."""
    return [Route("GET", "watch", _watch)]


async def _watch(ctx: PluginContext, _: web.Request) -> web.Response:
    starts = int(await ctx.state.get("starts") or 0)
    return web.json_response({"starts": starts, "seen": list(WATCH.seen), "events": WATCH.events})


@hookimpl
async def coreops_startup(ctx: PluginContext) -> None:
    """Count the starts over restarts, and read who is let in."""
    await ctx.state.set("starts", str(int(await ctx.state.get("starts") or 0) + 1))
    WATCH.closed = str(ctx.config.get("LOOKOUT_CLOSED"))
    WATCH.seen.append("startup")


@hookimpl
async def coreops_ready() -> None:
    """Note that Discord is there; a hook asks for those of its arguments that it uses."""
    WATCH.seen.append("ready")


@hookimpl
async def coreops_reloaded(ctx: PluginContext, diff: ConfigDiff) -> None:
    """Read the setting again, and note what else was changed."""
    WATCH.closed = str(ctx.config.get("LOOKOUT_CLOSED"))
    WATCH.seen.append(" ".join(["reloaded", *diff.added, *diff.changed, *diff.removed]))


@hookimpl
async def coreops_toggle_changed(name: str, enabled: bool) -> None:
    """Note which feature was switched."""
    WATCH.seen.append(f"{name} {'on' if enabled else 'off'}")


@hookimpl
async def coreops_refreshed(result: RefreshResult) -> None:
    """Note a bucket that could not be read."""
    if result.error:
        WATCH.seen.append(f"{result.bucket} not read")


@hookimpl
async def coreops_watchdog(event: WatchdogSignal) -> None:
    """Note what the watchdog saw."""
    WATCH.seen.append(f"watchdog: {event.signal}")


@hookimpl
async def coreops_telemetry() -> None:
    """Count what passes over the bus."""
    WATCH.events += 1


@hookimpl
def coreops_authorize(request: AccessRequest) -> Denial | None:
    """Turn everybody below staff away while the watch is closed; nobody is let in who would not be otherwise."""
    if not WATCH.closed or request.tier >= Tier.STAFF:
        return None
    return Denial(f"Closed: {WATCH.closed}.", "Try again in the morning.")


@hookimpl
async def coreops_command_error(command: lightbulb.Context, error: BaseException) -> bool | None:
    """Answer what is no number; every other error is left to the runtime."""
    if not isinstance(error, ValueError):
        return None
    await command.respond("An hour is a number from 0 to 23.", ephemeral=True)
    return True


@hookimpl
async def coreops_shutdown(ctx: PluginContext, reason: str) -> None:
    """Keep the last words for whoever reads the state later."""
    await ctx.state.set("last", json.dumps([*WATCH.seen, reason]))
