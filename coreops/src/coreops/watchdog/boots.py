"""How often in a row the runtime did not get ready: the count that leads to safe mode, kept in the state folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["LIMIT", "begin", "clear", "withdraw"]

LIMIT: Final = 3
"""Starts in a row that did not get ready, after which the next one is in safe mode."""

_FILE: Final = "boots.json"


class _Boots(msgspec.Struct, frozen=True):
    unready: int = 0


def begin(folder: Path) -> int:
    """Count a start that is not ready yet; return how many before it, in a row, did not get ready.

    Blocks. A folder that cannot be written counts nothing: what is wrong with it is told when the state is opened.
    """
    before = _read(folder)
    _save(folder, before + 1)
    return before


def clear(folder: Path) -> None:
    """Forget the count: the runtime is ready. Blocks."""
    if _read(folder):
        _save(folder, 0)


def withdraw(folder: Path) -> None:
    """Take back the count of this start, which ended for a reason that tells nothing of plugins. Blocks."""
    _save(folder, max(_read(folder) - 1, 0))


def _read(folder: Path) -> int:
    try:
        return max(msgspec.json.decode((folder / _FILE).read_bytes(), type=_Boots).unready, 0)
    except (OSError, msgspec.DecodeError):
        return 0


def _save(folder: Path, unready: int) -> None:
    draft = (folder / _FILE).with_suffix(".new")
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_bytes(msgspec.json.encode(_Boots(unready)))
        draft.replace(folder / _FILE)
