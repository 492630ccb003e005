"""Takes messages to the bot, and drops ordinary chat, while both are still bytes: entities are dear.

It sits where hikari's public API lets one in, in the JSON decoder given to the bot. What a person wrote that begins as
It sits where hikari's public API lets one in, in the JSON decoder given to the bot. What a person wrote that begins as
a command does goes to whoever takes commands, with the few fields that a decision needs. hikari gets a message only
when somebody listens to messages. A dropped one still counts: its sequence number goes on to hikari under an event name
that hikari does not know and ignores. For ordinary chat every 33rd number is enough: what a resumed session replays of
it is dropped again. Whatever looks unusual is decoded whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import orjson

__all__ = ["CHAT", "DROPPED", "Message", "Prefilter"]

CHAT: Final[dict[str, Any]] = {"op": -1}
"""What hikari gets for ordinary chat: an opcode that it does not know and ignores, at half the cost of an event."""

DROPPED: Final = "COREOPS_DROPPED"
"""Name under which a dropped message reaches hikari."""

_EVENT: Final = "MESSAGE_CREATE"
_NEEDLE: Final = b'"MESSAGE_CREATE"'
_EDGE: Final = 80
"""Bytes at both ends of a payload within which its event name stands; the message lies between them."""
_BEHIND: Final = 32
"""Messages of ordinary chat by which hikari's sequence number may be behind."""


class _Content(msgspec.Struct, gc=False):
    content: str


class _Glance(msgspec.Struct, gc=False):
    t: str
    s: int
    d: _Content


class _Author(msgspec.Struct, gc=False):
    id: str
    bot: bool = False


class _Member(msgspec.Struct, gc=False):
    roles: tuple[str, ...] = ()


class Message(msgspec.Struct, gc=False):
    """What is read of a message (Discord docs, Message Object); ids are snowflakes in decimal."""

    id: str
    channel_id: str
    author: _Author
    content: str
    guild_id: str | None = None
    member: _Member | None = None
    webhook_id: str | None = None


class _Frame(msgspec.Struct, gc=False):
    d: Message


class Prefilter:
    """Decodes payloads for hikari.

    Args:
        prefixes: What a message to the bot begins with, beside a mention.
    """

    def __init__(self, prefixes: Sequence[str]) -> None:
        self._starts = (*prefixes, "<@")
        self._glance = msgspec.json.Decoder(_Glance).decode
        self._read = msgspec.json.Decoder(_Frame).decode
        self._behind = 0
        self._overheard: Callable[[], bool] = lambda: True
        self._hear: Callable[[Message, bytes], None] = lambda _message, _payload: None

    def watch(self, overheard: Callable[[], bool]) -> None:
        """Drop messages from now on unless ``overheard()`` says that somebody wants them all."""
        self._overheard = overheard

    def hear(self, take: Callable[[Message, bytes], None]) -> None:
        """Hand over messages to the bot from now on; ``take`` must not raise."""
        self._hear = take

    def loads(self, data: str | bytes) -> Any:
        """Decode JSON as hikari would, but for messages that nobody else here is meant to see."""
        raw = data.encode() if isinstance(data, str) else data
        if raw.find(_NEEDLE, 0, _EDGE) < 0 and raw.find(_NEEDLE, -_EDGE) < 0:
            return orjson.loads(raw)
        try:
            frame = self._glance(raw)
            ours = frame.d.content.startswith(self._starts)
            message = self._read(raw).d if ours else None
        except msgspec.DecodeError:
            return orjson.loads(raw)
        if frame.t != _EVENT:
            return orjson.loads(raw)
        if message is not None and not message.author.bot and message.webhook_id is None:
            self._hear(message, raw)
        if self._overheard():
            return orjson.loads(raw)
        if message is None and self._behind < _BEHIND:
            self._behind += 1
            return CHAT
        self._behind = 0
        return {"op": 0, "t": DROPPED, "s": frame.s, "d": None}
