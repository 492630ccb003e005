"""Drops ordinary chat while it is still bytes: most messages are not for the bot, and entities are dear.

It sits where hikari's public API lets one in, in the JSON decoder given to the bot. A dropped message still counts: its
sequence number goes on to hikari under an event name that hikari does not know and ignores, so that a resumed session
replays nothing. Whatever looks unusual is decoded whole; the filter saves time and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import orjson

__all__ = ["DROPPED", "Prefilter"]

DROPPED: Final = "COREOPS_DROPPED"
"""Name under which a dropped message reaches hikari."""

_EVENT: Final = "MESSAGE_CREATE"
_NEEDLE: Final = b'"MESSAGE_CREATE"'
_EDGE: Final = 80
"""Bytes at both ends of a payload within which its event name stands; the message lies between them."""


class _Author(msgspec.Struct):
    bot: bool = False


class _Message(msgspec.Struct):
    author: _Author
    content: str
    webhook_id: str | None = None


class _Frame(msgspec.Struct):
    t: str
    s: int
    d: _Message


class Prefilter:
    """Decodes payloads for hikari.

    Args:
        prefixes: What a message to the bot begins with, beside a mention; without any, nothing is dropped.
    """

    def __init__(self, prefixes: Sequence[str]) -> None:
        self._starts = (*prefixes, "<@") if prefixes else ()
        self._decode = msgspec.json.Decoder(_Frame).decode
        self._overheard: Callable[[], bool] = lambda: True

    def watch(self, overheard: Callable[[], bool]) -> None:
        """Drop messages from now on unless ``overheard()`` says that somebody wants them all."""
        self._overheard = overheard

    def loads(self, data: str | bytes) -> Any:
        """Decode JSON as hikari would, but for messages that nobody here is meant to see."""
        raw = data.encode() if isinstance(data, str) else data
        if raw.find(_NEEDLE, 0, _EDGE) >= 0 or raw.find(_NEEDLE, -_EDGE) >= 0:
            try:
                frame = self._decode(raw)
            except msgspec.DecodeError:
                return orjson.loads(raw)
            if frame.t == _EVENT and not self._overheard() and self._ordinary(frame.d):
                return {"op": 0, "t": DROPPED, "s": frame.s, "d": None}
        return orjson.loads(raw)

    def _ordinary(self, message: _Message) -> bool:
        """Tell whether a message is not for the bot: said by a program, or not beginning as a command does."""
        starts = self._starts
        if not starts:
            return False
        return not message.content.startswith(starts) or message.author.bot or message.webhook_id is not None
