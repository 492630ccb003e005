"""Payloads of both directions (Discord docs, "Gateway Events": Payload Structure, Send Events)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec

from coreops_sandbox.gateway.codes import Close, Op, ProtocolError

MAX_PAYLOAD = 4096
"""Bytes that a client may send at once; beyond, the connection ends with 4002 ("Sending Events")."""

Snowflake = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}$")] | int
_Body = TypeVar("_Body", bound=msgspec.Struct)


class Frame(msgspec.Struct, frozen=True):
    """Anything a client sends."""

    op: int
    d: Any = None


class Presence(msgspec.Struct, frozen=True):
    """Op 3, and the initial presence inside IDENTIFY.

    ``since`` is in Unix milliseconds. ``game`` is the one activity of older clients; hikari still sends it
    in place of the documented ``activities``, and Discord still takes it.
    """

    status: Literal["online", "dnd", "idle", "invisible", "offline"] = "online"
    activities: list[dict[str, Any]] | None = None
    game: dict[str, Any] | None = None
    afk: bool = False
    since: int | None = None

    def shown(self) -> dict[str, Any]:
        """The status and the activities, whichever way they were sent."""
        activities = self.activities if self.activities is not None else [self.game] if self.game else []
        return {"status": self.status, "activities": activities}


class Identify(msgspec.Struct, frozen=True):
    """Op 2. Unknown fields are ignored, as Discord does."""

    token: str
    properties: dict[str, Any]
    intents: int | None = None
    compress: bool = False
    large_threshold: Annotated[int, msgspec.Meta(ge=50, le=250)] = 50
    shard: tuple[int, int] | None = None
    presence: Presence | None = None


class Resume(msgspec.Struct, frozen=True):
    """Op 6."""

    token: str
    session_id: str
    seq: int


class RequestMembers(msgspec.Struct, frozen=True):
    """Op 8: ``query`` with ``limit``, or ``user_ids``."""

    guild_id: Snowflake
    query: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=0)] | None = None
    presences: bool | None = None
    user_ids: Snowflake | list[Snowflake] | None = None
    nonce: str | None = None


class RequestSounds(msgspec.Struct, frozen=True):
    """Op 31."""

    guild_ids: list[Snowflake]


class RequestChannelInfo(msgspec.Struct, frozen=True):
    """Op 43: what voice channels show beside their names."""

    guild_id: Snowflake
    fields: list[str]


class VoiceState(msgspec.Struct, frozen=True):
    """Op 4."""

    guild_id: Snowflake
    channel_id: Snowflake | None
    self_mute: bool
    self_deaf: bool


_FRAME = msgspec.json.Decoder(Frame)
_ENCODER = msgspec.json.Encoder()


def decode(data: str | bytes) -> Frame:
    """The frame in a websocket message.

    Raises:
        ProtocolError: 4002, it is too long, no JSON or no payload.
    """
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > MAX_PAYLOAD:
        raise ProtocolError(Close.DECODE_ERROR, f"payload of {len(raw)} bytes exceeds {MAX_PAYLOAD}")
    try:
        return _FRAME.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProtocolError(Close.DECODE_ERROR, "Error while decoding payload.") from None


def body(frame: Frame, kind: type[_Body]) -> _Body:
    """``frame.d`` as ``kind``.

    Raises:
        ProtocolError: 4002, it has another shape.
    """
    try:
        return msgspec.convert(frame.d, kind)
    except msgspec.ValidationError as error:
        raise ProtocolError(Close.DECODE_ERROR, f"op {frame.op}: {error}"[:120]) from None


def encode(op: Op, d: Any = None, *, s: int | None = None, t: str | None = None) -> bytes:
    """A payload to the client; ``s`` and ``t`` are null unless it is a dispatch."""
    return _ENCODER.encode({"op": int(op), "d": d, "s": s, "t": t})
