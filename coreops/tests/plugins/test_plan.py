from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import lightbulb
import pytest

from coreops.plugins.plan import requirements_changed, shape
from coreops_hookspecs import BucketSpec, Command, JobSpec, Setting, access


async def run(*_: Any) -> None: ...


def again() -> Any:
    """Return a function of the same name and other identity, as a reload makes one."""

    async def run(*_: Any) -> None: ...

    run.__qualname__, run.__module__ = "run", __name__
    return run


def record(**types: str) -> type:
    return dataclass(type("Clan", (), {"__annotations__": types or {"tag": "str"}}))


def ping(tier: Any = access.user, **options: Any) -> Any:
    class Ping(lightbulb.SlashCommand, name="ping", description=options.get("description", "Pings")):
        who = lightbulb.string("who", "whom", default=options.get("default", ""))

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None: ...

    return tier(Ping)


def in_group(target: Any) -> Any:
    group = lightbulb.Group("tools", "Tools")
    group.register(target)
    return group


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Setting("KEY"), Setting("KEY")),
        (JobSpec("a", run, every=timedelta(1)), JobSpec("a", again(), every=timedelta(1))),
        (BucketSpec("c", "K", "t", record(), "tag"), BucketSpec("c", "K", "t", record(), "tag")),
        (Command(ping()), Command(ping())),
        (Command(in_group(ping())), Command(in_group(ping()))),
    ],
)
def test_new_objects_that_say_the_same_are_no_change(old: Any, new: Any) -> None:
    assert shape(old) == shape(new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Setting("KEY"), Setting("KEY", default="x")),
        (Setting("KEY", type=int), Setting("KEY", type=float)),
        (JobSpec("a", run, every=timedelta(1)), JobSpec("a", run, every=timedelta(2))),
        (JobSpec("a", run, every=timedelta(1)), JobSpec("a", record, every=timedelta(1))),
        (BucketSpec("c", "K", "t", record(), "tag"), BucketSpec("c", "K", "t", record(tag="str", size="int"), "tag")),
        (Command(ping()), Command(ping(access.admin))),
        (Command(ping()), Command(ping(description="Pongs"))),
        (Command(ping()), Command(ping(default="all"))),
        (Command(ping()), Command(ping(), rest="who")),
        (Command(in_group(ping())), Command(in_group(ping(access.staff)))),
    ],
)
def test_what_is_said_differently_is_a_change(old: Any, new: Any) -> None:
    assert shape(old) != shape(new)


def test_requirements_are_compared_as_sets() -> None:
    assert requirements_changed(("a", "b>=1"), ("b>=1", "a")) == ""
    assert requirements_changed(("a", "b>=1"), ("b>=2", "a")) == "it requires no longer b>=1 and now b>=2"
