"""What the bot lacks is explained: which permission, where, and who can grant it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hikari
import lightbulb

from coreops.commands.missing import explain
from coreops_hookspecs import access
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.seed import SEED


def command(body: Any) -> type[lightbulb.SlashCommand]:
    @access.user
    class Made(lightbulb.SlashCommand, name="do", description="Do something"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await body(ctx)

    return Made


def test_permissions_are_named_as_in_discords_settings() -> None:
    text = explain(hikari.Permissions.SEND_MESSAGES | hikari.Permissions.EMBED_LINKS, 42)
    assert text.startswith("I lack Embed Links, Send Messages in <#42>. The server's owner")


async def test_who_asks_where_nothing_can_be_said_is_told_in_private(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond("unheard")

    bench.deny(SEED.ops, Permission.SEND_MESSAGES)
    await bench.start(command(body))
    exchange = await bench.brief.say("!do")
    told = [message.content for channel in private(bench) for message in channel.messages.values()]
    assert not [reply for reply in exchange.replies if reply.channel == "ops"]
    assert told
    assert told[0].startswith(f"⚠️ I may not answer you. I lack Send Messages in <#{SEED.ops}>.")


def private(bench: Any) -> list[Any]:
    return list(bench.sandbox.world.dms.values())


async def test_what_discord_forbids_a_handler_is_explained_and_no_fault(bench: Any) -> None:
    theirs = SimpleNamespace(message=0)

    async def body(ctx: lightbulb.Context) -> None:
        if not theirs.message:
            await ctx.respond("nothing yet")
            return
        await ctx.interaction.app.rest.delete_message(int(SEED.ops), theirs.message)

    bench.deny(SEED.ops, Permission.MANAGE_MESSAGES)
    await bench.start(command(body))
    await bench.chat.say("!do", channel="ops")
    theirs.message = next(int(one["id"]) for one in await bench.chat.messages() if not one["author"].get("bot"))
    for exchange in (await bench.chat.say("!do"), await bench.chat.slash("do")):
        assert "Discord did not let me do that. I lack" in exchange.text
        assert "Manage Messages" in exchange.text
        assert f"<#{SEED.ops}>" in exchange.text
    assert not bench.faults
