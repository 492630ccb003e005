"""Everything that goes to one client: one bounded queue, one writer, so the order holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from coreops_sandbox.gateway.codec import Codec


@dataclass(frozen=True, slots=True)
class _Raw:
    """Bytes that are sent as they are, past the codec."""

    data: bytes


@dataclass(frozen=True, slots=True)
class _Close:
    code: int
    reason: str


class _Drop:
    """Cut the connection without a close frame."""


class Outbox:
    """The way to one client.

    Args:
        ws: The prepared websocket.
        abort: Cuts the TCP connection at once.
        codec: Encodes payloads when they are written; may be exchanged by IDENTIFY.
        limit: Items that may wait. A client that reads so slowly that more would wait is cut off: its session
            keeps the payloads for a RESUME.
        passable: Awaited before each item; where a fault holds traffic back.
    """

    def __init__(
        self,
        ws: web.WebSocketResponse,
        abort: Callable[[], None],
        codec: Codec,
        *,
        limit: int,
        passable: Callable[[], Awaitable[None]],
    ) -> None:
        self.codec = codec
        self._ws = ws
        self._abort = abort
        self._limit = limit
        self._passable = passable
        self._queue: asyncio.Queue[bytes | _Raw | _Close | _Drop] = asyncio.Queue()
        self.closing = asyncio.Event()

    def put(self, payload: bytes) -> None:
        """Queue a payload (UTF-8 JSON)."""
        self._add(payload)

    def put_raw(self, data: bytes) -> None:
        """Queue a binary message that no codec touches."""
        self._add(_Raw(data))

    def close(self, code: int, reason: str) -> None:
        """Close with ``code`` once everything queued so far has left; what comes later is discarded."""
        self._add(_Close(code, reason))
        self.closing.set()

    def drop(self) -> None:
        """Cut the connection once everything queued so far has left."""
        self._add(_Drop())
        self.closing.set()

    def _add(self, item: bytes | _Raw | _Close | _Drop) -> None:
        if self.closing.is_set():
            return
        if self._queue.qsize() >= self._limit:
            self.closing.set()
            self._abort()
            return
        self._queue.put_nowait(item)

    async def run(self) -> None:
        """Write until closed, dropped or disconnected."""
        while True:
            item = await self._queue.get()
            await self._passable()
            try:
                if not await self._write(item):
                    return
            except ConnectionError:
                return

    async def _write(self, item: bytes | _Raw | _Close | _Drop) -> bool:
        """Send one item; False if it was the last."""
        if isinstance(item, _Close):
            await self._ws.close(code=item.code, message=item.reason.encode()[:123])
            return False
        if isinstance(item, _Drop):
            self._abort()
            return False
        if isinstance(item, _Raw):
            await self._ws.send_bytes(item.data)
            return True
        message = self.codec.encode(item)
        if isinstance(message, str):
            await self._ws.send_str(message)
        else:
            await self._ws.send_bytes(message)
        return True
