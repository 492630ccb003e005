"""Which messages answer what, and how long is waited for them."""

from __future__ import annotations

import asyncio

import pytest

from coreops_sandbox.world import posting
from coreops_sandbox.world.interactions import NO_RESPONSE, CallbackType
from coreops_sandbox.world.messages import Draft, MessageFlag, MessageType
from coreops_sandbox.world.posting import Origin


@pytest.fixture
def bot(world, ids):
    """Let the bot say something: `bot("text", channel=…, origin=…, flags=…)`."""

    def say(content, *, channel=ids.ops, origin=None, flags=0):
        place = world.home.channels[channel]
        return posting.post(world, place, world.bot_user, Draft(content=content, flags=flags), origin or Origin())

    return say


@pytest.fixture
def asked(people, register):
    register("ops")
    return people.slash("admin", "ops", "ops")


def texts(messages):
    return [one.content for one in messages]


async def test_what_the_bot_says_next_in_the_channel_answers_a_message(exchange, people, bot, ids):
    bot("before")
    cause = people.say("user", "ops", "?")
    bot("elsewhere", channel=ids.log)
    bot("here")
    assert texts(await exchange.collect(cause, settle=0.01)) == ["here"]


async def test_a_reply_answers_the_message_it_names_and_no_other(exchange, people, bot):
    first, second = people.say("user", "ops", "1"), people.say("user", "ops", "2")
    bot("to the second", origin=Origin(reply_to=second))
    reply = bot("to the first", origin=Origin(reply_to=first))
    bot("and to that", origin=Origin(reply_to=reply))
    assert texts(exchange.replies(first)) == ["to the first", "and to that"]
    assert texts(exchange.replies(second)) == ["to the second"]


async def test_neither_answers_to_interactions_nor_system_messages_answer_a_message(exchange, people, bot, asked):
    cause = people.say("user", "ops", "?")
    bot("slash", origin=Origin(interaction=asked))
    bot("", origin=Origin(type=MessageType.PIN_ADDED))
    assert exchange.replies(cause) == []


async def test_replies_that_come_later_are_waited_for_until_it_is_quiet(exchange, people, bot, world, ids):
    loop = asyncio.get_running_loop()
    cause = people.say("user", "ops", "?")
    waiting = asyncio.create_task(exchange.collect(cause, timeout=5, settle=0.1))
    for content in ("one", "two"):
        await asyncio.sleep(0)
        message = bot(content)
    posting.edit(world, world.home.channels[ids.ops], message, Draft(content="two, edited"))
    last_change = loop.time()
    assert texts(await waiting) == ["one", "two, edited"]
    assert loop.time() - last_change >= 0.099


async def test_noise_in_other_channels_does_not_prolong_the_waiting(exchange, people, bot, ids):
    cause = people.say("user", "ops", "?")
    bot("answer")
    stop = asyncio.Event()

    async def chatter():
        while not stop.is_set():
            people.say("user", "log", "noise")
            await asyncio.sleep(0.02)

    noise = asyncio.create_task(chatter())
    async with asyncio.timeout(2):
        assert texts(await exchange.collect(cause, timeout=10, settle=0.1)) == ["answer"]
    stop.set()
    await noise


async def test_silence_ends_at_the_timeout(exchange, people):
    assert await exchange.collect(people.say("user", "ops", "?"), timeout=0.05) == []


async def test_a_deferred_response_is_pending_until_it_is_edited(exchange, asked, bot, world):
    message = bot("", origin=Origin(interaction=asked), flags=MessageFlag.LOADING)
    asked.callback, asked.deferred, asked.original_id = CallbackType.DEFERRED_MESSAGE, True, message.id
    assert await exchange.collect(asked, timeout=0.05) == []
    waiting = asyncio.create_task(exchange.collect(asked, timeout=5, settle=0.01))
    await asyncio.sleep(0)
    asked.deferred = False
    posting.edit(world, world.channel(message.channel_id), message, Draft(content="done", flags=0))
    assert texts(await waiting) == ["done"]


async def test_an_unanswered_interaction_ends_at_the_deadline_of_the_worlds_clock(exchange, asked, clock):
    clock.advance(2.99)
    waiting = asyncio.create_task(exchange.collect(asked, timeout=5))
    await asyncio.sleep(0)
    assert asked.error(clock()) is None
    clock.advance(0.02)
    async with asyncio.timeout(2):
        assert await waiting == []
    assert asked.error(clock()) == NO_RESPONSE


async def test_choices_come_as_soon_as_they_are_there(exchange, people, register, world):
    register("clan", options=[{"type": 3, "name": "tag", "description": "d", "autocomplete": True}])
    typing = people.autocomplete("user", "ops", "clan", {"tag": "e"}, "tag")
    assert await exchange.choices(typing, timeout=0.02) == []
    waiting = asyncio.create_task(exchange.choices(typing))
    await asyncio.sleep(0)
    typing.choices, typing.callback = [{"name": "E", "value": "e"}], CallbackType.CHOICES
    world.notify("interaction", {"id": typing.id})
    assert await waiting == [{"name": "E", "value": "e"}]


async def test_a_modal_is_an_answer_without_messages(exchange, asked):
    asked.callback, asked.modal = CallbackType.MODAL, {"custom_id": "m"}
    async with asyncio.timeout(2):
        assert await exchange.collect(asked, settle=0.01) == []
