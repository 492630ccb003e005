"""What the state store keeps of a bucket: its last good table, with provenance."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from coreops_hookspecs import JsonTable, Table

__all__ = ["Provenance", "StoredSnapshot", "pack"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a stored snapshot comes from. ``sha256`` is that of its payload, in hexadecimal digits."""

    spreadsheet: str
    tab: str
    loaded_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """The last good state of a bucket as it stands on disk."""

    payload: bytes
    provenance: Provenance

    @property
    def intact(self) -> bool:
        """Whether the payload is what was stored."""
        return hashlib.sha256(self.payload).hexdigest() == self.provenance.sha256

    def table(self) -> JsonTable:
        """Return the table, to be read into records again."""
        return JsonTable(self.provenance.spreadsheet, self.provenance.tab, self.payload)


def pack(table: Table | JsonTable, loaded_at: datetime) -> StoredSnapshot:
    """Turn a table, as text and so for any record type, into what is stored (a JSON array of rows)."""
    payload = bytes(table.values) if isinstance(table, JsonTable) else msgspec.json.encode(table.rows)
    digest = hashlib.sha256(payload).hexdigest()
    return StoredSnapshot(payload, Provenance(table.spreadsheet, table.tab, loaded_at, digest))
