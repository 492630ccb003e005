"""Hundreds of commands at once cost one answer; the others are counted, and others are served meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import lightbulb
import orjson
import pytest

from coreops.commands.audit import AuditRecord
from coreops.commands.flood import FLOOD_TEXT, Flood, FloodLimits, Passage
from coreops_hookspecs import access
from coreops_shared.clock import ManualClock


@access.user
class Do(lightbulb.SlashCommand, name="do", description="Do something"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("done")


def passages(flood: Flood, count: int, user: int = 7, guild: int | None = 1) -> list[Passage]:
    return [flood.passage(user, guild, 5, "prefix") for _ in range(count)]


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coreops.commands.flood._REPORT", 0.0)


async def test_five_hundred_at_once_are_told_once_and_counted(no_wait: None) -> None:
    records: list[AuditRecord] = []
    flood = Flood(ManualClock(), records.append)
    seen = passages(flood, 500)
    assert seen.count(Passage.TELL) == 1
    assert seen.count(Passage.FREE) + seen.count(Passage.DROP) == 499
    await asyncio.sleep(0.01)
    assert [record.outcome for record in records] == ["flood"]
    assert records[0].error.startswith(f"{seen.count(Passage.DROP) + 1} commands were dropped")


async def test_others_pass_while_one_floods_until_the_whole_server_does() -> None:
    flood = Flood(ManualClock(), lambda _: None)
    passages(flood, 150)
    assert passages(flood, 1, user=8) == [Passage.FREE]
    for user in range(20, 50):
        passages(flood, 20, user=user)
    assert passages(flood, 1, user=9) == [Passage.DROP]
    assert passages(flood, 1, user=9, guild=2) == [Passage.FREE]


async def test_who_waits_is_heard_again_and_told_again_the_next_time() -> None:
    clock = ManualClock()
    flood = Flood(clock, lambda _: None)
    passages(flood, 120)
    clock.advance(20)
    assert passages(flood, 120).count(Passage.TELL) == 1


async def test_a_flood_of_messages_is_answered_once_and_somebody_else_is_served(bench: Any) -> None:
    await bench.start(Do)
    message = {"id": "1", "channel_id": "5", "author": {"id": "77"}, "content": "!nothing", "guild_id": "4"}
    told: list[str] = []

    async def tell(interaction: Any, text: str) -> None:
        told.append(text)

    bridge = bench.room._bridge
    bridge._tell = tell
    take = bench.gateway._prefilter
    for _ in range(500):
        take.loads(orjson.dumps({"t": "MESSAGE_CREATE", "s": 1, "op": 0, "d": message}))
    async with asyncio.timeout(1):
        assert (await bench.chat.say("!do")).text == "done"
    assert told == [FLOOD_TEXT]


async def test_the_operator_sets_how_much_is_a_flood_and_a_reload_takes_it_over(bench: Any) -> None:
    await bench.start(Do)
    assert (await bench.chat.say("!do")).text == "done"
    bench.flood = FloodLimits(user=0.1, guild=50)
    await bench.room.configured()
    answers = [(await bench.chat.say("!do")).text for _ in range(2)]
    assert answers == ["done", FLOOD_TEXT]
