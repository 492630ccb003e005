"""What a read costs and what it is held to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from coreops_hookspecs.errors import BucketColdError, SheetsPermissionError, UnknownBucketError
from coreops_shared.clock import ManualClock

OUTAGE = SheetsPermissionError("the account may not open book")


async def test_what_is_kept_fresh_is_served_without_a_look_at_the_clock(
    cache: Any, clans: Any, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.add("demo", clans(ttl=timedelta(minutes=1)))
    await cache.preload(5)
    await until(lambda: cache._served)
    with monkeypatch.context() as patched:
        patched.setattr(cache, "_monotonic", None)
        assert len(cache.get_snapshot("clans").rows) == 2


async def test_what_has_a_maximum_age_is_not_served_an_instant_longer(
    cache: Any, clans: Any, shelf: Any, clock: ManualClock, until: Any
) -> None:
    cache.add("demo", clans(ttl=timedelta(minutes=1), max_age=timedelta(minutes=2)))
    await cache.preload(5)
    assert len(cache.get_snapshot("clans").rows) == 2
    shelf.broken = OUTAGE
    for _ in range(3):
        clock.advance(60)
        await until(lambda: cache.status("clans").next_refresh_at > clock.now())
    assert cache._served == {}
    with pytest.raises(BucketColdError, match="is older than its maximum age of 2 min"):
        cache.get_snapshot("clans")


async def test_a_bucket_that_left_is_not_served_any_more(cache: Any, clans: Any, until: Any) -> None:
    remove = cache.add("demo", clans())
    await cache.preload(5)
    await until(lambda: cache._served)
    remove()
    with pytest.raises(UnknownBucketError) as raised:
        cache.get_snapshot("clans")
    assert raised.value.__context__ is None
