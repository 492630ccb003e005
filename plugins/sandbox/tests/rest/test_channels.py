"""Channels of the guild."""

from __future__ import annotations

import hikari
import pytest

GUILD = 1090000000000000100
OPS = 1090000000000000202


async def test_the_channels_are_listed_in_order(rest):
    channels = await rest.fetch_guild_channels(GUILD)
    assert [one.name for one in channels] == ["general", "ops", "log", "recruiters", "tickets"]


async def test_a_channel_is_created_edited_and_deleted_with_its_events(rest, seen):
    category = await rest.create_guild_category(GUILD, "Clans")
    channel = await rest.create_guild_text_channel(GUILD, "Ember Vanguard", topic="t", category=category)
    assert (channel.name, channel.topic, channel.parent_id) == ("ember-vanguard", "t", category.id)
    edited = await rest.edit_channel(channel, name="embers", topic="new", rate_limit_per_user=5, nsfw=True)
    assert (edited.name, edited.topic, edited.is_nsfw) == ("embers", "new", True)
    await rest.delete_channel(channel)
    with pytest.raises(hikari.NotFoundError) as raised:
        await rest.fetch_channel(channel)
    assert raised.value.code == 10003
    changes = [name for name in seen.names() if name.startswith("CHANNEL_")]
    assert changes == ["CHANNEL_CREATE", "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"]


async def test_channels_of_a_deleted_category_stay_without_parent(rest):
    category = await rest.create_guild_category(GUILD, "Clans")
    channel = await rest.create_guild_text_channel(GUILD, "embers", category=category)
    await rest.delete_channel(category)
    assert (await rest.fetch_channel(channel)).parent_id is None


async def test_a_voice_channel_can_be_read_by_hikari(rest):
    channel = await rest.create_guild_voice_channel(GUILD, "War Room", user_limit=5, bitrate=64000)
    assert (channel.name, channel.user_limit) == ("War Room", 5)


async def test_an_overwrite_is_set_and_removed(rest, ids):
    role = int(ids.recruiter_role)
    kind = hikari.PermissionOverwriteType.ROLE
    deny = hikari.Permissions.SEND_MESSAGES
    await rest.edit_permission_overwrite(OPS, role, target_type=kind, deny=deny)
    assert (await rest.fetch_channel(OPS)).permission_overwrites[role].deny == deny
    await rest.delete_permission_overwrite(OPS, role)
    assert (await rest.fetch_channel(OPS)).permission_overwrites == {}
    with pytest.raises(hikari.NotFoundError) as raised:
        await rest.delete_permission_overwrite(OPS, role)
    assert raised.value.code == 10009


BAD = {
    "name of 101": ({"name": "n" * 101}, "name", "BASE_TYPE_BAD_LENGTH"),
    "topic of 1025": ({"topic": "t" * 1025}, "topic", "BASE_TYPE_MAX_LENGTH"),
    "slow mode of seven hours": ({"rate_limit_per_user": 25_200}, "rate_limit_per_user", "NUMBER_TYPE_MAX"),
    "a parent that is no category": ({"parent_id": str(OPS)}, "parent_id", "CHANNEL_PARENT_INVALID_TYPE"),
    "nsfw in words": ({"nsfw": "yes"}, "nsfw", "BOOLEAN_TYPE_CONVERT"),
}


@pytest.mark.parametrize("what", BAD)
async def test_settings_out_of_range_are_refused(http, what):
    body, field, code = BAD[what]
    assert (await http("PATCH", f"/channels/{OPS}", body)).error_at(field) == [code]


async def test_nothing_is_changed_by_a_refused_edit(http):
    await http("PATCH", f"/channels/{OPS}", {"topic": "new", "nsfw": "yes"})
    assert (await http("GET", f"/channels/{OPS}")).body["topic"] == "Commands for operators"


async def test_ids_that_are_none_are_an_invalid_form(http):
    answer = await http("GET", "/channels/general")
    assert answer.error_at("channel_id") == ["NUMBER_TYPE_COERCE"]


async def test_text_goes_into_no_category(rest):
    category = await rest.create_guild_category(GUILD, "Clans")
    with pytest.raises(hikari.BadRequestError) as raised:
        await rest.create_message(category.id, "x")
    assert raised.value.code == 50008


async def test_a_deleted_channel_takes_its_threads_and_webhooks_along(rest, http):
    channel = await rest.create_guild_text_channel(GUILD, "brief")
    thread = await rest.create_thread(channel, hikari.ChannelType.GUILD_PUBLIC_THREAD, "t")
    webhook = await rest.create_webhook(channel, "w")
    await rest.delete_channel(channel)
    assert (await http("GET", f"/channels/{thread.id}")).code == 10003
    assert (await http("GET", f"/webhooks/{webhook.id}")).code == 10015


async def test_a_closed_direct_message_keeps_its_history(rest, http, ids):
    channel = await rest.create_dm_channel(int(ids.user))
    await rest.create_message(channel, "kept")
    await rest.delete_channel(channel)
    again = await rest.create_dm_channel(int(ids.user))
    assert [one.content async for one in rest.fetch_messages(again)] == ["kept"]
    assert (await http("POST", "/users/@me/channels", {"recipient_id": "5"})).code == 50033
