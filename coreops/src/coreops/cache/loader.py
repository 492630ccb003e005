"""Reads a batch of tabs and turns each into records, with an answer for every bucket whatever happens to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from coreops.cache.bucket import Bucket
from coreops.cache.planner import Batch
from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.outcomes import OutcomeStatus
from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.errors import CacheError, SheetsNotFoundError, SheetsSchemaError
from coreops_hookspecs.sheets import JsonTable, TabInfo, Table
from coreops_shared.sheets.async_facade import SheetsCall
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.locales import NEUTRAL, Locale
from coreops_shared.sheets.rows import Parsed, aparse
from coreops_shared.suggest import did_you_mean

__all__ = ["Loader", "Read", "Tables"]

_PARSE_DEADLINE: Final = 60.0
"""Seconds that reading the rows of one tab may take; it runs a plugin's parsers."""


class Tables(Protocol):
    """The part of the Sheets façade that buckets need."""

    async def fetch_many(
        self, spreadsheet: str, tabs: Sequence[str], *, on_call: Callable[[SheetsCall], None] | None = None
    ) -> Sequence[Table | JsonTable]: ...

    async def tabs(self, spreadsheet: str) -> Sequence[TabInfo]: ...

    async def modified_at(self, spreadsheet: str) -> datetime | None: ...

    async def fingerprints(self, spreadsheet: str, tabs: Sequence[str]) -> Sequence[str] | None: ...


@dataclass(frozen=True, slots=True)
class Read:
    """A batch that was read: a table or an error for each tab, and how often the store had to be asked again.

    ``looks`` are the tabs' fingerprints from just before, where the store has some.
    """

    tables: Mapping[str, Table | JsonTable | BaseException]
    retries: int
    looks: Mapping[str, str]


class Loader:
    """Gets tables and records.

    Args:
        sheets: Where tables come from.
        guard: Door to records' and columns' code, which belongs to plugins.
        locale: How cells are written.
    """

    def __init__(self, sheets: Tables, guard: Guard, locale: Locale = NEUTRAL) -> None:
        self._sheets = sheets
        self._guard = guard
        self._locale = locale

    async def read(self, batch: Batch) -> Read:
        """Read the tabs of a batch in one call; a tab that does not exist costs the others only a second one."""
        attempts: list[int] = []

        async def fetch(tabs: Sequence[str]) -> Mapping[str, Table | JsonTable | BaseException]:
            reading = self._sheets.fetch_many(
                batch.spreadsheet, tabs, on_call=lambda call: attempts.append(max(call.attempts - 1, 0))
            )
            (found,) = await asyncio.gather(reading, return_exceptions=True)
            if isinstance(found, BaseException):
                return dict.fromkeys(tabs, found)
            return dict(zip(tabs, found, strict=True))

        looks = await self._sheets.fingerprints(batch.spreadsheet, batch.tabs) or ()
        tables = await fetch(batch.tabs)
        if len(tables) > 1 and any(isinstance(table, SheetsNotFoundError) for table in tables.values()):
            missing = await self._missing(batch)
            if missing and len(missing) < len(tables):
                tables = {**await fetch([tab for tab in batch.tabs if tab not in missing]), **missing}
        return Read(tables, sum(attempts), dict(zip(batch.tabs, looks, strict=False)))

    async def parse(self, bucket: Bucket, table: Table | JsonTable) -> Parsed[Any] | BaseException:
        """Turn a bucket's table into records; what goes wrong is returned."""
        spec = bucket.spec
        if bucket.plan is None or bucket.plan.spec is not spec:
            bucket.plan = compile_spec(spec, self._locale)
        outcome = await self._guard.call(
            bucket.plugin, CallKind.LOADER, f"bucket {spec.name}", aparse, bucket.plan, table, timeout=_PARSE_DEADLINE
        )
        if outcome.status is OutcomeStatus.SKIPPED:
            return CacheError(outcome.reason)
        if outcome.error is not None:
            return outcome.error
        parsed = outcome.value
        assert parsed is not None
        if parsed.problem_count and not parsed.rows:
            return _unreadable(spec, parsed)
        return parsed

    async def _missing(self, batch: Batch) -> Mapping[str, SheetsNotFoundError]:
        (listed,) = await asyncio.gather(self._sheets.tabs(batch.spreadsheet), return_exceptions=True)
        if isinstance(listed, BaseException):
            return {}
        titles = [tab.title for tab in listed]
        return {
            tab: SheetsNotFoundError(f"spreadsheet {batch.spreadsheet} has no tab {tab!r}{did_you_mean(tab, titles)}")
            for tab in batch.tabs
            if tab not in titles
        }


def _unreadable(spec: BucketSpec[Any], parsed: Parsed[Any]) -> SheetsSchemaError:
    """Return the error of a tab in which a formula, say, has spoilt every row: the last good rows serve better."""
    problems = [str(problem) for problem in parsed.problems[:3]]
    msg = f"no row of tab {spec.tab!r} can be read, all {parsed.problem_count} are wrong: {'; '.join(problems)}"
    return SheetsSchemaError(msg, problems=problems)
