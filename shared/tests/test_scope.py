"""One value in one variable, which tasks and threads inherit."""

from __future__ import annotations

import asyncio

from coreops_shared import changes, scope, trace
from coreops_shared.scope import Scope


def test_outside_every_scope_nobody_acts() -> None:
    assert scope.current() == Scope()


def test_a_scope_is_seen_inside_and_the_one_before_it_afterwards() -> None:
    with scope.within(Scope(trace="outer")):
        with scope.within(Scope(trace="inner")):
            assert trace.current() == "inner"
        assert trace.current() == "outer"


def test_a_scope_ends_with_an_error_inside_it() -> None:
    before = scope.current()
    try:
        with scope.within(Scope(trace="outer")):
            raise ZeroDivisionError
    except ZeroDivisionError:
        assert scope.current() is before


async def test_threads_and_tasks_begun_inside_inherit_it() -> None:
    noted: list[changes.Change] = []
    with scope.within(Scope(trace="here", actor="user:1", changes=noted)):
        task = asyncio.ensure_future(asyncio.to_thread(lambda: (trace.current(), trace.actor())))
        changes.note("a thing", 1, 2)
    assert await task == ("here", "user:1")
    assert noted == [changes.Change("a thing", "1", "2")]
    assert scope.current() == Scope()
