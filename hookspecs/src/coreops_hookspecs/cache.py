"""Buckets: named, typed, cached tables, and what is known about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

__all__ = [
    "BucketSpec",
    "BucketStatus",
    "Column",
    "LastGood",
    "RefreshResult",
    "RowChange",
    "RowProblem",
    "Snapshot",
    "SnapshotDiff",
]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column:
    """How one field of a record is found in the header row and read from a cell.

    The type, whether it is required and the default come from the record's own annotations.

    Args:
        field: Name of the record's field.
        header: Text of the header; defaults to the field's name. Case and surrounding blanks do not matter.
        aliases: Further headers that are accepted.
        choices: Allowed values; empty allows all.
        parser: Reads the cell's text instead of the type's own reader; raises ``ValueError`` with an expectation.
    """

    field: str
    header: str = ""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    parser: Callable[[str], Any] | None = None


@dataclass(frozen=True, slots=True)
class BucketSpec(Generic[R]):
    """A cached table that a plugin declares.

    Args:
        name: Unique lower-case name, for example ``clans``.
        spreadsheet: Key of the setting that holds the spreadsheet's id, for example ``RECRUITMENT_SHEET_ID``.
        tab: Title of the tab.
        record: Frozen dataclass or msgspec Struct; one instance per row.
        key: Field whose value identifies a row; rows with an empty or repeated key are problems.
        columns: Overrides for single fields; other fields use their own name as the header.
        ttl: Age after which a background refresh is due.
        max_age: Age after which rows are no longer served; ``None`` serves the last good ones for ever.
        cron: Five-field cron expression for scheduled refreshes instead of the TTL; UTC.
        toggles: Features that need the rows; while all of them are off, missing rows are no operator's concern. Empty
            for a bucket that is always needed.
    """

    name: str
    spreadsheet: str
    tab: str
    record: type[R]
    key: str
    columns: tuple[Column, ...] = ()
    ttl: timedelta = timedelta(hours=3)
    max_age: timedelta | None = None
    cron: str | None = None
    toggles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A cell that could not be read; its row was left out.

    Args:
        cell: A1 address, for example ``C17``.
        value: The text that stands there, shortened.
        expected: What would have been accepted.
    """

    cell: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.value!r} is not {self.expected}"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that stands in two snapshots with different values: field, old and new value of each that differs."""

    key: str
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """What one snapshot has that another had not, by the rows' keys."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[RowChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[R]):
    """One immutable state of a bucket; hold it as long as you like, it never changes.

    Args:
        bucket: Name of the bucket.
        rows: Records in the order of the sheet.
        by_key: The same records by their key, case-folded.
        loaded_at: When the data was read from the store (UTC).
        revision: Counts up by one with each successful refresh of this process.
        problem_count: How many rows were left out.
        problems: The first ten of them.
        restored: Whether it is the last good copy from disk and not read since the start.
        key: Field that identifies a row.
    """

    bucket: str
    rows: tuple[R, ...] = field(repr=False)
    by_key: Mapping[str, R] = field(repr=False)
    loaded_at: datetime
    revision: int
    problem_count: int = 0
    problems: tuple[RowProblem, ...] = ()
    restored: bool = False
    key: str = ""

    def get(self, key: str) -> R | None:
        """Return the record with that key, whatever its case, or ``None``."""
        return self.by_key.get(key.strip().casefold())

    def since(self, before: Snapshot[Any]) -> SnapshotDiff:
        """Return what this snapshot has that ``before`` had not; call it in a thread where rows are many."""
        old, new = before.by_key, self.by_key
        return SnapshotDiff(
            added=tuple(self._key_of(row) for key, row in new.items() if key not in old),
            removed=tuple(before._key_of(row) for key, row in old.items() if key not in new),
            changed=tuple(self._change(old[key], row) for key, row in new.items() if key in old and old[key] != row),
        )

    def _key_of(self, row: Any) -> str:
        return str(getattr(row, self.key, ""))

    def _change(self, old: Any, new: Any) -> RowChange:
        kind: Any = type(new)
        names = getattr(kind, "__struct_fields__", ()) or tuple(getattr(kind, "__dataclass_fields__", ()))
        pairs = ((name, getattr(old, name, None), getattr(new, name)) for name in names)
        return RowChange(self._key_of(new), tuple(pair for pair in pairs if pair[1] != pair[2]))


@dataclass(frozen=True, slots=True)
class LastGood:
    """The copy of a bucket on disk, from which a restart answers: where it was read, when (UTC), and its SHA-256."""

    spreadsheet: str
    tab: str
    loaded_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class BucketStatus:
    """What is publicly known of one bucket: the payload behind ``health``, ``digest`` and ``refresh``.

    Durations are in seconds, instants in UTC. ``last_result`` is ``ok``, ``error`` or ``never``. ``setting`` is the key
    of the setting with the spreadsheet's id; ``refreshing`` tells whether it is being read now.

    A refresh of a spreadsheet that has not changed may be spared the read: ``spared`` counts those since the rows were
    read, at ``loaded_at``; ``checked_at`` is the last of them, and ``age`` counts from there.

    ``idle`` tells that the features which need the rows are all switched off: that they are missing or old, or have
    problems, is no concern then.
    """

    name: str
    plugin: str
    spreadsheet: str
    tab: str
    available: bool
    stale: bool
    restored: bool
    age: float | None
    ttl: float
    next_refresh_at: datetime | None
    loaded_at: datetime | None
    rows: int
    problem_count: int
    problems: tuple[RowProblem, ...]
    revision: int
    duration: float | None
    retries: int
    last_actor: str
    last_result: str
    last_error: str
    failing_since: datetime | None
    setting: str = ""
    max_age: float | None = None
    cron: str = ""
    refreshing: bool = False
    last_good: LastGood | None = None
    checked_at: datetime | None = None
    spared: int = 0
    idle: bool = False

    @property
    def known_at(self) -> datetime | None:
        """When the rows were last known to be those of the store: read, or found unchanged; ``None`` without rows."""
        return None if self.loaded_at is None else self.checked_at or self.loaded_at

    @property
    def outdated(self) -> bool:
        """Whether who is shown the rows has to be told how old they are: newer ones should be there and are not."""
        return self.known_at is not None and (self.stale or self.restored or self.failing_since is not None)

    def age_note(self, what: str = "", *, say: Callable[..., str] = str.format) -> tuple[str, ...]:
        """Return the line of a reply that says how old the rows are, or no line where they are not :attr:`outdated`.

        Args:
            what: What the rows are, for a reply that shows those of several buckets.
            say: ``ctx.commands.say``, for a reply in the caller's language.
        """
        if self.known_at is None or not self.outdated:
            return ()
        # Discord's message formatting: -# is small print, <t:…:R> an age that counts on while the message stands there
        age = say("data from {when}", when=f"<t:{int(self.known_at.timestamp())}:R>")
        return (f"-# ⚠️ {f'{what}: ' if what else ''}{age}",)


@dataclass(frozen=True, slots=True)
class RefreshResult:
    """How one refresh ended. ``duration`` is in seconds; ``actor`` as in DESIGN words: ``user:<id>``, ``startup`` …

    ``unchanged`` tells that nothing was read, because the spreadsheet has not changed since it was.
    """

    bucket: str
    ok: bool
    duration: float
    retries: int
    actor: str
    trace: str
    rows: int
    problem_count: int
    error: str = ""
    unchanged: bool = False
