"""Webhooks of a channel."""

from __future__ import annotations

import hikari
import pytest

GUILD = 1090000000000000100
OPS = 1090000000000000202


@pytest.fixture
async def webhook(rest):
    return await rest.create_webhook(OPS, "Reporter")


async def test_a_webhook_speaks_under_its_name_or_another(rest, webhook, seen):
    message = await webhook.execute("hello")
    assert (message.author.username, message.webhook_id) == ("Reporter", webhook.id)
    other = await webhook.execute("hello", username="Somebody")
    assert other.author.username == "Somebody"
    assert "member" not in seen.last("MESSAGE_CREATE").data


async def test_a_webhook_edits_and_deletes_its_own_messages(rest, http, webhook):
    message = await webhook.execute("one")
    assert (await webhook.edit_message(message, "two")).content == "two"
    assert (await webhook.fetch_message(message)).content == "two"
    await webhook.delete_message(message)
    with pytest.raises(hikari.NotFoundError) as raised:
        await webhook.fetch_message(message)
    assert raised.value.code == 10008
    foreign = await rest.create_message(OPS, "not yours")
    path = f"/webhooks/{webhook.id}/{webhook.token}/messages/{foreign.id}"
    assert (await http("PATCH", path, {"content": "x"})).code == 10008


async def test_webhooks_are_listed_renamed_moved_and_deleted(rest, http, webhook, ids, seen):
    assert [one.id for one in await rest.fetch_channel_webhooks(OPS)] == [webhook.id]
    assert [one.id for one in await rest.fetch_guild_webhooks(GUILD)] == [webhook.id]
    assert (await rest.edit_webhook(webhook, name="Herald")).name == "Herald"
    # hikari 2.6 calls the field `channel`, which Discord does not know.
    moved = (await http("PATCH", f"/webhooks/{webhook.id}", {"channel_id": ids.log})).body
    assert (moved["name"], moved["channel_id"]) == ("Herald", ids.log)
    await rest.delete_webhook(webhook)
    assert (await http("GET", f"/webhooks/{webhook.id}")).code == 10015
    assert seen.names().count("WEBHOOKS_UPDATE") == 3


async def test_the_token_serves_without_authorization_and_hides_the_creator(http, webhook):
    path = f"/webhooks/{webhook.id}/{webhook.token}"
    shown = await http("GET", path, headers={"Authorization": ""})
    assert (shown.status, "user" in shown.body) == (200, False)
    sent = await http("POST", path, {"content": "x"}, headers={"Authorization": ""})
    assert sent.status == 204
    assert (await http("DELETE", path, headers={"Authorization": ""})).status == 204


async def test_a_wrong_token_is_50027(http, webhook):
    assert (await http("POST", f"/webhooks/{webhook.id}/wrong", {"content": "x"})).code == 50027


@pytest.mark.parametrize("name", ["", "n" * 81, "My Discord hook", "clyde"])
async def test_names_that_discord_keeps_for_itself_are_refused(http, name):
    answer = await http("POST", f"/channels/{OPS}/webhooks", {"name": name})
    assert (answer.code, "name" in answer.body["errors"]) == (50035, True)


async def test_a_channel_has_fifteen_webhooks_at_most(http):
    for number in range(15):
        assert (await http("POST", f"/channels/{OPS}/webhooks", {"name": f"n{number}"})).status == 200
    assert (await http("POST", f"/channels/{OPS}/webhooks", {"name": "one more"})).code == 30007


async def test_a_webhook_writes_into_a_thread_of_its_channel_only(rest, http, webhook, ids):
    thread = await rest.create_thread(OPS, hikari.ChannelType.GUILD_PUBLIC_THREAD, "t")
    message = await rest.execute_webhook(webhook, webhook.token, "in the thread", thread=thread)
    assert message.channel_id == thread.id
    path = f"/webhooks/{webhook.id}/{webhook.token}?thread_id={ids.log}"
    assert (await http("POST", path, {"content": "x"})).code == 10003
