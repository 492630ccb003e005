"""``ctx.outbox``: the durable writes of one plugin, checked before they are accepted."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from coreops_hookspecs.outbox import Write, WriteKind
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["AcceptedWrites", "PluginOutbox"]

_LONGEST: Final = 50_000
"""Characters of a cell (Google Docs Editors help, "Files you can store in Google Drive")."""


class AcceptedWrites(Protocol):
    """The outbox of all plugins."""

    async def accept(self, write: Write, admit: Callable[[], None] | None = None) -> Write: ...
    async def settled(self, write: Write, *, within: float) -> Write: ...
    def unseen(self, spreadsheet: str, tab: str, since: datetime | None) -> Sequence[Write]: ...
    def latest(
        self, spreadsheet: str, tab: str, row: str, *, key: str, since: datetime | None
    ) -> Mapping[str, str]: ...


class PluginOutbox:
    """The :class:`coreops_hookspecs.Outbox` of one plugin."""

    def __init__(self, plugin: str, outbox: AcceptedWrites, clock: Clock) -> None:
        self._plugin = plugin
        self._outbox = outbox
        self._clock = clock

    async def append(
        self,
        spreadsheet: str,
        tab: str,
        values: Mapping[str, str],
        *,
        key: str,
        name: str | None = None,
        admit: Callable[[], None] | None = None,
    ) -> Write:
        """Accept a row to be added. Raises OutboxError, ValueError, and what ``admit`` raises."""
        name = name or secrets.token_hex(8)
        texts = _texts(values)
        if key not in texts:
            texts[key] = name
        write = self._write(WriteKind.APPEND, (spreadsheet, tab), values=texts, key=key, expected={}, name=name)
        return await self._outbox.accept(write, admit)

    async def update(
        self,
        spreadsheet: str,
        tab: str,
        values: Mapping[str, str],
        *,
        key: str,
        expected: Mapping[str, str] | None,
        name: str | None = None,
        admit: Callable[[], None] | None = None,
    ) -> Write:
        """Accept changes to cells of a row. Raises OutboxError, ValueError, and what ``admit`` raises."""
        texts = _texts(values)
        seen = None if expected is None else _texts(expected)
        name = name or secrets.token_hex(8)
        write = self._write(WriteKind.UPDATE, (spreadsheet, tab), values=texts, key=key, expected=seen, name=name)
        return await self._outbox.accept(write, admit)

    async def settled(self, write: Write, *, within: float) -> Write:
        """Wait until a write is applied or dead, at most ``within`` seconds; return it as it stands then."""
        return await self._outbox.settled(write, within=within)

    def pending(self, spreadsheet: str, tab: str, *, since: datetime | None = None) -> Sequence[Write]:
        """Return the writes that a tab, as it was read at ``since``, does not have yet."""
        return self._outbox.unseen(spreadsheet, tab, since)

    def latest(
        self, spreadsheet: str, tab: str, row: str, *, key: str, since: datetime | None = None
    ) -> Mapping[str, str]:
        """Return what those writes will leave in one row, by header."""
        return self._outbox.latest(spreadsheet, tab, row, key=key, since=since)

    def _write(
        self,
        kind: WriteKind,
        place: tuple[str, str],
        *,
        values: dict[str, str],
        key: str,
        expected: dict[str, str] | None,
        name: str,
    ) -> Write:
        if not values.get(key, "").strip():
            raise ValueError(f'the values of a write have no text under its key "{key}"; name the row')
        return Write(
            number=0,
            name=name,
            plugin=self._plugin,
            spreadsheet=place[0],
            tab=place[1],
            kind=kind,
            key=key,
            values=values,
            expected=expected,
            accepted_at=self._clock.now(),
            actor=trace.actor() or f"plugin:{self._plugin}",
            trace=trace.current(),
        )


def _texts(values: Mapping[str, str]) -> dict[str, str]:
    """Return texts as a tab gives them back. Raises ValueError, TypeError for what no cell can hold."""
    for header, text in values.items():
        if not isinstance(text, str):
            raise TypeError(f'"{header}" of a write is {type(text).__name__} and not a text; format it first')
        if len(text) > _LONGEST:
            raise ValueError(f'"{header}" of a write has {len(text)} characters; a cell holds {_LONGEST}')
    # inside a cell a line ends with LF alone, whatever is written
    return {header: text.replace("\r\n", "\n").replace("\r", "\n") for header, text in values.items()}
