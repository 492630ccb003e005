"""What a session sees."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.gateway.view import View
from coreops_sandbox.world.events import Dispatch, Intents

BOT = "7"
GUILD = str(5 << 22)


NONE = Intents(0)


def view(intents: Intents = NONE, shard: tuple[int, int] = (0, 1)) -> View:
    return View(BOT, intents, shard)


def message(**fields: Any) -> dict[str, Any]:
    plain = {"guild_id": GUILD, "author": {"id": "1"}, "mentions": [], "content": "hello", "poll": {}, "id": "3"}
    return {**plain, "embeds": [{}], "attachments": [{}], "components": [{}], **fields}


def created(data: dict[str, Any]) -> Dispatch:
    return Dispatch("MESSAGE_CREATE", data, Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES)


def test_one_of_a_dispatchs_intents_is_enough() -> None:
    dispatch = Dispatch("THREAD_MEMBERS_UPDATE", {"guild_id": GUILD}, Intents.GUILDS | Intents.GUILD_MEMBERS)
    assert view(Intents.GUILDS).of(dispatch) == {"guild_id": GUILD}
    assert view(Intents.GUILD_MESSAGES).of(dispatch) is None


def test_a_dispatch_without_intent_always_comes() -> None:
    assert view().of(Dispatch("INTERACTION_CREATE", {"guild_id": GUILD})) is not None


def test_a_guild_belongs_to_one_shard_and_what_has_none_to_the_first() -> None:
    shards = [view(shard=(index, 3)) for index in range(3)]
    assert [shard.owns(GUILD) for shard in shards] == [False, False, True]
    assert [shard.of(Dispatch("GUILD_UPDATE", {"id": GUILD})) is not None for shard in shards] == [False, False, True]
    assert [shard.owns(None) for shard in shards] == [True, False, False]


def test_without_the_content_intent_what_people_wrote_is_empty() -> None:
    seen = view(Intents.GUILD_MESSAGES).of(created(message()))
    assert seen is not None
    assert {key: seen[key] for key in ("content", "embeds", "attachments", "components")} == {
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [],
    }
    assert "poll" not in seen
    assert seen["id"] == "3"


def test_with_the_content_intent_the_message_comes_as_it_is() -> None:
    assert view(Intents.GUILD_MESSAGES | Intents.MESSAGE_CONTENT).of(created(message())) == message()


def test_own_messages_mentions_and_direct_messages_are_never_emptied() -> None:
    eyes = view(Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES)
    direct = message()
    del direct["guild_id"]
    for kept in (message(author={"id": BOT}), message(mentions=[{"id": BOT}]), direct):
        assert eyes.of(created(kept)) == kept


def test_a_message_that_is_replied_to_is_judged_by_itself() -> None:
    reply = message(mentions=[{"id": BOT}], referenced_message=message())
    seen = view(Intents.GUILD_MESSAGES).of(created(reply))
    assert seen is not None
    assert seen["content"] == "hello"
    assert seen["referenced_message"]["content"] == ""


def test_without_presences_a_guild_comes_with_the_bot_as_its_only_member() -> None:
    data = {"id": GUILD, "members": [{"user": {"id": "1"}}, {"user": {"id": BOT}}], "presences": [{}]}
    dispatch = Dispatch("GUILD_CREATE", data, Intents.GUILDS)
    seen = view(Intents.GUILDS).of(dispatch)
    assert seen is not None
    assert (seen["members"], seen["presences"]) == ([{"user": {"id": BOT}}], [])
    assert view(Intents.GUILDS | Intents.GUILD_PRESENCES).of(dispatch) == data
