"""What the operator is told in the ops channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from coreops.telemetry.bus import Bus
from coreops.telemetry.notices import Notices, NoticeTimes
from coreops.telemetry.pile import Pile
from coreops_hookspecs.cache import RefreshResult
from coreops_hookspecs.jobs import JobRun, RunOutcome
from coreops_hookspecs.telemetry import (
    CommandCompleted,
    JobCompleted,
    Lifecycle,
    Noted,
    PluginStateChanged,
    RefreshCompleted,
    WatchdogSignal,
)
from coreops_shared.clock import ManualClock


class Channel:
    """An ops channel."""

    def __init__(self) -> None:
        self.embeds: list[tuple[str, str, str, tuple[tuple[str, str], ...]]] = []
        self.attempts = 0
        self.broken = False

    async def __call__(self, title: str, description: str, severity: str, fields: Any) -> None:
        self.attempts += 1
        if self.broken:
            raise ConnectionError("discord does not answer")
        self.embeds.append((title, description, severity, tuple(fields)))


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
async def notices(clock: ManualClock, log: Any) -> AsyncIterator[Notices]:
    notices = Notices(clock, log, times=NoticeTimes(window=2, interval=10), pile=Pile(capacity=20, quiet=900))
    await notices.start()
    yield notices
    await notices.stop()


def refresh(clock: ManualClock, bucket: str, *, ok: bool = False, actor: str = "cron") -> RefreshCompleted:
    error = "" if ok else "google sheets does not answer"
    return RefreshCompleted(at=clock.now(), result=RefreshResult(bucket, ok, 1.0, 0, actor, "t" * 32, 4, 0, error))


def failed(clock: ManualClock, plugin: str) -> PluginStateChanged:
    return PluginStateChanged(at=clock.now(), plugin=plugin, old="loading", new="failed", reason="ImportError: x")


async def test_a_single_notice_is_an_embed_with_its_reason_and_reference(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    notices.attach(channel)
    event = PluginStateChanged(at=clock.now(), plugin="a", old="loading", new="failed", reason="boom", trace="b" * 32)
    await notices.observe(event)
    await clock.run_for(2)
    assert channel.embeds == [("Plugin a failed", "boom", "error", (("Reference", "b" * 32),))]


async def test_notices_of_a_short_window_are_one_embed_titled_by_the_gravest(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    notices.attach(channel)
    await notices.observe(Lifecycle(at=clock.now(), phase="ready"))
    await clock.run_for(1)
    await notices.observe(failed(clock, "a"))
    await notices.observe(refresh(clock, "clans"))
    await clock.run_for(1)
    ((title, description, severity, _),) = channel.embeds
    assert (title, severity) == ("Plugin a failed and 2 more", "error")
    assert description.splitlines() == [
        "✅ **Ready: commands are answered**",
        "⛔ **Plugin a failed**: ImportError: x",
        "⚠️ **Bucket clans could not be refreshed**: google sheets does not answer",
    ]


async def test_notices_wait_until_the_channel_can_be_reached(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    await notices.observe(failed(clock, "a"))
    await clock.run_for(60)
    notices.attach(channel)
    await clock.run_for(2)
    assert [title for title, *_ in channel.embeds] == ["Plugin a failed"]


async def test_what_is_dropped_while_waiting_is_counted_in_the_next_embed(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    for n in range(25):
        await notices.observe(failed(clock, f"p{n}"))
    notices.attach(channel)
    await clock.run_for(2)
    ((title, description, _, fields),) = channel.embeds
    assert title == "Plugin p5 failed and 19 more"
    assert len(description.splitlines()) == 16
    assert description.endswith("and 5 more in the log")
    assert fields == (("Not shown", "5 earlier notices were dropped; they are in the log"),)


async def test_the_same_news_is_told_once_with_its_count(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    notices.attach(channel)
    for _ in range(3):
        await notices.observe(refresh(clock, "clans"))
    await clock.run_for(2)
    assert channel.embeds[0][1] == "google sheets does not answer (3 times)"
    for _ in range(5):
        await clock.run_for(60)
        await notices.observe(refresh(clock, "clans"))
    assert len(channel.embeds) == 1
    await clock.run_for(900)
    await notices.observe(refresh(clock, "clans"))
    await clock.run_for(2)
    assert channel.embeds[1][1] == "google sheets does not answer (6 times)"


async def test_a_bucket_that_recovers_is_told_and_its_next_failure_is_news(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    notices.attach(channel)
    for ok in (False, True, True, False):
        await notices.observe(refresh(clock, "clans", ok=ok))
        await clock.run_for(30)
    assert [title for title, *_ in channel.embeds] == [
        "Bucket clans could not be refreshed",
        "Bucket clans is fresh again",
        "Bucket clans could not be refreshed",
    ]


async def test_a_preload_of_fifty_buckets_is_one_embed(notices: Notices, channel: Channel, clock: ManualClock) -> None:
    notices.attach(channel)
    for n in range(50):
        await notices.observe(refresh(clock, f"b{n}", ok=n != 7, actor="startup"))
        await clock.run_for(1)
    assert channel.embeds == []
    values = (("buckets", 50), ("failed", "b7"), ("severity", "warning"))
    await notices.observe(Noted(at=clock.now(), plugin="coreops", name="preload", values=values))
    await clock.run_for(2)
    assert channel.embeds == [("Preload", "buckets 50, failed b7", "warning", ())]


async def test_embeds_keep_their_distance(notices: Notices, channel: Channel, clock: ManualClock) -> None:
    notices.attach(channel)
    for n in range(60):
        await notices.observe(failed(clock, f"p{n % 10}-{n}"))
        await clock.run_for(1)
    assert 4 <= len(channel.embeds) <= 6


async def test_a_send_that_fails_is_tried_again_and_loses_nothing(
    notices: Notices, channel: Channel, clock: ManualClock, log: Any
) -> None:
    channel.broken = True
    notices.attach(channel)
    await notices.observe(failed(clock, "a"))
    await clock.run_for(2)
    await notices.observe(failed(clock, "b"))
    await clock.run_for(10)
    assert channel.attempts == 1
    channel.broken = False
    await clock.run_for(60)
    assert [title for title, *_ in channel.embeds] == ["Plugin a failed and 1 more"]
    assert "the ops channel could not be reached" in log.messages("warning")


async def test_a_notice_that_cannot_be_sent_causes_no_event_and_so_no_other_notice(
    notices: Notices, channel: Channel, clock: ManualClock, log: Any
) -> None:
    bus = Bus(log)
    bus.subscribe(notices.observe, name="notices")
    await bus.start()
    channel.broken = True
    notices.attach(channel)
    bus.publish(failed(clock, "a"))
    for _ in range(20):
        await clock.run_for(60)
    assert channel.attempts > 2
    assert [type(event) for event in bus.recent()] == [PluginStateChanged]
    channel.broken = False
    await clock.run_for(600)
    assert [title for title, *_ in channel.embeds] == ["Plugin a failed"]
    await bus.stop()


async def test_stop_sends_what_waits(clock: ManualClock, log: Any, channel: Channel) -> None:
    notices = Notices(clock, log)
    await notices.start()
    notices.attach(channel)
    await notices.observe(Lifecycle(at=clock.now(), phase="draining"))
    await notices.stop()
    assert [title for title, *_ in channel.embeds] == ["Stopping: no new work is taken"]


async def test_every_notice_is_a_lifecycle_line_besides_its_own_at_the_level_of_its_severity(
    notices: Notices, clock: ManualClock, log: Any
) -> None:
    await notices.observe(Lifecycle(at=clock.now(), phase="ready"))
    await notices.observe(refresh(clock, "clans"))
    await notices.observe(WatchdogSignal(at=clock.now(), signal="gateway deaf", action="exit"))
    await notices.observe(refresh(clock, "tags", ok=True))
    levels = [(level, message.split(" ")[0]) for level, message, _ in log.lines]
    assert levels == [
        ("info", "[watcher|lifecycle]"),
        ("warning", "[refresh]"),
        ("warning", "[watcher|lifecycle]"),
        ("error", "[watchdog]"),
        ("error", "[watcher|lifecycle]"),
        ("info", "[refresh]"),
    ]


async def test_a_failed_job_is_told_and_a_good_one_is_not(
    notices: Notices, channel: Channel, clock: ManualClock
) -> None:
    notices.attach(channel)
    for outcome in (RunOutcome.OK, RunOutcome.SKIPPED, RunOutcome.TIMEOUT):
        run = JobRun("demo.report", "demo", clock.now(), clock.now(), 1.0, outcome, "cron", "", "too long")
        await notices.observe(JobCompleted(at=clock.now(), run=run))
    await clock.run_for(2)
    assert [(title, text) for title, text, *_ in channel.embeds] == [("Job demo.report failed", "too long")]


@pytest.mark.parametrize("state", ["discovered", "loading", "some-later-state"])
async def test_a_plugin_on_its_way_is_no_notice(
    notices: Notices, channel: Channel, clock: ManualClock, state: str
) -> None:
    notices.attach(channel)
    await notices.observe(PluginStateChanged(at=clock.now(), plugin="a", old="", new=state))
    await notices.observe(
        CommandCompleted(at=clock.now(), command="x", plugin="a", surface="slash", outcome="ok", duration=0.1)
    )
    await clock.run_for(5)
    assert channel.embeds == []


async def test_an_embed_stays_within_discords_limits(notices: Notices, channel: Channel, clock: ManualClock) -> None:
    notices.attach(channel)
    for n in range(20):
        event = PluginStateChanged(at=clock.now(), plugin=f"{n}" * 200, old="", new="failed", reason="x" * 5000)
        await notices.observe(event)
    await clock.run_for(2)
    ((title, description, *_),) = channel.embeds
    assert len(title) <= 256
    assert len(description) <= 4096
