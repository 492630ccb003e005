"""Discord's list of commands follows the tree, and nothing is sent when nothing changed."""

from __future__ import annotations

from typing import Any

import hikari
import lightbulb

from coreops.commands.sync import CommandSync
from coreops.commands.tree import CommandTree
from coreops_hookspecs import AccessRule, Command, Tier
from coreops_sandbox.world.seed import SEED
from coreops_shared.texts import Catalogue


def command(name: str, description: str = "Do something", **data: Any) -> type[lightbulb.SlashCommand]:
    class Made(lightbulb.SlashCommand, name=name, description=description, **data):
        word = lightbulb.string("word", "A word", default="", choices=[lightbulb.Choice("a", "1")])
        number = lightbulb.integer("number", "A number", default=1, min_value=1, max_value=5)

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("ok")

    return Made


STAFF = AccessRule(Tier.STAFF)
USER = AccessRule(Tier.USER)


async def listed(bench: Any, guild: int | None) -> dict[str, hikari.PartialCommand]:
    where = hikari.UNDEFINED if guild is None else guild
    found = await bench.gateway.rest.fetch_application_commands(int(SEED.application), guild=where)
    return {one.name: one for one in found}


def syncer(bench: Any, *commands: Command, **more: Any) -> CommandSync:
    tree = CommandTree()
    for each in commands:
        tree.add("demo", each)
    return CommandSync(bench.gateway.rest, tree, bench.log, Catalogue(), **more)


async def test_a_second_sync_sends_nothing(bench: Any) -> None:
    await bench.start(Command(command("one"), access=USER), Command(command("two"), access=STAFF))
    again = await bench.room.sync()
    assert not again.changed
    assert again.unchanged == ("one", "two")


async def test_changes_are_found_and_sent(bench: Any) -> None:
    await bench.start()
    guild = int(SEED.guild)
    application = int(SEED.application)
    first = await syncer(bench, Command(command("one"), access=USER), Command(command("two"), access=USER)).sync(
        application, [guild], everywhere=False
    )
    assert first.created == ("one", "two")
    second = await syncer(bench, Command(command("one", "Other words"), access=USER)).sync(
        application, [guild], everywhere=False
    )
    assert (second.updated, second.deleted) == (("one",), ("two",))
    assert (await listed(bench, guild))["one"].description == "Other words"


async def test_a_change_of_permissions_alone_is_seen(bench: Any) -> None:
    await bench.start()
    guild, application = int(SEED.guild), int(SEED.application)
    plain = Command(command("one"), access=USER)
    limited = Command(command("one", default_member_permissions=hikari.Permissions.MANAGE_GUILD), access=USER)
    await syncer(bench, plain).sync(application, [guild], everywhere=False)
    changed = await syncer(bench, limited).sync(application, [guild], everywhere=False)
    assert changed.updated == ("one",)
    assert (await listed(bench, guild))["one"].default_member_permissions == hikari.Permissions.MANAGE_GUILD
    assert not (await syncer(bench, limited).sync(application, [guild], everywhere=False)).changed


async def test_moving_from_guild_to_global_leaves_no_double(bench: Any) -> None:
    await bench.start()
    guild, application = int(SEED.guild), int(SEED.application)
    made = syncer(bench, Command(command("one"), access=USER))
    await made.sync(application, [guild], everywhere=False)
    await made.sync(application, [guild], everywhere=True)
    assert list(await listed(bench, None)) == ["one"]
    assert await listed(bench, guild) == {}
    assert not (await made.sync(application, [guild], everywhere=True)).changed


async def test_global_commands_show_in_direct_messages_only_where_declared(bench: Any) -> None:
    await bench.start()
    made = syncer(
        bench, Command(command("one"), access=USER), Command(command("two"), access=AccessRule(Tier.USER, dm=True))
    )
    await made.sync(int(SEED.application), [], everywhere=True)
    found = await listed(bench, None)
    assert hikari.ApplicationContextType.BOT_DM not in found["one"].context_types
    assert hikari.ApplicationContextType.BOT_DM in found["two"].context_types


async def test_staff_commands_stay_visible_unless_a_permission_is_asked_for(bench: Any) -> None:
    await bench.start()
    guild, application = int(SEED.guild), int(SEED.application)
    declared = Command(command("team"), access=STAFF), Command(command("all"), access=USER)
    await syncer(bench, *declared).sync(application, [guild], everywhere=False)
    assert (await listed(bench, guild))["team"].default_member_permissions == hikari.Permissions.NONE
    wanted = hikari.Permissions.MANAGE_MESSAGES
    await syncer(bench, *declared, staff_permissions=wanted).sync(application, [guild], everywhere=False)
    found = await listed(bench, guild)
    assert found["team"].default_member_permissions == wanted
    assert found["all"].default_member_permissions == hikari.Permissions.NONE


async def test_a_command_added_later_runs_at_once_and_is_listed_after_a_sync(bench: Any) -> None:
    await bench.start(Command(command("one"), access=USER))
    remove = bench.room.tree.add("demo", Command(command("two"), access=USER))
    assert (await bench.chat.say("!two")).text == "ok"
    assert (await bench.room.sync()).created == ("two",)
    assert (await bench.chat.slash("two")).text == "ok"
    remove()
    assert (await bench.room.sync()).deleted == ("two",)


async def test_a_server_that_the_bot_is_not_in_is_told_and_passed_over(bench: Any) -> None:
    await bench.start()
    one = syncer(bench, Command(command("one"), access=USER))
    done = await one.sync(int(SEED.application), [1090000000000000999, int(SEED.guild)], everywhere=False)
    assert done.created == ("one",)
    ((level, text, fields),) = [line for line in bench.log.lines if "cannot be listed" in line[1]]
    assert (level, fields["guild"]) == ("warning", 1090000000000000999)
    assert "GUILD_IDS" in text
