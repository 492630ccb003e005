"""Messages of a channel, as hikari sends them."""

from __future__ import annotations

import hikari
import pytest

CHANNEL = 1090000000000000202


async def test_a_message_comes_back_as_it_was_sent_and_reaches_the_gateway(rest, seen):
    message = await rest.create_message(CHANNEL, "hello")
    assert message.content == "hello"
    assert message.author.username == "CoreOps"
    created = seen.last("MESSAGE_CREATE")
    assert (created.data["id"], created.data["guild_id"]) == (str(message.id), "1090000000000000100")
    assert created.intent == hikari.Intents.GUILD_MESSAGES
    assert created.data["member"]["roles"] == ["1090000000000000304"]


async def test_an_embed_survives_the_round_trip(rest):
    embed = hikari.Embed(title="Health", description="all *well*", color=0x3BA55C, url="https://example.org/")
    embed.set_author(name="Ops", url="https://example.org/ops").set_footer("ref 42")
    embed.set_image("https://example.org/a.png").set_thumbnail("https://example.org/b.png")
    embed.add_field("Latency", "12 ms", inline=True).add_field("Plugins", "3")
    message = await rest.create_message(CHANNEL, embed=embed)
    received = message.embeds[0]
    assert (received.title, received.description, received.color) == ("Health", "all *well*", 0x3BA55C)
    assert (received.author.name, received.footer.text) == ("Ops", "ref 42")
    assert [(one.name, one.value, one.is_inline) for one in received.fields] == [
        ("Latency", "12 ms", True),
        ("Plugins", "3", False),
    ]
    assert received.image.url == "https://example.org/a.png"
    assert (await rest.fetch_message(CHANNEL, message)).embeds[0] == received


async def test_components_get_ids_and_come_back(rest):
    row = hikari.impl.MessageActionRowBuilder()
    row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "yes", label="Yes")
    row.add_link_button("https://example.org", label="Docs")
    message = await rest.create_message(CHANNEL, "sure?", component=row)
    buttons = message.components[0].components
    assert [one.custom_id for one in buttons] == ["yes", None]
    assert len({one.id for one in [message.components[0], *buttons]}) == 3


async def test_layout_components_are_served(rest):
    container = hikari.impl.ContainerComponentBuilder(accent_color=0x5865F2)
    container.add_text_display("# Report").add_separator(divider=True)
    message = await rest.create_message(CHANNEL, component=container)
    assert message.components[0].components[0].content == "# Report"
    assert message.flags & hikari.MessageFlag.IS_COMPONENTS_V2


async def test_an_attachment_can_be_downloaded_from_its_url(rest, http):
    message = await rest.create_message(CHANNEL, attachment=hikari.Bytes(b"a,b\n1,2\n", "table.csv"))
    attachment = message.attachments[0]
    assert (attachment.filename, attachment.size) == ("table.csv", 8)
    async with http.session.get(attachment.url) as response:
        assert await response.read() == b"a,b\n1,2\n"
        assert response.headers["Content-Disposition"].startswith("attachment")


async def test_an_image_shown_by_an_embed_is_not_listed_as_an_attachment(rest, http):
    embed = hikari.Embed(title="Chart").set_image(hikari.Bytes(b"\x89PNG fake", "chart.png"))
    message = await rest.create_message(CHANNEL, embed=embed)
    assert message.attachments == []
    async with http.session.get(message.embeds[0].image.url) as response:
        assert await response.read() == b"\x89PNG fake"


async def test_an_edit_changes_content_and_sets_the_time(rest, seen, clock):
    message = await rest.create_message(CHANNEL, "one", embed=hikari.Embed(title="kept"))
    clock.advance(5)
    edited = await rest.edit_message(CHANNEL, message, "two")
    assert (edited.content, edited.embeds[0].title) == ("two", "kept")
    assert edited.edited_timestamp.timestamp() == pytest.approx(clock.now)
    assert seen.last("MESSAGE_UPDATE").data["content"] == "two"


async def test_an_edit_appends_files_and_keeps_only_the_attachments_it_names(rest):
    message = await rest.create_message(CHANNEL, attachment=hikari.Bytes(b"1", "one.txt"))
    both = await rest.edit_message(
        CHANNEL, message, attachments=[message.attachments[0], hikari.Bytes(b"2", "two.txt")]
    )
    assert [one.filename for one in both.attachments] == ["one.txt", "two.txt"]
    none = await rest.edit_message(CHANNEL, message, "text", attachments=None)
    assert none.attachments == []


async def test_a_deleted_message_is_gone(rest, seen):
    message = await rest.create_message(CHANNEL, "short-lived")
    await rest.delete_message(CHANNEL, message)
    assert seen.last("MESSAGE_DELETE").data["id"] == str(message.id)
    with pytest.raises(hikari.NotFoundError) as raised:
        await rest.fetch_message(CHANNEL, message)
    assert raised.value.code == 10008


async def test_a_reply_shows_what_it_answers_and_mentions_its_author_only_if_asked(rest, people):
    asked = people.say("user", "ops", "anyone?")
    quiet = await rest.create_message(CHANNEL, "yes", reply=int(asked.id))
    assert quiet.type is hikari.MessageType.REPLY
    assert quiet.referenced_message.content == "anyone?"
    assert quiet.user_mentions == {}
    loud = await rest.create_message(CHANNEL, "yes", reply=int(asked.id), mentions_reply=True)
    assert [one.username for one in loud.user_mentions.values()] == ["user"]


async def test_history_is_newest_first_and_pages_by_before_after_and_around(rest, http):
    sent = [str((await rest.create_message(CHANNEL, str(number))).id) for number in range(5)]

    async def page(query):
        answer = await http("GET", f"/channels/{CHANNEL}/messages?{query}")
        return [sent.index(one["id"]) for one in answer.body]

    assert await page("limit=2") == [4, 3]
    assert await page(f"limit=2&before={sent[3]}") == [2, 1]
    assert await page(f"limit=2&after={sent[1]}") == [3, 2]
    assert await page(f"limit=3&around={sent[2]}") == [3, 2, 1]
    assert [int(one.content) async for one in rest.fetch_messages(CHANNEL)] == [4, 3, 2, 1, 0]


async def test_bulk_delete_removes_many_in_one_event(rest, seen):
    sent = [await rest.create_message(CHANNEL, str(number)) for number in range(3)]
    await rest.delete_messages(CHANNEL, sent)
    assert seen.last("MESSAGE_DELETE_BULK").data["ids"] == [str(one.id) for one in sent]


async def test_bulk_delete_refuses_one_message_duplicates_and_old_ones(http, rest, clock):
    first = str((await rest.create_message(CHANNEL, "old")).id)
    second = str((await rest.create_message(CHANNEL, "old too")).id)
    path = f"/channels/{CHANNEL}/messages/bulk-delete"
    assert (await http("POST", path, {"messages": [first]})).code == 50016
    assert (await http("POST", path, {"messages": [first, first]})).code == 50016
    clock.advance(15 * 86_400)
    assert (await http("POST", path, {"messages": [first, second]})).code == 50034


async def test_the_same_enforced_nonce_gives_back_the_same_message(rest, clock):
    first = await rest.create_message(CHANNEL, "once", nonce="n1")
    again = await rest.create_message(CHANNEL, "once", nonce="n1")
    assert again.id == first.id
    clock.advance(600)
    assert (await rest.create_message(CHANNEL, "once", nonce="n1")).id != first.id


async def test_mentions_count_only_where_allowed(rest, ids):
    text = f"<@{ids.user}> <@&{ids.lead_role}> @everyone `<@{ids.staff}>`"
    none = await rest.create_message(CHANNEL, text)
    assert (none.user_mentions_ids, none.role_mention_ids, none.mentions_everyone) == ([], [], False)
    every = await rest.create_message(CHANNEL, text, user_mentions=True, role_mentions=True, mentions_everyone=True)
    assert every.user_mentions_ids == [int(ids.user)]
    assert every.role_mention_ids == [int(ids.lead_role)]
    assert every.mentions_everyone


async def test_a_direct_message_goes_through_a_channel_opened_for_it(rest, seen, ids):
    channel = await rest.create_dm_channel(int(ids.user))
    assert channel.recipient.username == "user"
    assert (await rest.create_dm_channel(int(ids.user))).id == channel.id
    await rest.create_message(channel, "psst")
    assert seen.last("MESSAGE_CREATE").intent == hikari.Intents.DM_MESSAGES
    assert "guild_id" not in seen.last("MESSAGE_CREATE").data


async def test_typing_is_announced(rest, seen):
    await rest.trigger_typing(CHANNEL)
    assert seen.last("TYPING_START").intent == hikari.Intents.GUILD_MESSAGE_TYPING


async def test_someone_elses_message_can_be_hidden_embeds_but_not_edited(rest, http, people):
    message = people.say("user", "ops", "mine")
    path = f"/channels/{CHANNEL}/messages/{message.id}"
    assert (await http("PATCH", path, {"content": "yours"})).code == 50005
    assert (await http("PATCH", path, {"flags": 4})).body["flags"] == 4
