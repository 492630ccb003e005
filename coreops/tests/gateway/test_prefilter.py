"""Ordinary chat is dropped as bytes, and nobody who wants it misses any."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import hikari
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.gateway.app import Gateway
from coreops.gateway.overheard import Overheard
from coreops.gateway.prefilter import CHAT, DROPPED, Prefilter
from coreops.plugins.guard import Guard
from coreops.plugins.states import PluginStates
from coreops_sandbox.chat import Chat
from coreops_sandbox.server import Sandbox
from coreops_shared.clock import SystemClock
from coreops_shared.redact import Secret


def frame(content: str, *, bot: bool = False, webhook: str | None = None, name: str = "MESSAGE_CREATE") -> bytes:
    author: dict[str, Any] = {"id": "7", "username": "ada", **({"bot": True} if bot else {})}
    message: dict[str, Any] = {"id": "9", "channel_id": "5", "author": author, "content": content, "embeds": []}
    if webhook is not None:
        message["webhook_id"] = webhook
    return orjson.dumps({"t": name, "s": 42, "op": 0, "d": message})


def filtered(*prefixes: str, wanted: bool = False) -> Prefilter:
    made = Prefilter(prefixes)
    made.watch(lambda: wanted)
    return made


@pytest.mark.parametrize("content", ["hello", "", " !ops", "it costs 5!", "🎉", '"MESSAGE_CREATE"'])
def test_what_does_not_begin_as_a_command_is_dropped(content: str) -> None:
    assert filtered("!").loads(frame(content)) is CHAT


def test_of_chat_hikari_gets_every_33rd_sequence_number_and_of_commands_each() -> None:
    prefilter = filtered("!")
    numbered = {"op": 0, "t": DROPPED, "s": 42, "d": None}
    assert [prefilter.loads(frame("hello")) for _ in range(66)] == [*[CHAT] * 32, numbered] * 2
    assert [prefilter.loads(frame(said)) for said in ("hello", "!ops", "!help")] == [CHAT, numbered, numbered]


def heard(prefilter: Prefilter, *payloads: str | bytes) -> list[tuple[str, str, bytes]]:
    """Return who is heard to say what, and the payloads handed over."""
    said: list[tuple[str, str, bytes]] = []
    prefilter.hear(lambda message, payload: said.append((message.author.id, message.content, payload)))
    for payload in payloads:
        prefilter.loads(payload)
    return said


@pytest.mark.parametrize("content", ["!ops", "!ops health", "c!x", "<@7> help", "<@!7> help"])
@pytest.mark.parametrize("wanted", [False, True])
def test_what_begins_as_a_command_is_handed_over_once_whoever_else_listens(content: str, wanted: bool) -> None:
    raw = frame(content)
    prefilter = filtered("!", "c!", wanted=wanted)
    assert heard(prefilter, raw, raw.decode()) == [("7", content, raw)] * 2
    assert prefilter.loads(raw)["t"] == ("MESSAGE_CREATE" if wanted else DROPPED)


def test_ordinary_chat_is_handed_to_nobody() -> None:
    assert heard(filtered("!"), frame("hello"), frame(" !ops"), frame("!ops", name="MESSAGE_UPDATE")) == []


@pytest.mark.parametrize("said", [{"bot": True}, {"webhook": "12"}])
def test_what_programs_say_is_not_heard_even_when_it_looks_like_a_command(said: dict[str, Any]) -> None:
    raw = frame("!ops health", **said)
    assert heard(filtered("!"), raw) == []
    assert filtered("!").loads(raw) == {"op": 0, "t": DROPPED, "s": 42, "d": None}


def test_other_events_pass_even_when_they_quote_the_name_of_the_event() -> None:
    for name, content in (("MESSAGE_UPDATE", "hello"), ("MESSAGE_UPDATE", '"MESSAGE_CREATE"')):
        raw = frame(content, name=name)
        assert filtered("!").loads(raw) == json.loads(raw)


def test_the_order_of_the_keys_does_not_matter() -> None:
    there = json.loads(frame("hello" + "x" * 500))
    turned = orjson.dumps({key: there[key] for key in ("op", "d", "s", "t")})
    assert filtered("!").loads(turned) is CHAT


def test_nothing_is_dropped_while_somebody_wants_it_or_nobody_is_known() -> None:
    raw = frame("hello")
    for one in (filtered("!", wanted=True), Prefilter(("!",))):
        assert one.loads(raw) == json.loads(raw)


@given(st.one_of(st.none(), st.integers(0, 9), st.lists(st.none()), st.dictionaries(st.sampled_from("abc"), st.none())))
def test_a_message_of_an_unexpected_form_is_left_to_hikari(message: Any) -> None:
    raw = orjson.dumps({"t": "MESSAGE_CREATE", "s": 1, "op": 0, "d": message})
    assert filtered("!").loads(raw) == json.loads(raw)


@pytest.fixture
async def served() -> AsyncIterator[tuple[Gateway, Chat]]:
    """A connected gateway."""
    states = PluginStates(SystemClock(), lambda old, new: None)
    guard = Guard(SystemClock(), states, lambda _: None)
    async with Sandbox() as sandbox, Chat(sandbox.url, timeout=0.05, settle=0.01) as chat:
        gateway = Gateway(
            Secret(sandbox.token),
            sandbox.rest_url,
            guard=guard,
            clock=SystemClock(),
            publish=lambda _: None,
            prefixes=("!",),
        )
        await gateway.connect()
        yield gateway, chat
        await gateway.close()


class Heard:
    """Collects what a listener hears."""

    def __init__(self) -> None:
        self.texts: list[str | None] = []
        self.something = asyncio.Event()

    async def hear(self, event: Any) -> None:
        self.take(getattr(event, "message", None), b"")

    def take(self, message: Any, _: bytes) -> None:
        self.texts.append(getattr(message, "content", None))
        self.something.set()

    async def next(self) -> None:
        async with asyncio.timeout(5):
            await self.something.wait()
        self.something.clear()


async def _said(chat: Chat, text: str) -> None:
    await chat.say(text)


async def test_the_bridge_hears_commands_only_and_the_session_stays_in_step(served: tuple[Gateway, Chat]) -> None:
    gateway, chat = served
    bridge = Heard()
    gateway.hear(bridge.take)
    for text in ("hello", "!ops", "how are you", "!help"):
        await _said(chat, text)
        if text.startswith("!"):
            await bridge.next()
    assert bridge.texts == ["!ops", "!help"]


@pytest.mark.parametrize(
    "kind",
    [
        hikari.MessageCreateEvent,
        hikari.GuildMessageCreateEvent,
        hikari.MessageEvent,
        hikari.ShardEvent,
        hikari.Event,
        hikari.ShardPayloadEvent,
    ],
)
async def test_a_listener_that_asks_for_messages_gets_every_one_until_it_leaves(
    served: tuple[Gateway, Chat], kind: type[hikari.Event]
) -> None:
    gateway, chat = served
    manager = gateway.bot.event_manager
    bridge, other = Heard(), Heard()
    gateway.hear(bridge.take)
    overheard = Overheard(manager)
    assert not overheard()
    manager.subscribe(kind, other.hear)
    assert overheard()
    for text in ("hello", "!ops"):
        await _said(chat, text)
        await other.next()
    assert bridge.texts == ["!ops"]
    manager.unsubscribe(kind, other.hear)
    assert not overheard()


async def test_whoever_waits_for_a_message_gets_it(served: tuple[Gateway, Chat]) -> None:
    gateway, chat = served
    waiting = asyncio.create_task(gateway.bot.wait_for(hikari.GuildMessageCreateEvent, timeout=5))
    await asyncio.sleep(0)
    await _said(chat, "yes")
    assert (await waiting).content == "yes"
