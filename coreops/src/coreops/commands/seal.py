"""Custom ids that carry state: who they are for and what a plugin put in, sealed against being made up. Pure.

A message in Discord outlives the process that sent it, so what a press needs travels in the message itself. Layout of
the 100 characters (Discord docs, Component Reference, "Custom ID"): ``~``, six of the control, eleven of the owner,
eleven of the seal, and the state.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

__all__ = ["Sealed", "Sealer", "tag_of"]

_MARK: Final = "~"
_TAG, _OWNER, _SEAL = 6, 11, 11
_HEAD: Final = len(_MARK) + _TAG + _OWNER + _SEAL


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a custom id says.

    Args:
        tag: Which control.
        owner: Who alone may press; ``None`` where everybody may.
        state: What the plugin put in.
    """

    tag: str
    owner: int | None
    state: str


class Sealer:
    """Seals and opens custom ids with a key that stays the same over restarts."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, sealed: Sealed) -> str:
        """Return the custom id."""
        owner = _text((sealed.owner or 0).to_bytes(8, "big"))
        return f"{_MARK}{sealed.tag}{owner}{self._sum(sealed.tag + owner + sealed.state)}{sealed.state}"

    def open(self, custom_id: str) -> Sealed | None:
        """Return what a custom id says, or ``None`` if it was not sealed with this key."""
        if not custom_id.startswith(_MARK) or len(custom_id) < _HEAD:
            return None
        tag, rest = custom_id[1 : 1 + _TAG], custom_id[1 + _TAG :]
        owner, seal, state = rest[:_OWNER], rest[_OWNER : _OWNER + _SEAL], rest[_OWNER + _SEAL :]
        if not hmac.compare_digest(seal.encode(), self._sum(tag + owner + state).encode()):
            return None
        return Sealed(tag, _number(owner) or None, state)

    def _sum(self, text: str) -> str:
        return _text(hashlib.blake2b(text.encode(), key=self._key, digest_size=8).digest())


def tag_of(plugin: str, control: str) -> str:
    """Return the short name of a plugin's control in custom ids."""
    return _text(hashlib.blake2b(f"{plugin}.{control}".encode(), digest_size=4).digest())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "="), "big")
