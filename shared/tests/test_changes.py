"""What is changed while a command runs is collected, also in the tasks that it starts."""

from __future__ import annotations

import asyncio

from coreops_shared import changes


async def test_a_change_in_a_task_of_the_command_is_collected() -> None:
    async def work() -> None:
        changes.note("toggle a", "off", "on")

    with changes.collecting() as noted:
        await asyncio.create_task(work())
        changes.note("setting B", 1, 2)
    assert noted == [("toggle a", "off", "on"), ("setting B", "1", "2")]


def test_outside_of_a_command_nothing_is_kept() -> None:
    with changes.collecting() as noted:
        pass
    changes.note("toggle a", "off", "on")
    assert noted == []


def test_one_command_does_not_fill_the_trail() -> None:
    with changes.collecting() as noted:
        for number in range(1000):
            changes.note("row", number, number + 1)
    assert len(noted) == 100
