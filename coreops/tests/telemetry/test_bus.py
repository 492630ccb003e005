"""The bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from coreops.telemetry.bus import Bus
from coreops_hookspecs.telemetry import Event, Lifecycle, Noted
from coreops_shared import trace

AT = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT = 5.0


def phase(name: str, **more: Any) -> Lifecycle:
    return Lifecycle(at=AT, phase=name, **more)


class Seen:
    """A subscriber that keeps what it saw."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.arrived = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        self.events.append(event)
        self.arrived.set()

    async def wait(self, count: int) -> None:
        while len(self.events) < count:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), LIMIT)


@pytest.fixture
async def bus(log: Any) -> AsyncIterator[Bus]:
    bus = Bus(log)
    await bus.start()
    yield bus
    await bus.stop()


async def test_every_subscriber_sees_every_event_in_order(bus: Bus) -> None:
    first, second = Seen(), Seen()
    bus.subscribe(first, name="first")
    bus.subscribe(second, name="second")
    events = [phase(str(n)) for n in range(20)]
    for event in events:
        bus.publish(event)
    await first.wait(20)
    await second.wait(20)
    assert first.events == second.events == events


async def test_what_is_published_before_the_start_is_delivered_after_it(log: Any) -> None:
    bus, seen = Bus(log), Seen()
    bus.subscribe(seen, name="seen")
    bus.publish(phase("starting"))
    await bus.start()
    await seen.wait(1)
    await bus.stop()


async def test_a_subscriber_that_raises_is_logged_and_sees_the_next_event(bus: Bus, log: Any) -> None:
    seen = Seen()

    async def broken(event: Event) -> None:
        await seen(event)
        raise ValueError("no")

    bus.subscribe(broken, name="broken")
    bus.publish(phase("a"))
    bus.publish(phase("b"))
    await seen.wait(2)
    assert ("error", "subscriber failed", {"subscriber": "broken", "error": "ValueError: no"}) in log.lines


async def test_a_slow_subscriber_loses_events_that_are_counted_and_holds_up_nobody(log: Any) -> None:
    bus, seen, gate = Bus(log, capacity=3), Seen(), asyncio.Event()

    async def slow(event: Event) -> None:
        await gate.wait()

    bus.subscribe(slow, name="slow")
    bus.subscribe(seen, name="seen")
    await bus.start()
    for n in range(10):
        bus.publish(phase(str(n)))
        await seen.wait(n + 1)
    assert bus.dropped == 6  # one in its hands, three in its queue
    assert log.messages("warning") == ["subscriber is too slow, events are lost"]
    gate.set()
    await bus.stop()


async def test_recent_gives_the_latest_first_and_is_bounded(log: Any) -> None:
    bus = Bus(log, keep=3)
    for n in range(5):
        bus.publish(phase(str(n)))
    assert [event.phase for event in bus.recent() if isinstance(event, Lifecycle)] == ["4", "3", "2"]
    assert len(bus.recent(1)) == 1


async def test_an_unsubscribed_one_sees_nothing_more(bus: Bus) -> None:
    gone, stays = Seen(), Seen()
    remove = bus.subscribe(gone, name="gone")
    bus.subscribe(stays, name="stays")
    remove()
    bus.publish(phase("a"))
    await stays.wait(1)
    assert gone.events == []


async def test_what_a_subscriber_causes_is_not_handed_to_it_again(bus: Bus) -> None:
    """Two that answer each other would otherwise go on for ever."""
    seen = Seen()

    def answering(name: str) -> Any:
        async def answer(event: Event) -> None:
            bus.publish(Noted(at=AT, plugin=name, name="answer"))

        return answer

    bus.subscribe(answering("a"), name="a")
    bus.subscribe(answering("b"), name="b")
    bus.subscribe(seen, name="seen")
    bus.publish(phase("ready"))
    # the cause, an answer of each, and each one's answer to the other's
    await seen.wait(5)
    await bus.stop()
    assert len(seen.events) == 5


async def test_a_subscriber_works_under_the_events_trace_and_actor(bus: Bus) -> None:
    seen: list[tuple[str, str]] = []
    done = asyncio.Event()

    async def look(event: Event) -> None:
        seen.append((trace.current(), trace.actor()))
        done.set()

    with trace.span("f" * 32), trace.acting("user:1"):
        bus.subscribe(look, name="look")
    bus.publish(phase("ready", trace="a" * 32, actor="cron"))
    await asyncio.wait_for(done.wait(), LIMIT)
    assert seen == [("a" * 32, "cron")]


async def test_stop_delivers_what_waits_within_its_grace(log: Any) -> None:
    bus, seen = Bus(log), Seen()

    async def stuck(event: Event) -> None:
        await asyncio.Event().wait()

    bus.subscribe(seen, name="seen")
    bus.subscribe(stuck, name="stuck")
    await bus.start()
    for n in range(50):
        bus.publish(phase(str(n)))
    await asyncio.wait_for(bus.stop(0.2), LIMIT)
    assert len(seen.events) == 50
