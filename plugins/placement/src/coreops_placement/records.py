"""The bucket ``reservations``: its record, and what stands in its cells."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final

from coreops_hookspecs import BucketSpec, Column

__all__ = ["ACTIVE", "BUCKET", "EXPIRED", "KEY", "RELEASED", "RESERVATIONS", "Reservation"]

ACTIVE: Final = "active"
RELEASED: Final = "released"
EXPIRED: Final = "expired"

BUCKET: Final = "reservations"
KEY: Final = "reservation_id"
"""Header of the column that identifies a row."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """One row of the tab ``reservations``: a place in a clan that is, or was, held for somebody.

    Args:
        reservation_id: Names the row.
        clan_tag: Of which clan.
        member_id: Discord id of the newcomer, as text.
        until: The last day, as ``2026-12-01``; kept as the cell has it, so that an edit by hand is noticed.
        status: ``active``, ``released`` or ``expired``; kept as the cell has it.
        member_name: What the newcomer was called.
        by: Discord id of who reserved it, as text.
        created_at: Instant (UTC), ISO 8601.
        note: A few words for recruiters.
    """

    reservation_id: str
    clan_tag: str
    member_id: str
    until: str
    status: str
    member_name: str = ""
    by: str = ""
    created_at: str = ""
    note: str = ""

    @property
    def active(self) -> bool:
        """Whether the place is held, be its last day over or not."""
        return self.status.casefold() == ACTIVE

    @property
    def last_day(self) -> date:
        """The last day for which it is held."""
        return date.fromisoformat(self.until)

    @property
    def member(self) -> str:
        """The newcomer for people: a mention, or the name where the id is none of Discord's."""
        return f"<@{self.member_id}>" if self.member_id.isdecimal() else self.member_name or self.member_id

    def texts(self) -> dict[str, str]:
        """Return the row's texts by header."""
        return asdict(self)


def _status(text: str) -> str:
    if text.casefold() not in {ACTIVE, RELEASED, EXPIRED}:
        expected = f"one of {ACTIVE}, {RELEASED}, {EXPIRED}"
        raise ValueError(expected)
    return text


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        expected = "a day as 2026-12-01"
        raise ValueError(expected) from None
    return text


RESERVATIONS: Final = BucketSpec(
    name=BUCKET,
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="reservations",
    record=Reservation,
    key=KEY,
    columns=(Column("until", parser=_day), Column("status", parser=_status)),
    ttl=timedelta(minutes=15),
    toggles=("placement",),
)
