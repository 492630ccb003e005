"""What the bot may not do, and how Discord says so."""

from __future__ import annotations

from datetime import UTC, datetime

import hikari
import pytest

from coreops_sandbox.world.channels import Overwrite
from coreops_sandbox.world.permissions import Permission

OPS = "/channels/1090000000000000202"
GUILD = "/guilds/1090000000000000100"
NOW = 1_800_000_000.0
TEXT = {"content": "x"}
RECENT = [str(hikari.Snowflake.from_datetime(datetime.fromtimestamp(NOW + n, UTC))) for n in range(2)]

NEEDED = {
    "sending": (Permission.SEND_MESSAGES, "POST", f"{OPS}/messages", TEXT),
    "embeds": (Permission.EMBED_LINKS, "POST", f"{OPS}/messages", {"embeds": [{"title": "t"}]}),
    "typing": (Permission.SEND_MESSAGES, "POST", f"{OPS}/typing", None),
    "creating channels": (Permission.MANAGE_CHANNELS, "POST", f"{GUILD}/channels", {"name": "n"}),
    "editing channels": (Permission.MANAGE_CHANNELS, "PATCH", OPS, {"topic": "t"}),
    "creating roles": (Permission.MANAGE_ROLES, "POST", f"{GUILD}/roles", {"name": "n"}),
    "overwrites": (Permission.MANAGE_ROLES, "PUT", f"{OPS}/permissions/1090000000000000301", {"type": 0}),
    "webhooks": (Permission.MANAGE_WEBHOOKS, "POST", f"{OPS}/webhooks", {"name": "n"}),
    "public threads": (Permission.CREATE_PUBLIC_THREADS, "POST", f"{OPS}/threads", {"name": "n", "type": 11}),
    "private threads": (Permission.CREATE_PRIVATE_THREADS, "POST", f"{OPS}/threads", {"name": "n"}),
    "bulk deletion": (Permission.MANAGE_MESSAGES, "POST", f"{OPS}/messages/bulk-delete", {"messages": RECENT}),
    "nicknames": (Permission.MANAGE_NICKNAMES, "PATCH", f"{GUILD}/members/1090000000000000402", {"nick": "n"}),
    "own nickname": (Permission.CHANGE_NICKNAME, "PATCH", f"{GUILD}/members/@me", {"nick": "n"}),
    "kicking": (Permission.KICK_MEMBERS, "DELETE", f"{GUILD}/members/1090000000000000402", None),
    "banning": (Permission.BAN_MEMBERS, "PUT", f"{GUILD}/bans/1090000000000000402", {}),
    "timeouts": (
        Permission.MODERATE_MEMBERS,
        "PATCH",
        f"{GUILD}/members/1090000000000000402",
        {"communication_disabled_until": None},
    ),
}


@pytest.mark.parametrize("what", NEEDED)
async def test_without_its_permission_an_action_is_50013_and_with_it_it_works(http, grant, what):
    permission, method, path, body = NEEDED[what]
    grant(remove=permission)
    refused = await http(method, path, body)
    assert (refused.status, refused.code, refused.body["message"]) == (403, 50013, "Missing Permissions")
    grant(add=permission)
    assert (await http(method, path, body)).status < 300


async def test_a_hidden_channel_is_50001_for_everything_in_it(http, world, ids):
    message = (await http("POST", f"{OPS}/messages", TEXT)).body
    world.home.channels[ids.ops].overwrites[ids.bot_role] = Overwrite(ids.bot_role, 0, deny=Permission.VIEW_CHANNEL)
    for method, path in (
        ("GET", OPS),
        ("POST", f"{OPS}/messages"),
        ("GET", f"{OPS}/messages"),
        ("DELETE", f"{OPS}/messages/{message['id']}"),
        ("GET", f"{OPS}/messages/pins"),
    ):
        answer = await http(method, path, TEXT if method == "POST" else None)
        assert (answer.status, answer.code) == (403, 50001)


async def test_what_happens_in_a_hidden_channel_stays_off_the_gateway(people, world, seen, ids):
    world.home.channels[ids.ops].overwrites[ids.bot_role] = Overwrite(ids.bot_role, 0, deny=Permission.VIEW_CHANNEL)
    people.say("user", "ops", "in private")
    assert seen.dispatches == []
    assert seen.notices[-1].data["content"] == "in private"


async def test_a_member_overwrite_outweighs_that_of_a_role(http, world, ids):
    ops = world.home.channels[ids.ops]
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=Permission.SEND_MESSAGES)
    ops.overwrites[ids.bot_role] = Overwrite(ids.bot_role, 0, deny=Permission.SEND_MESSAGES)
    assert (await http("POST", f"{OPS}/messages", TEXT)).code == 50013
    ops.overwrites[ids.bot] = Overwrite(ids.bot, 1, allow=Permission.SEND_MESSAGES)
    assert (await http("POST", f"{OPS}/messages", TEXT)).status == 200


async def test_without_history_the_list_is_empty_and_a_reply_is_160002(http, grant):
    message = (await http("POST", f"{OPS}/messages", TEXT)).body
    grant(remove=Permission.READ_MESSAGE_HISTORY)
    assert (await http("GET", f"{OPS}/messages")).body == []
    assert (await http("GET", f"{OPS}/messages/{message['id']}")).code == 50013
    reply = {**TEXT, "message_reference": {"message_id": message["id"]}}
    assert (await http("POST", f"{OPS}/messages", reply)).code == 160002


async def test_the_bot_deletes_its_own_messages_freely_and_others_with_manage_messages(http, grant, people):
    grant(remove=Permission.MANAGE_MESSAGES)
    own = (await http("POST", f"{OPS}/messages", TEXT)).body
    assert (await http("DELETE", f"{OPS}/messages/{own['id']}")).status == 204
    other = people.say("user", "ops", "mine")
    assert (await http("DELETE", f"{OPS}/messages/{other.id}")).code == 50013
    grant(add=Permission.MANAGE_MESSAGES)
    assert (await http("DELETE", f"{OPS}/messages/{other.id}")).status == 204


HIERARCHY = {
    "giving a role above": ("PUT", f"{GUILD}/members/1090000000000000402/roles/1090000000000000305", None),
    "taking a role above": ("DELETE", f"{GUILD}/members/1090000000000000406/roles/1090000000000000305", None),
    "editing a role above": ("PATCH", f"{GUILD}/roles/1090000000000000305", {"name": "n"}),
    "deleting a role above": ("DELETE", f"{GUILD}/roles/1090000000000000305", None),
    "editing its own role": ("PATCH", f"{GUILD}/roles/1090000000000000304", {"name": "n"}),
    "renaming someone above": ("PATCH", f"{GUILD}/members/1090000000000000406", {"nick": "n"}),
    "renaming the owner": ("PATCH", f"{GUILD}/members/1090000000000000401", {"nick": "n"}),
    "lifting a role above itself": ("PATCH", f"{GUILD}/roles", [{"id": "1090000000000000301", "position": 9}]),
    "a role with more than it has": ("POST", f"{GUILD}/roles", {"name": "n", "permissions": "8"}),
    "allowing what it has not": (
        "PUT",
        f"{OPS}/permissions/1090000000000000301",
        {"type": 0, "allow": str(int(Permission.BAN_MEMBERS))},
    ),
}


@pytest.mark.parametrize("what", HIERARCHY)
async def test_the_bot_reaches_only_below_its_own_role(http, what):
    method, path, body = HIERARCHY[what]
    answer = await http(method, path, body)
    assert (answer.status, answer.code) == (403, 50013)


async def test_kicking_and_banning_reach_only_below_too(http, grant, ids):
    grant(add=Permission.KICK_MEMBERS | Permission.BAN_MEMBERS)
    assert (await http("DELETE", f"{GUILD}/members/{ids.admin}")).code == 50013
    assert (await http("PUT", f"{GUILD}/bans/{ids.owner}", {})).code == 50013
    assert (await http("DELETE", f"{GUILD}/members/{ids.staff}")).status == 204


async def test_an_administrator_may_do_anything_but_outrank(http, grant, ids, world):
    ops = world.home.channels[ids.ops]
    ops.overwrites[ids.bot_role] = Overwrite(ids.bot_role, 0, deny=Permission.VIEW_CHANNEL)
    grant(add=Permission.ADMINISTRATOR)
    assert (await http("POST", f"{OPS}/messages", TEXT)).status == 200
    assert (await http("DELETE", f"{GUILD}/members/{ids.owner}")).code == 50013
