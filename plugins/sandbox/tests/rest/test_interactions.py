"""The life of an interaction: first response, deferral, follow-ups, and what comes too late or twice."""

from __future__ import annotations

import hikari
import pytest
from hikari.impl import ModalActionRowBuilder

from coreops_sandbox.world.interactions import FAILED, NO_RESPONSE

APP = 1090000000000000001
MESSAGE, DEFER = hikari.ResponseType.MESSAGE_CREATE, hikari.ResponseType.DEFERRED_MESSAGE_CREATE
UPDATE, DEFER_UPDATE = hikari.ResponseType.MESSAGE_UPDATE, hikari.ResponseType.DEFERRED_MESSAGE_UPDATE


@pytest.fixture
async def health(http) -> None:
    """The command `/ops health`, and `/clan tag` with autocomplete."""
    tag = {"type": 3, "name": "tag", "description": "d", "autocomplete": True}
    level = {"type": 4, "name": "level", "description": "d", "autocomplete": True}
    commands = [
        {"name": "ops", "description": "d", "options": [{"type": 1, "name": "health", "description": "d"}]},
        {"name": "clan", "description": "d", "options": [tag, level]},
    ]
    assert (await http("PUT", f"/applications/{APP}/commands", commands)).status == 200


@pytest.fixture
def asked(health, people):
    """`/ops health`, just run by admin in #ops."""
    return people.slash("admin", "ops", "ops health")


@pytest.fixture
async def pressed(rest, people, seen):
    """A press of the one button of a message of the bot."""
    row = hikari.impl.MessageActionRowBuilder()
    row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "more", label="More")
    message = await rest.create_message(1090000000000000202, "page 1", component=row)
    return people.press("admin", str(message.id), "more")


async def callback(http, interaction, kind, data=None, query=""):
    body = {"type": kind} if data is None else {"type": kind, "data": data}
    return await http("POST", f"/interactions/{interaction.id}/{interaction.token}/callback{query}", body)


def hook(interaction, tail=""):
    return f"/webhooks/{APP}/{interaction.token}{tail}"


async def test_hikari_reads_the_interaction_that_the_gateway_gets(rest, seen, asked):
    data = seen.last("INTERACTION_CREATE").data
    interaction = rest.entity_factory.deserialize_interaction(data)
    assert (interaction.command_name, interaction.options[0].name) == ("ops", "health")
    assert interaction.member.username == "admin"
    assert interaction.member.permissions & hikari.Permissions.MANAGE_GUILD
    assert interaction.app_permissions & hikari.Permissions.SEND_MESSAGES


async def test_a_first_response_is_a_message_attributed_to_the_command(rest, asked, seen):
    response = await rest.create_interaction_response(int(asked.id), asked.token, MESSAGE, "all well")
    message = response.resource.message
    assert (message.content, message.type) == ("all well", hikari.MessageType.CHAT_INPUT)
    assert message.interaction_metadata.user.username == "admin"
    assert response.interaction.response_message_id == message.id
    assert seen.last("MESSAGE_CREATE").data["interaction_metadata"]["name"] == "ops health"
    fetched = await rest.fetch_interaction_response(APP, asked.token)
    assert fetched.id == message.id


async def test_without_with_response_the_callback_answers_204(http, asked):
    assert (await callback(http, asked, 4, {"content": "x"})).status == 204


async def test_an_ephemeral_response_reaches_its_reader_but_not_the_gateway_or_the_history(rest, http, asked, seen):
    flags = hikari.MessageFlag.EPHEMERAL
    response = await rest.create_interaction_response(int(asked.id), asked.token, MESSAGE, "for you", flags=flags)
    message = response.resource.message
    assert "MESSAGE_CREATE" not in seen.names()
    notice = next(one for one in seen.notices if one.kind == "message")
    assert notice.only_for == asked.user.id
    assert (await http("GET", "/channels/1090000000000000202/messages")).body == []
    assert (await http("GET", f"/channels/1090000000000000202/messages/{message.id}")).code == 10008
    assert (await rest.fetch_interaction_response(APP, asked.token)).flags & flags


async def test_a_deferred_response_is_loading_until_it_is_edited(rest, asked, seen):
    await rest.create_interaction_response(int(asked.id), asked.token, DEFER)
    assert seen.last("MESSAGE_CREATE").data["flags"] == hikari.MessageFlag.LOADING
    assert asked.deferred
    edited = await rest.edit_interaction_response(APP, asked.token, "done")
    assert (edited.content, edited.flags, edited.edited_timestamp) == ("done", hikari.MessageFlag.NONE, None)
    assert seen.last("MESSAGE_UPDATE").data["flags"] == 0
    assert not asked.deferred


async def test_a_deferral_hears_no_flag_but_ephemeral_and_keeps_it(http, asked):
    await callback(http, asked, 5, {"flags": 64 | 4})
    original = (await http("GET", hook(asked, "/messages/@original"))).body
    assert original["flags"] == 64 | 128
    edited = (await http("PATCH", hook(asked, "/messages/@original"), {"content": "x"})).body
    assert edited["flags"] == 64


async def test_the_first_follow_up_after_a_deferral_fills_the_deferred_message(rest, http, asked):
    await rest.create_interaction_response(int(asked.id), asked.token, DEFER)
    original = await rest.fetch_interaction_response(APP, asked.token)
    first = await http("POST", hook(asked), {"content": "late", "flags": 64})
    assert (first.body["id"], first.body["flags"]) == (str(original.id), 0)
    second = await http("POST", hook(asked), {"content": "more"})
    assert second.body["id"] != first.body["id"]


async def test_a_follow_up_replies_to_the_response_and_can_be_edited_and_deleted(rest, http, asked):
    await rest.create_interaction_response(int(asked.id), asked.token, MESSAGE, "one")
    sent = await rest.execute_webhook(APP, asked.token, "two")
    assert sent.referenced_message.content == "one"
    edited = await rest.edit_webhook_message(APP, asked.token, sent, "three")
    assert edited.content == "three"
    assert edited.edited_timestamp is not None
    await rest.delete_webhook_message(APP, asked.token, sent)
    assert (await http("GET", hook(asked, f"/messages/{sent.id}"))).code == 10008


async def test_a_deleted_response_is_unknown_and_a_follow_up_is_still_possible(rest, asked):
    await rest.create_interaction_response(int(asked.id), asked.token, DEFER)
    await rest.delete_interaction_response(APP, asked.token)
    with pytest.raises(hikari.NotFoundError) as raised:
        await rest.edit_interaction_response(APP, asked.token, "x")
    assert raised.value.code == 10008
    assert (await rest.execute_webhook(APP, asked.token, "still here")).content == "still here"


async def test_a_second_response_is_40060(rest, asked):
    await rest.create_interaction_response(int(asked.id), asked.token, MESSAGE, "one")
    with pytest.raises(hikari.BadRequestError) as raised:
        await rest.create_interaction_response(int(asked.id), asked.token, MESSAGE, "two")
    assert raised.value.code == 40060


async def test_after_three_seconds_the_interaction_is_unknown(http, asked, clock):
    clock.advance(2.9)
    assert asked.error(clock()) is None
    clock.advance(0.2)
    answer = await callback(http, asked, 4, {"content": "late"})
    assert (answer.status, answer.code) == (404, 10062)
    assert asked.error(clock()) == NO_RESPONSE


async def test_an_unanswered_button_fails_in_its_own_words(pressed, clock):
    clock.advance(3.1)
    assert pressed.error(clock()) == FAILED


async def test_after_fifteen_minutes_the_token_is_invalid(http, asked, clock):
    await callback(http, asked, 4, {"content": "x"})
    clock.advance(899)
    assert (await http("PATCH", hook(asked, "/messages/@original"), {"content": "y"})).status == 200
    clock.advance(2)
    answer = await http("POST", hook(asked), {"content": "z"})
    assert (answer.status, answer.code) == (401, 50027)


async def test_a_wrong_token_is_refused_everywhere(http, asked):
    stranger = f"/interactions/{asked.id}/nonsense/callback"
    assert (await http("POST", stranger, {"type": 4, "data": {"content": "x"}})).code == 10062
    assert (await http("POST", f"/webhooks/{APP}/nonsense", {"content": "x"})).code == 50027
    assert (await http("POST", "/webhooks/42/nonsense", {"content": "x"})).code == 10015


async def test_a_follow_up_before_the_first_response_is_an_unknown_webhook(http, asked):
    assert (await http("POST", hook(asked), {"content": "x"})).code == 10015


async def test_a_refused_response_leaves_the_interaction_open(http, asked):
    wrong = await callback(http, asked, 4, {"content": "x" * 2001})
    assert wrong.error_at("data", "content") == ["BASE_TYPE_MAX_LENGTH"]
    assert (await callback(http, asked, 4, {"content": ""})).code == 50006
    assert (await callback(http, asked, 4, {"content": "fine"})).status == 204


@pytest.mark.parametrize("kind", [6, 7, 8, 1, 99, "x"])
async def test_a_command_takes_only_the_answers_meant_for_commands(http, asked, kind):
    answer = await callback(http, asked, kind, {"content": "x"})
    assert (answer.status, answer.code) == (400, 50035)
    assert "type" in answer.body["errors"]


async def test_a_button_can_update_its_message(rest, pressed, seen):
    await rest.create_interaction_response(int(pressed.id), pressed.token, UPDATE, "page 2", component=None)
    data = seen.last("MESSAGE_UPDATE").data
    assert (data["id"], data["content"], data["components"]) == (pressed.message_id, "page 2", [])


async def test_a_deferred_update_changes_nothing_until_the_original_is_edited(rest, pressed, seen):
    await rest.create_interaction_response(int(pressed.id), pressed.token, DEFER_UPDATE)
    assert "MESSAGE_UPDATE" not in seen.names()
    edited = await rest.edit_interaction_response(APP, pressed.token, "page 2")
    assert str(edited.id) == pressed.message_id
    assert not pressed.deferred


async def test_a_message_in_answer_to_a_button_replies_to_its_message(rest, pressed):
    response = await rest.create_interaction_response(int(pressed.id), pressed.token, MESSAGE, "noted")
    message = response.resource.message
    assert str(message.referenced_message.id) == pressed.message_id
    assert str(message.interaction_metadata.interacted_message_id) == pressed.message_id


async def test_hikari_reads_the_component_interaction(rest, pressed, seen):
    interaction = rest.entity_factory.deserialize_interaction(seen.last("INTERACTION_CREATE").data)
    assert (interaction.custom_id, interaction.message.content) == ("more", "page 1")


async def test_a_modal_opens_is_submitted_and_answered(rest, asked, people, seen):
    row = ModalActionRowBuilder().add_text_input("why", "Why?", min_length=3)
    await rest.create_modal_response(int(asked.id), asked.token, title="Reason", custom_id="m", components=[row])
    assert asked.modal["title"] == "Reason"
    submitted = people.submit_modal("admin", asked.id, {"why": "because"})
    interaction = rest.entity_factory.deserialize_interaction(seen.last("INTERACTION_CREATE").data)
    assert interaction.components[0].components[0].value == "because"
    response = await rest.create_interaction_response(int(submitted.id), submitted.token, MESSAGE, "thanks")
    trigger = response.resource.message.interaction_metadata.triggering_interaction_metadata
    assert str(trigger.interaction_id) == asked.id


BAD_MODALS = {
    "no title": ({"custom_id": "m"}, ("data", "title"), "BASE_TYPE_REQUIRED"),
    "title of 46": ({"custom_id": "m", "title": "t" * 46}, ("data", "title"), "BASE_TYPE_BAD_LENGTH"),
    "no rows": ({"custom_id": "m", "title": "t", "components": []}, ("data", "components"), "BASE_TYPE_BAD_LENGTH"),
    "a button in a row": (
        {"custom_id": "m", "title": "t", "components": [{"type": 1, "components": [{"type": 2}]}]},
        ("data", "components", 0, "components", 0),
        "UNION_TYPE_CHOICES",
    ),
    "an input without label": (
        {
            "custom_id": "m",
            "title": "t",
            "components": [{"type": 1, "components": [{"type": 4, "custom_id": "a", "style": 1}]}],
        },
        ("data", "components", 0, "components", 0, "label"),
        "BASE_TYPE_REQUIRED",
    ),
}


@pytest.mark.parametrize("name", BAD_MODALS)
async def test_a_modal_is_refused_with_the_code_at_its_place(http, asked, name):
    data, path, code = BAD_MODALS[name]
    assert (await callback(http, asked, 9, data)).error_at(*path) == [code]


async def test_autocomplete_offers_choices(http, health, people, rest, seen):
    typing = people.autocomplete("user", "ops", "clan", {"tag": "em"}, "tag")
    interaction = rest.entity_factory.deserialize_interaction(seen.last("INTERACTION_CREATE").data)
    assert (interaction.options[0].value, interaction.options[0].is_focused) == ("em", True)
    choices = [{"name": "Ember", "value": "EMB"}]
    assert (await callback(http, typing, 8, {"choices": choices})).status == 204
    assert typing.choices == choices


async def test_autocomplete_refuses_26_choices_the_wrong_type_and_messages(http, health, people):
    typing = people.autocomplete("user", "ops", "clan", {"level": "1"}, "level")
    many = await callback(http, typing, 8, {"choices": [{"name": "n", "value": 1}] * 26})
    assert many.error_at("data", "choices") == ["BASE_TYPE_MAX_LENGTH"]
    wrong = await callback(http, typing, 8, {"choices": [{"name": "n", "value": "one"}]})
    assert wrong.error_at("data", "choices", 0, "value") == ["NUMBER_TYPE_COERCE"]
    assert (await callback(http, typing, 4, {"content": "x"})).code == 50035


async def test_responses_mention_users_only_unless_told_otherwise(http, asked, ids):
    text = f"<@{ids.user}> <@&{ids.lead_role}> @everyone"
    answer = await callback(http, asked, 4, {"content": text}, query="?with_response=true")
    message = answer.body["resource"]["message"]
    assert [one["id"] for one in message["mentions"]] == [ids.user]
    assert (message["mention_roles"], message["mention_everyone"]) == ([], False)


async def test_files_come_with_a_response(rest, asked, http):
    file = hikari.Bytes(b"log", "ops.log")
    response = await rest.create_interaction_response(int(asked.id), asked.token, MESSAGE, attachment=file)
    async with http.session.get(response.resource.message.attachments[0].url) as answer:
        assert await answer.read() == b"log"
