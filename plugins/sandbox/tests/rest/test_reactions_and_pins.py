"""Reactions and pins."""

from __future__ import annotations

import hikari
import pytest

from coreops_sandbox.world.permissions import Permission

OPS = 1090000000000000202


@pytest.fixture
def message(people):
    return people.say("user", "ops", "hi")


async def test_a_reaction_is_added_listed_and_removed(rest, message, seen, people):
    await rest.add_reaction(OPS, int(message.id), "👍")
    people.react("admin", message.id, "👍")
    assert [one.username async for one in rest.fetch_reactions_for_emoji(OPS, int(message.id), "👍")] == [
        "CoreOps",
        "admin",
    ]
    reaction = (await rest.fetch_message(OPS, int(message.id))).reactions[0]
    assert (reaction.count, reaction.is_me, str(reaction.emoji)) == (2, True, "👍")
    await rest.delete_my_reaction(OPS, int(message.id), "👍")
    assert seen.last("MESSAGE_REACTION_REMOVE").data["emoji"] == {"id": None, "name": "👍"}


async def test_reacting_twice_changes_nothing(rest, message, seen):
    await rest.add_reaction(OPS, int(message.id), "👍")
    await rest.add_reaction(OPS, int(message.id), "👍")
    assert seen.names().count("MESSAGE_REACTION_ADD") == 1


async def test_others_reactions_are_cleared_with_manage_messages(rest, http, message, people, grant, ids, seen):
    people.react("admin", message.id, "👍")
    people.react("admin", message.id, "🔥")
    await rest.delete_reaction(OPS, int(message.id), int(ids.admin), "👍")
    await rest.delete_all_reactions(OPS, int(message.id))
    assert (await rest.fetch_message(OPS, int(message.id))).reactions == []
    assert "MESSAGE_REACTION_REMOVE_ALL" in seen.names()
    people.react("admin", message.id, "👍")
    grant(remove=Permission.MANAGE_MESSAGES)
    path = f"/channels/{OPS}/messages/{message.id}/reactions/%F0%9F%91%8D"
    assert (await http("DELETE", path)).code == 50013
    assert (await http("DELETE", f"{path}/{ids.admin}")).code == 50013


async def test_joining_a_reaction_needs_no_permission_to_add_one(http, message, people, grant):
    people.react("admin", message.id, "👍")
    grant(remove=Permission.ADD_REACTIONS)
    path = f"/channels/{OPS}/messages/{message.id}/reactions"
    assert (await http("PUT", f"{path}/%F0%9F%91%8D/@me")).status == 204
    assert (await http("PUT", f"{path}/%F0%9F%94%A5/@me")).code == 50013


async def test_an_emoji_that_is_none_is_10014(http, message):
    path = f"/channels/{OPS}/messages/{message.id}/reactions"
    assert (await http("PUT", f"{path}/smile/@me")).code == 10014
    assert (await http("PUT", f"{path}/smile:42/@me")).code == 10014


async def test_a_pin_is_announced_listed_and_lifted(rest, message, seen):
    await rest.pin_message(OPS, int(message.id))
    pins = [one async for one in rest.fetch_pins(OPS)]
    assert [one.message.content for one in pins] == ["hi"]
    announced = await rest.fetch_messages(OPS).next()
    assert announced.type is hikari.MessageType.CHANNEL_PINNED_MESSAGE
    assert "CHANNEL_PINS_UPDATE" in seen.names()
    await rest.unpin_message(OPS, int(message.id))
    assert [one async for one in rest.fetch_pins(OPS)] == []


async def test_pins_come_latest_first_in_pages(http, people, clock):
    for text in ("a", "b", "c"):
        clock.advance(1)
        await http("PUT", f"/channels/{OPS}/messages/pins/{people.say('user', 'ops', text).id}")
    first = (await http("GET", f"/channels/{OPS}/messages/pins?limit=2")).body
    assert ([one["message"]["content"] for one in first["items"]], first["has_more"]) == (["c", "b"], True)
    before = {"before": first["items"][-1]["pinned_at"]}
    second = (await http("GET", f"/channels/{OPS}/messages/pins", params=before)).body
    assert ([one["message"]["content"] for one in second["items"]], second["has_more"]) == (["a"], False)


async def test_pinning_needs_its_own_permission(http, message, grant):
    grant(remove=Permission.PIN_MESSAGES)
    assert (await http("PUT", f"/channels/{OPS}/pins/{message.id}")).code == 50013
    grant(add=Permission.PIN_MESSAGES)
    assert (await http("PUT", f"/channels/{OPS}/pins/{message.id}")).status == 204
    assert [one["content"] for one in (await http("GET", f"/channels/{OPS}/pins")).body] == ["hi"]
