"""Feature toggles: a worksheet switches them, and whatever is not clearly TRUE is off."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from coreops_hookspecs import Table, Toggle, ToggleState
from coreops_hookspecs.errors import DeclarationError, SheetsError, SheetsNotFoundError, SheetsSchemaError
from coreops_shared.clock import Clock
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.locales import NEUTRAL, Locale
from coreops_shared.suggest import did_you_mean

__all__ = ["Flags", "problems_in"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_.-]*")
_COLUMNS: Final = ("feature_name", "enabled")


@dataclass(frozen=True, slots=True)
class _Row:
    """One toggle as the worksheet has it."""

    reason: str
    source: str = ""
    enabled: bool = False
    malformed: bool = False


class Flags:
    """Implements :class:`coreops_hookspecs.Toggles`.

    The worksheet has the columns ``feature_name`` and ``enabled``, in any case and order. A toggle is on if its cell
    says TRUE. It is off if that cell says anything else, if it has no row or two, if the worksheet is missing or
    malformed, and until it has been read. While the worksheet cannot be reached, the last read state stands.

    Args:
        report: Told each problem once, again only after it had gone.
        clock: Dates outages.
        locale: How a checkbox shows TRUE and FALSE, besides these words.
    """

    def __init__(self, *, report: Callable[[str], None], clock: Clock, locale: Locale = NEUTRAL) -> None:
        self._locale = locale
        self._report = report
        self._clock = clock
        self._declared: dict[str, tuple[str, Toggle]] = {}
        self._rows: Mapping[str, _Row] = {}
        self._missing = "never read"
        self._outage: tuple[datetime, str] | None = None
        self._read_at: datetime | None = None
        self._announced: frozenset[str] = frozenset()

    def add(self, plugin: str, toggle: Toggle) -> Callable[[], None]:
        """Declare a toggle of a plugin and return what withdraws it. Raises DeclarationError."""
        where = f'toggle "{toggle.name}" of plugin "{plugin}"'
        if not _NAME.fullmatch(toggle.name):
            raise DeclarationError(f"{where}: a name is lower-case letters, digits, _ . -")
        if toggle.name in self._declared:
            raise DeclarationError(f"{where} is declared by {self._declared[toggle.name][0]} already; rename it")
        self._declared[toggle.name] = (plugin, toggle)

        def withdraw() -> None:
            self._declared.pop(toggle.name, None)

        return withdraw

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the toggles that a plugin has declared and not withdrawn."""
        return tuple(name for name, (owner, _) in self._declared.items() if owner == plugin)

    def enabled(self, name: str) -> bool:
        """Return whether a declared toggle is on; an undeclared one is off."""
        return name in self._declared and self._row(name).enabled

    def describe(self) -> tuple[ToggleState, ...]:
        """Return every declared toggle with the reason for its state, by name."""
        return tuple(self._state(name) for name in sorted(self._declared))

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the worksheet now, an outage included."""
        outage = () if self._outage is None else (f"toggles cannot be read: {self._outage[1]}",)
        return (*outage, *sorted(self._announced))

    @property
    def behind(self) -> bool:
        """Whether the worksheet could not be reached the last time."""
        return self._outage is not None

    def restore(self, table: Table, read_at: datetime) -> tuple[ToggleState, ...]:
        """Take a copy of the worksheet from before the start, unless it was read since; return what was switched."""
        if self._read_at is not None:
            return ()
        before = {name: self.enabled(name) for name in self._declared}
        self._rows, self._read_at = _read_rows(table, self._locale)[0], read_at
        self._missing = f"no row in {table.tab}"
        return self._switched(before)

    async def reload(self, read: Callable[[], Awaitable[Table]]) -> tuple[ToggleState, ...]:
        """Read the worksheet.

        Args:
            read: Returns the worksheet or raises SheetsError: one that is not there or malformed switches everything
                off, any other is an outage and changes nothing.

        Returns:
            The toggles that were switched.
        """
        before = {name: self.enabled(name) for name in self._declared}
        try:
            table = await read()
        except (SheetsNotFoundError, SheetsSchemaError) as error:
            self._rows, self._missing, self._outage = {}, f"no worksheet: {error}", None
            self._announce([f"all toggles are off: {error}"])
        except SheetsError as error:
            if self._outage is None:
                self._outage = (self._clock.now(), str(error))
                self._report(f"toggles cannot be read, the last state stands: {error}")
        else:
            self._take(table)
        return self._switched(before)

    def _switched(self, before: Mapping[str, bool]) -> tuple[ToggleState, ...]:
        return tuple(self._state(name) for name in sorted(before) if self.enabled(name) != before[name])

    def _take(self, table: Table) -> None:
        rows, problems = _read_rows(table, self._locale)
        self._rows, self._outage, self._read_at = rows, None, self._clock.now()
        self._missing = f"no row in {table.tab}" if rows or not problems else problems[0]
        unlisted = [name for name in sorted(self._declared) if name not in rows]
        if rows or not problems:
            problems += [f"{table.tab} of {table.spreadsheet} has no row {name}; it is off" for name in unlisted]
        self._announce(problems)

    def _announce(self, problems: list[str]) -> None:
        for problem in problems:
            if problem not in self._announced:
                self._report(problem)
        self._announced = frozenset(problems)

    def _row(self, name: str) -> _Row:
        return self._rows.get(name) or _Row(self._missing)

    def _state(self, name: str) -> ToggleState:
        row = self._row(name)
        reason = row.reason
        if self._outage is not None:
            since, error = self._outage
            reason += f"; cannot be read since {since:%Y-%m-%d %H:%M} UTC: {error}"
        plugin, toggle = self._declared[name]
        return ToggleState(name, row.enabled, reason, row.source, self._read_at, plugin, toggle.help)


def problems_in(table: Table, locale: Locale = NEUTRAL) -> list[str]:
    """Return what is wrong with a worksheet of toggles."""
    return _read_rows(table, locale)[1]


def _read_rows(table: Table, locale: Locale) -> tuple[dict[str, _Row], list[str]]:
    place = f"{table.tab} of {table.spreadsheet}"
    headers = [text.strip().casefold() for text in table.headers]
    missing = [name for name in _COLUMNS if headers.count(name) != 1]
    if missing:
        hints = "".join(did_you_mean(name, table.headers) for name in missing)
        return {}, [f"all toggles are off: {place} has not one column {' and '.join(missing)}{hints}"]
    name_column, value_column = (headers.index(name) for name in _COLUMNS)
    rows: dict[str, _Row] = {}
    problems: list[str] = []
    for number, row in enumerate(table.rows[1:], start=2):
        name = _cell(row, name_column).casefold()
        if not name:
            continue
        source = f"{table.tab}!{cell_name(number, value_column + 1)}"
        read = _row(_cell(row, value_column), source, locale)
        if name in rows:
            read = _Row(f"stands twice: {rows[name].source} and {source}", source, malformed=True)
        if read.malformed:
            problems.append(f"toggle {name} is off: {read.reason} ({place})")
        rows[name] = read
    return rows, problems


def _row(text: str, source: str, locale: Locale) -> _Row:
    said = text.casefold()
    if said in {"true", *locale.true} or said in {"false", *locale.false}:
        return _Row(f"{text.upper()} in {source}", source, enabled=said not in {"false", *locale.false})
    shown = f'"{text[:40]}"' if text else "a blank"
    return _Row(f"{shown} in {source} is neither TRUE nor FALSE", source, malformed=True)


def _cell(row: tuple[str, ...], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
