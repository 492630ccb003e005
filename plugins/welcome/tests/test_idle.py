"""When a reminder is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coreops_welcome.idle import Stage, due
from coreops_welcome.tickets import Ticket

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = tuple(Stage(n, timedelta(hours=h), "") for n, h in (("nudge", 3), ("warning", 24), ("close", 36)))


def ticket(active: float = 0, reminded: str = "", at: float = 0) -> Ticket:
    said = (START + timedelta(hours=at)).isoformat() if reminded else ""
    word = (START + timedelta(hours=active)).isoformat()
    return Ticket("1", START.isoformat(), word, reminded=reminded, reminded_at=said)


@pytest.mark.parametrize(
    ("row", "hours", "expected"),
    [
        (ticket(), 2.9, None),
        (ticket(), 3, "nudge"),
        (ticket(reminded="nudge", at=3), 23.9, None),
        (ticket(reminded="nudge", at=3), 24, "warning"),
        (ticket(reminded="warning", at=24), 35.9, None),
        (ticket(reminded="warning", at=24), 36, "close"),
        (ticket(reminded="close", at=36), 37, "close"),
        (ticket(active=30, reminded="warning", at=24), 32.9, None),
        (ticket(active=30, reminded="warning", at=24), 33, "nudge"),
        (ticket(), 500, "nudge"),
        (ticket(reminded="nudge", at=500), 501, None),
    ],
)
def test_reminders_come_in_order_and_a_word_of_a_person_begins_anew(
    row: Ticket, hours: float, expected: str | None
) -> None:
    found = due(row, START + timedelta(hours=hours), ORDER)
    assert (found and found.name) == expected
