"""Notices tabs that somebody edited in a store that people reach past the bot, and has their buckets read at once.

A folder of CSV files is looked at twice a second. What has changed since a bucket was read, and has stayed as it is
from one look to the next, so that nobody is in the middle of saving it, is read. Google's spreadsheets are not looked
at: that would cost requests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from coreops.cache.bucket import Bucket
from coreops.cache.planner import Want, batches
from coreops_shared.clock import Clock
from coreops_shared.sheets.edits import Edits

__all__ = ["WATCH", "Watch"]

WATCH: Final = "watch"
"""The actor of refreshes that an edit from outside causes."""
_LOOK: Final = 0.5
"""Seconds from one look to the next."""


class Fingerprinted(Protocol):
    """The part of the Sheets façade that tells whether tabs were edited."""

    async def fingerprints(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[str] | None: ...


class Watch:
    """Looks for edits until it is cancelled.

    Args:
        sheets: Who is asked.
        clock: Pauses.
        watched: Returns the buckets that are kept fresh, with what each wants.
        edited: Called with the buckets whose tabs somebody edited.
    """

    def __init__(
        self,
        sheets: Fingerprinted,
        clock: Clock,
        watched: Callable[[], Sequence[tuple[Bucket, Want]]],
        edited: Callable[[Sequence[Bucket]], None],
    ) -> None:
        self._sheets = sheets
        self._clock = clock
        self._watched = watched
        self._edited = edited
        self._edits: Edits[Bucket] = Edits()

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await self._look()
            await self._clock.sleep(_LOOK)

    async def _look(self) -> None:
        watched = {want.bucket: (bucket, want) for bucket, want in self._watched()}
        looks: dict[Bucket, tuple[str, str]] = {}
        for batch in batches(want for _, want in watched.values() if want.spreadsheet):
            found = await self._sheets.fingerprints(batch.spreadsheet, batch.tabs)
            if found is None:
                continue
            now = dict(zip(batch.tabs, found, strict=True))
            for want in batch.wants:
                bucket = watched[want.bucket][0]
                if bucket.look is not None and not (bucket.loading or bucket.removed or bucket.spec.tab != want.tab):
                    looks[bucket] = (bucket.look, now[want.tab])
        if edited := self._edits.over(looks):
            self._edited(edited)
