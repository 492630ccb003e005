from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import hikari
import pytest

from coreops_sandbox.chat import Chat, ChatError, Persona
from coreops_sandbox.launcher import HOST, claim_port
from coreops_sandbox.replies import NoReplyError
from coreops_sandbox.server import Sandbox


@pytest.fixture
async def talk(sandbox: Sandbox, bot: hikari.GatewayBot) -> AsyncIterator[Chat]:
    async with Chat(sandbox.url) as chat:
        yield chat


async def test_say_gives_the_bot_s_answer_with_its_embed(talk: Chat) -> None:
    exchange = await talk.say("!card", as_=Persona.ADMIN)

    assert exchange.embed.title == "Ember Vanguard"
    assert exchange.embed.field("Level") == "24"
    assert "Speaks `English`" in exchange.text
    assert not exchange.ephemeral


async def test_a_member_may_be_named_by_a_plain_string(talk: Chat) -> None:
    await talk.join("newcomer", "staff")

    assert (await talk.say("!echo hello", as_="newcomer", channel="general")).text == "hello"


async def test_slash_runs_a_command_with_typed_options(talk: Chat) -> None:
    exchange = await talk.slash("clan", options={"tag": "NIT", "detail": True})

    assert exchange.reply.content == "In detail"
    assert exchange.embed.title == "Nightglass"


async def test_an_ephemeral_answer_says_so(talk: Chat) -> None:
    exchange = await talk.slash("ops secret")

    assert exchange.ephemeral
    assert exchange.reply.text == "The word is heron"


async def test_a_deferred_answer_is_awaited(talk: Chat, gate: asyncio.Event) -> None:
    asking = asyncio.create_task(talk.slash("ops slow"))
    done, _ = await asyncio.wait({asking}, timeout=0.5)
    assert not done
    gate.set()

    async with asyncio.timeout(10):
        assert (await asking).text == "Done thinking"


async def test_a_bot_that_never_answers_leaves_discord_s_error_and_no_reply(talk: Chat) -> None:
    exchange = await talk.slash("ops silent")

    assert exchange.error == "The application did not respond"
    with pytest.raises(NoReplyError, match="nobody answered /ops silent from user in #ops"):
        _ = exchange.reply


async def test_a_button_is_pressed_by_its_label_and_the_edited_message_comes_back(talk: Chat) -> None:
    panel = (await talk.say("!panel")).reply

    assert (await talk.press(panel, "Approve", as_=Persona.STAFF)).text == "approve by staff"


async def test_a_disabled_button_cannot_be_pressed(talk: Chat) -> None:
    panel = (await talk.say("!panel")).reply

    with pytest.raises(ChatError, match=r"the control 'Locked' of message .* is disabled"):
        await talk.press(panel, "Locked")


async def test_options_are_selected_by_label_and_members_by_name(talk: Chat) -> None:
    panel = (await talk.say("!panel")).reply

    chosen = await talk.select(panel, "Choose a boss", "Cinder Hydra")
    assert chosen.text == "boss cinder hydra by user"


async def test_a_modal_is_filled_in_and_answered(talk: Chat) -> None:
    panel = (await talk.say("!panel")).reply
    opened = await talk.press(panel, "Rename")

    assert opened.modal is not None
    assert (await talk.submit(opened, {"name": "Emberguard"})).text == "Renamed to Emberguard"


async def test_an_exchange_without_a_modal_cannot_be_submitted(talk: Chat) -> None:
    said = await talk.say("!echo hi")

    with pytest.raises(ChatError, match="opened no modal to submit; its text was 'hi'"):
        await talk.submit(said, {})


async def test_autocomplete_gives_what_the_bot_suggests_for_the_typed_text(talk: Chat) -> None:
    choices = await talk.autocomplete("clan", "tag", "em")

    assert [(one.name, one.value) for one in choices] == [("EMB Ember Vanguard", "EMB")]


async def test_files_travel_both_ways(talk: Chat) -> None:
    exchange = await talk.say("!file", files={"note.txt": b"hello"})

    assert exchange.reply.attachments[0].filename == "table.csv"
    assert exchange.reply.attachments[0].size == 8
    mine = (await talk.messages())[0]
    assert mine["attachments"][0]["filename"] == "note.txt"


async def test_what_discord_s_client_would_refuse_raises_with_the_sandbox_s_words(talk: Chat) -> None:
    with pytest.raises(ChatError, match=r"unknown channel 'op'.*general"):
        await talk.say("hello", channel="op")
    with pytest.raises(ChatError, match="tag"):
        await talk.slash("clan")


async def test_state_tells_of_the_bot_and_its_commands(talk: Chat) -> None:
    state = await talk.state()

    assert state["bot"]["connected"]
    assert {one["name"] for one in state["commands"]} == {"clan", "ops"}


async def test_an_ephemeral_message_is_read_by_its_owner_alone(talk: Chat) -> None:
    await talk.slash("ops secret", as_=Persona.LEAD)

    seen = await talk.messages(as_=Persona.LEAD)
    assert seen[-1]["content"] == "The word is heron"
    assert all(one["content"] != "The word is heron" for one in await talk.messages(as_=Persona.STAFF))


async def test_a_sandbox_that_is_not_there_is_named_with_how_to_start_it() -> None:
    url = f"http://{HOST}:{claim_port(0, 'X')}"
    async with Chat(url) as chat:
        with pytest.raises(ChatError, match=rf"no sandbox answers at {url}.*coreops sandbox"):
            await chat.state()
