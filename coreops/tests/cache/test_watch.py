"""Edits of people in a store that can be watched are read without waiting for the time to live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from coreops.cache.bucket import Bucket
from coreops.cache.planner import Want
from coreops.cache.watch import Watch
from coreops_shared.clock import ManualClock

DAY = timedelta(days=1)


class Folder:
    """Tabs with a text each that changes when they are edited; ``None`` stands for a store that cannot tell."""

    def __init__(self) -> None:
        self.looks: dict[str, str] | None = {}

    async def fingerprints(self, _: str, tabs: Sequence[str]) -> Sequence[str] | None:
        return None if self.looks is None else [self.looks[tab] for tab in tabs]


class Watched:
    """A watch over two buckets that were read, and what it told."""

    def __init__(self, clock: ManualClock, clans: Callable[..., Any]) -> None:
        self.clock = clock
        self.folder = Folder()
        self.folder.looks = {"Clans": "1", "Tags": "1"}
        self.buckets = {tab: Bucket("demo", clans(tab.lower(), tab), 0.0) for tab in ("Clans", "Tags")}
        for bucket in self.buckets.values():
            bucket.look = "1"
        self.told: list[list[str]] = []
        self.task = asyncio.create_task(Watch(self.folder, clock, self.wants, self.tell).run())

    def wants(self) -> Sequence[tuple[Bucket, Want]]:
        return [(bucket, Want(bucket.spec.name, "book", tab, 0.0)) for tab, bucket in self.buckets.items()]

    def tell(self, buckets: Sequence[Bucket]) -> None:
        self.told.append([bucket.spec.name for bucket in buckets])
        for bucket in buckets:
            bucket.loading = True

    async def look(self, **looks: str) -> list[list[str]]:
        """Let the tabs look so at the next look, and return all that was told until then."""
        assert self.folder.looks is not None
        self.folder.looks |= looks
        await self.clock.run_for(0.5)
        return self.told


@pytest.fixture
async def watched(clock: ManualClock, clans: Callable[..., Any]) -> AsyncIterator[Watched]:
    watched = Watched(clock, clans)
    await clock.run_for(0)
    yield watched
    watched.task.cancel()


async def test_an_edit_is_told_once_it_has_stayed_from_one_look_to_the_next(watched: Watched) -> None:
    assert await watched.look() == []
    assert await watched.look(Clans="2") == []
    assert await watched.look() == [["clans"]]


async def test_a_file_in_the_middle_of_being_saved_is_waited_for(watched: Watched) -> None:
    for size in ("2", "3", "4"):
        assert await watched.look(Clans=size) == []
    assert await watched.look() == [["clans"]]


async def test_what_is_being_read_is_left_alone_until_it_was(watched: Watched) -> None:
    await watched.look(Clans="2", Tags="2")
    assert await watched.look() == [["clans", "tags"]]
    assert await watched.look(Clans="3") == [["clans", "tags"]]
    for bucket in watched.buckets.values():
        bucket.look, bucket.loading = "2", False
    await watched.look()
    assert await watched.look() == [["clans", "tags"], ["clans"]]


async def test_an_edit_that_is_taken_back_is_none(watched: Watched) -> None:
    await watched.look(Clans="2")
    assert await watched.look(Clans="1") == []
    assert await watched.look() == []


async def test_what_was_never_read_is_not_looked_at(watched: Watched) -> None:
    watched.buckets["Clans"].look = None
    await watched.look(Clans="2")
    assert await watched.look() == []


async def test_a_store_that_cannot_tell_just_now_is_asked_again(watched: Watched) -> None:
    looks, watched.folder.looks = watched.folder.looks, None
    await watched.clock.run_for(2)
    watched.folder.looks = looks
    await watched.look(Tags="2")
    assert await watched.look() == [["tags"]]


@pytest.fixture
def passing(clock: ManualClock) -> Callable[..., Any]:
    """Let time pass, half a second at a time, until something is so."""

    async def passing(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not condition():
                clock.advance(0.5)
                await asyncio.sleep(0.01)

    return passing


async def test_an_edited_file_is_read_and_nothing_else(make_cache: Any, clans: Any, shelf: Any, passing: Any) -> None:
    cache = make_cache(watch=True)
    cache.add("demo", clans(ttl=DAY))
    cache.add("demo", clans("tags", "Tags", ttl=DAY))
    await cache.preload(5)
    shelf.calls.clear()
    shelf.write("book", "Clans", "tag,level", "NEW,3")
    await passing(lambda: cache.get_snapshot("clans").get("new"))
    assert shelf.calls == [("book", ("Clans",))]
    assert cache.status("clans").last_actor == "watch"
    assert cache.status("tags").last_actor == "startup"


async def test_a_file_that_went_away_is_told_at_once_and_read_when_it_is_back(
    make_cache: Any, clans: Any, shelf: Any, passing: Any
) -> None:
    cache = make_cache(watch=True)
    cache.add("demo", clans(ttl=DAY))
    await cache.preload(5)
    path = shelf.folder / "book" / "Clans.csv"
    path.rename(path.with_suffix(".old"))
    await passing(lambda: cache.status("clans").failing_since)
    assert cache.get_snapshot("clans").get("F-IT")
    shelf.write("book", "Clans", "tag,level", "BACK,1")
    await passing(lambda: cache.status("clans").failing_since is None)
    assert cache.get_snapshot("clans").get("back")


async def test_a_paused_bucket_is_not_read_for_an_edit(make_cache: Any, clans: Any, shelf: Any, passing: Any) -> None:
    cache = make_cache(watch=True)
    cache.add("demo", clans(ttl=DAY))
    cache.add("demo", clans("tags", "Tags", ttl=DAY))
    await cache.preload(5)
    cache.paused.add("clans")
    for tab in ("Clans", "Tags"):
        shelf.write("book", tab, "tag,level", "NEW,3")
    await passing(lambda: cache.get_snapshot("tags").get("new"))
    assert cache.get_snapshot("clans").get("new") is None


async def test_an_edit_of_what_is_switched_off_is_read_when_it_is_switched_on(
    make_cache: Any, clans: Any, shelf: Any, passing: Any
) -> None:
    switched_on: set[str] = set()
    cache = make_cache(watch=True, enabled=switched_on.__contains__)
    cache.add("demo", clans(ttl=DAY, toggles=("demo",)))
    cache.add("demo", clans("tags", "Tags", ttl=DAY))
    await cache.preload(5)
    for tab in ("Clans", "Tags"):
        shelf.write("book", tab, "tag,level", "NEW,3")
    await passing(lambda: cache.get_snapshot("tags").get("new"))
    assert cache.get_snapshot("clans").get("new") is None
    switched_on.add("demo")
    await passing(lambda: cache.get_snapshot("clans").get("new"))
