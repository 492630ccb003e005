"""IDENTIFY, RESUME and the commands of an identified client."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.world.events import Dispatch, Intents
from coreops_sandbox.world.seed import SEED


async def test_ready_comes_first_with_unavailable_guilds_and_then_the_guilds(served: Any) -> None:
    client = await served.connect()
    ready = await client.identify(shard=[0, 1])
    assert ready["guilds"] == [{"id": SEED.guild, "unavailable": True}]
    assert (ready["v"], ready["shard"], ready["user"]["id"]) == (10, [0, 1], SEED.bot)
    assert ready["application"]["id"] == SEED.application
    assert ready["resume_gateway_url"] == served.url.replace("http", "ws") + "/gateway"
    payload = await client.receive()
    assert (payload["t"], payload["s"], payload["d"]["unavailable"]) == ("GUILD_CREATE", 2, False)


async def test_without_the_guilds_intent_no_guild_follows(served: Any) -> None:
    client = await served.connect()
    await client.identify(intents=0)
    await client.send(1)
    assert (await client.receive())["op"] == 11


async def test_a_guild_goes_to_its_own_shard_only(served: Any) -> None:
    own = (int(SEED.guild) >> 22) % 2
    readies = [await (await served.connect()).identify(shard=[index, 2]) for index in range(2)]
    assert [len(ready["guilds"]) for ready in readies] == [int(index == own) for index in range(2)]


async def test_events_around_ready_are_neither_lost_nor_doubled(served: Any) -> None:
    client = await served.connect()
    assert (await client.receive())["op"] == 10
    served.actions.join("before")
    await client.send(2, {"token": client.token, "intents": int(sum(Intents)), "properties": {}})
    await client.until("READY")
    served.actions.join("after")
    names = [member["user"]["username"] for member in (await client.until("GUILD_CREATE"))["members"]]
    assert ("before" in names, "after" in names) == (True, False)
    assert (await client.receive())["d"]["user"]["username"] == "after"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"shard": [1, 1]}, 4010),
        ({"shard": [-1, 1]}, 4010),
        ({"shard": [0, 0]}, 4010),
        ({"intents": 1 << 18}, 4013),
        ({"intents": None}, 4013),
    ],
)
async def test_an_identify_that_discord_refuses_is_refused(served: Any, change: dict[str, Any], code: int) -> None:
    client = await served.connect()
    await client.send(2, {"token": client.token, "intents": 1, "properties": {}, **change})
    assert (await client.closed_with())[0] == code


async def test_a_privileged_intent_that_is_not_enabled_ends_with_4014(served: Any) -> None:
    served.world.application.flags = 0
    client = await served.connect()
    await client.send(2, {"token": client.token, "intents": int(Intents.MESSAGE_CONTENT), "properties": {}})
    assert (await client.closed_with())[0] == 4014


async def test_the_token_may_carry_its_prefix(served: Any) -> None:
    client = await served.connect()
    await client.identify(token=f"Bot {client.token}")


@pytest.mark.parametrize("again", [2, 6])
async def test_a_second_identify_or_resume_ends_with_4005(served: Any, again: int) -> None:
    client = await served.connect()
    await client.identify()
    await client.send(again, {"token": client.token, "intents": 1, "properties": {}})
    assert (await client.closed_with())[0] == 4005


async def test_a_cut_connection_resumes_with_what_it_missed_in_order(served: Any) -> None:
    client = await served.connect()
    ready = await client.identify()
    served.actions.join("one")
    assert (await client.until("GUILD_MEMBER_ADD"))["user"]["username"] == "one"
    client.ws._response.connection.transport.abort()
    for name in ("two", "three"):
        served.actions.join(name)
    again = await served.connect()
    await again.resume(ready["session_id"], 3)
    replayed = [await again.receive() for _ in range(3)]
    assert [payload["s"] for payload in replayed] == [4, 5, 6]
    assert [payload["t"] for payload in replayed] == ["GUILD_MEMBER_ADD", "GUILD_MEMBER_ADD", "RESUMED"]
    served.actions.join("four")
    assert (await again.receive())["s"] == 7


async def test_a_close_with_1000_or_1001_ends_the_session_and_any_other_keeps_it(served: Any) -> None:
    for code, resumed in ((1000, False), (1001, False), (3000, True), (4000, True)):
        client = await served.connect()
        ready = await client.identify()
        await client.ws.close(code=code)
        await served.offline()
        again = await served.connect()
        await again.resume(ready["session_id"], 2)
        payload = await again.receive()
        assert (payload["op"], payload["t"]) == ((0, "RESUMED") if resumed else (9, None))
        await again.ws.close()


async def test_after_an_invalid_resume_the_same_connection_may_identify(served: Any) -> None:
    client = await served.connect()
    await client.resume("nobody", 0)
    assert (await client.receive())["d"] is False
    await client.send(2, {"token": client.token, "intents": 0, "properties": {}})
    await client.until("READY")


async def test_a_session_that_waited_too_long_is_gone(served: Any) -> None:
    client = await served.connect()
    ready = await client.identify()
    await client.ws.close(code=4000)
    await served.offline()
    served.clock.now += 180.1
    again = await served.connect()
    await again.resume(ready["session_id"], 2)
    assert (await again.receive())["op"] == 9


async def test_a_resume_beyond_the_replay_gets_an_invalid_session(serve: Any) -> None:
    served = await serve(replay=2)
    client = await served.connect()
    ready = await client.identify()
    await client.ws.close(code=4000)
    await served.offline()
    for number in range(5):
        served.world.hub.publish(Dispatch("X", {"n": number}))
    again = await served.connect()
    await again.resume(ready["session_id"], 2)
    assert (await again.receive())["op"] == 9


async def test_a_sequence_number_that_was_never_sent_ends_with_4007(served: Any) -> None:
    client = await served.connect()
    ready = await client.identify()
    again = await served.connect()
    await again.resume(ready["session_id"], 99)
    assert (await again.closed_with())[0] == 4007


async def test_a_resume_with_a_wrong_token_ends_with_4004(served: Any) -> None:
    client = await served.connect()
    ready = await client.identify()
    again = await served.connect()
    again.token = "wrong"
    await again.resume(ready["session_id"], 1)
    assert (await again.closed_with())[0] == 4004


async def test_a_resume_takes_over_from_a_connection_that_is_still_open(served: Any) -> None:
    client = await served.connect()
    ready = await client.identify()
    await client.until("GUILD_CREATE")
    again = await served.connect()
    await again.resume(ready["session_id"], 2)
    await again.until("RESUMED")
    assert (await client.closed_with())[0] == 4000
    served.actions.join("late")
    assert (await again.receive())["t"] == "GUILD_MEMBER_ADD"
    assert served.gateway.status().sessions == 1


async def test_the_presence_is_kept_and_shown(served: Any) -> None:
    client = await served.connect()
    await client.identify(presence={"status": "idle", "since": 1, "afk": True, "activities": []})
    assert served.gateway.status().presence == {"status": "idle", "activities": []}
    changed = []
    served.world.notices.subscribe(changed.append)
    await client.send(3, {"status": "dnd", "since": None, "afk": False, "game": {"name": "chess", "type": 0}})
    await client.send(1)
    await client.op(11)
    shown = {"status": "dnd", "activities": [{"name": "chess", "type": 0}]}
    assert served.gateway.status().presence == shown
    assert [(notice.kind, notice.data["presence"]) for notice in changed] == [("bot", shown)]


async def test_members_are_sent_on_request(served: Any) -> None:
    client = await served.connect()
    await client.identify()
    await client.send(8, {"guild_id": SEED.guild, "query": "", "limit": 0, "nonce": "n"})
    chunk = await client.until("GUILD_MEMBERS_CHUNK")
    assert (len(chunk["members"]), chunk["nonce"]) == (len(served.world.home.members), "n")


async def test_sounds_and_channel_info_are_answered_for_own_guilds(served: Any) -> None:
    client = await served.connect()
    await client.identify()
    await client.send(31, {"guild_ids": [SEED.guild, "1"]})
    assert await client.until("SOUNDBOARD_SOUNDS") == {"guild_id": SEED.guild, "soundboard_sounds": []}
    await client.send(43, {"guild_id": SEED.guild, "fields": ["status"]})
    assert await client.until("CHANNEL_INFO") == {"guild_id": SEED.guild, "channels": []}


async def test_a_voice_state_of_another_shape_ends_with_4002(served: Any) -> None:
    client = await served.connect()
    await client.identify()
    await client.send(4, {"guild_id": SEED.guild, "channel_id": None, "self_mute": False, "self_deaf": False})
    await client.send(1)
    await client.op(11)
    await client.send(4, {"guild_id": SEED.guild})
    assert (await client.closed_with())[0] == 4002
