"""Rows of a bucket as people name them: by key, by name, by another name, or by how only one name begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from coreops_hookspecs.cache import Snapshot
from coreops_hookspecs.context import Cache
from coreops_hookspecs.errors import BucketColdError, UsageError

__all__ = ["Lookup"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Lookup(Generic[R]):
    """Finds rows by what somebody typed; case and surrounding blanks do not matter.

    Args:
        rows: The snapshot that is looked in.
        name: Field of the record that holds what people call a row, beside its key.
        others: Keys of rows by other names that people use.
    """

    rows: Snapshot[R]
    name: str
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cache: Cache, bucket: str, name: str, *, others: tuple[str, str] | None = None) -> Lookup[Any]:
        """Return one for a bucket as it is now.

        Args:
            cache: The plugin's cache.
            bucket: Name of the bucket.
            name: Field of its record that holds what people call a row, beside its key.
            others: A bucket of other names, which are the keys of its rows, and the field of its record that holds the
                key of the row that is meant. While it cannot be read, keys and names do.

        Raises:
            BucketColdError: ``bucket`` was never read.
        """
        rows: Snapshot[Any] = cache.get_snapshot(bucket)
        return cls(rows, name, _others(cache, *others) if others else {})

    def wanted(self, text: str, none: str, *, say: Callable[..., str] = str.format) -> R:
        """Return what :meth:`find` does.

        Args:
            text: What somebody typed.
            none: What they are told where there is no such row; the keys that are near are added.
            say: ``ctx.commands.say``, for a caller who reads another language.

        Raises:
            UsageError: there is none.
        """
        found = self.find(text)
        if found is None:
            near = ", ".join(f"`{key}`" for key in self.near(text))
            told = f"{none} {say('Did you mean {names}?', names=near)}" if near else none
            raise UsageError(f"no row of {self.rows.bucket} for {text[:100]!r}", user_message=told)
        return found

    def find(self, wanted: str) -> R | None:
        """Return the row of that key, name or other name, in this order, or the only one whose name begins so."""
        folded = wanted.strip().casefold()
        begun = [row for row in self.rows.rows if folded and self._name(row).startswith(folded)]
        named = next((row for row in begun if self._name(row) == folded), None)
        return self.rows.get(wanted) or named or self._other(folded) or (begun[0] if len(begun) == 1 else None)

    def holding(self, typed: str) -> list[R]:
        """Return the rows whose key, name or other name holds what was typed, for an autocomplete.

        Those whose key begins with it come first, then those whose name does, each in the order of the sheet.
        """
        folded = typed.strip().casefold()
        called = {key.casefold() for other, key in self.others.items() if folded in other.casefold()}
        keys = self.rows.by_key.items()
        held = [(key, row) for key, row in keys if folded in key or folded in self._name(row) or key in called]
        held.sort(key=lambda one: (not one[0].startswith(folded), not self._name(one[1]).startswith(folded)))
        return [row for _, row in held]

    def near(self, wanted: str, limit: int = 3) -> list[str]:
        """Return the keys that are written much like what was asked for, or whose names are, the closest first."""
        keys = {self._name(row): key for key, row in self.rows.by_key.items()} | {key: key for key in self.rows.by_key}
        keys |= {other.casefold(): key.casefold() for other, key in self.others.items() if self.rows.get(key)}
        close = get_close_matches(wanted.strip().casefold()[:100], keys, n=limit, cutoff=0.5)
        return [str(getattr(self.rows.by_key[key], self.rows.key)) for key in dict.fromkeys(keys[one] for one in close)]

    def _other(self, folded: str) -> R | None:
        key = next((key for other, key in self.others.items() if other.strip().casefold() == folded), "")
        return self.rows.get(key)

    def _name(self, row: R) -> str:
        return str(getattr(row, self.name)).casefold()


def _others(cache: Cache, bucket: str, field: str) -> dict[str, str]:
    try:
        rows: Snapshot[Any] = cache.get_snapshot(bucket)
    except BucketColdError:
        return {}
    return {str(getattr(row, rows.key)): str(getattr(row, field)) for row in rows.rows}
