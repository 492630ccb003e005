"""Lightbulb's command sync against the API."""

from __future__ import annotations

import hikari
import lightbulb


class Ping(lightbulb.SlashCommand, name="ping", description="Answer at once"):
    loud = lightbulb.boolean("loud", "In capitals", default=False)
    times = lightbulb.integer("times", "How often", min_value=1, max_value=5, default=1)
    where = lightbulb.channel("where", "Where to", channel_types=[hikari.ChannelType.GUILD_TEXT], default=None)
    size = lightbulb.string("size", "How big", choices=lightbulb.utils.to_choices(["small", "big"]), default="small")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("pong")


class Report(lightbulb.MessageCommand, name="Report this"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("noted")


class Local(lightbulb.SlashCommand, name="local", description="For this guild"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("here")


async def sync(origin, world):
    app = hikari.GatewayBot(world.token, rest_url=f"{origin}/api/v10", banner=None, logs=None)
    client = lightbulb.client_from_app(app)
    client.register(Ping)
    client.register(Report)
    client.register(Local, guilds=[int(world.home.id)])
    app.rest.start()
    await client.start()
    await client.stop()
    await app.rest.close()


async def test_a_second_sync_of_the_same_commands_writes_nothing(origin, world, seen):
    await sync(origin, world)
    first = {one.id: one.data["version"] for one in world.application.commands.values()}
    assert len(first) == 3
    seen.notices.clear()
    await sync(origin, world)
    assert {one.id: one.data["version"] for one in world.application.commands.values()} == first
    assert [one for one in seen.notices if one.kind == "commands"] == []
