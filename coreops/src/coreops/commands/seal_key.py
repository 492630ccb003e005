"""The key that seals custom ids, kept in the state store, so that buttons outlive the process that sent them."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_bytes
from typing import Final, Protocol

from coreops_hookspecs.errors import CoreOpsError

__all__ = ["KeyStore", "kept_key"]

_OWNER: Final = "coreops"
_KEY: Final = "control_key"


def _new() -> bytes:
    return token_bytes(32)


class KeyStore(Protocol):
    """The part of the state store that is used here."""

    async def kv_get(self, plugin: str, key: str) -> str | None: ...
    async def kv_set(self, plugin: str, key: str, value: str) -> None: ...


async def kept_key(store: KeyStore, new: Callable[[], bytes] = _new) -> bytes:
    """Return the key of earlier runs, or a new one that is kept for later runs.

    Without the store, whose health tells, the key is good for this run alone.
    """
    try:
        kept = await store.kv_get(_OWNER, _KEY)
        if kept:
            return bytes.fromhex(kept)
        key = new()
        await store.kv_set(_OWNER, _KEY, key.hex())
    except CoreOpsError:
        return new()
    return key
