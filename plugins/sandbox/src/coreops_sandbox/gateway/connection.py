"""One websocket: HELLO, heartbeats, limits, and which opcode goes where (Discord docs, "Gateway": Connections)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from coreops_sandbox.gateway import frames
from coreops_sandbox.gateway.codec import Codec
from coreops_sandbox.gateway.codes import Close, Op, ProtocolError
from coreops_sandbox.gateway.frames import Frame
from coreops_sandbox.gateway.options import GatewayOptions
from coreops_sandbox.gateway.outbox import Outbox
from coreops_sandbox.gateway.session import Session

_LINGER_S = 1.0
"""How long a client may take to receive a close frame before the connection is cut."""
_RATE = (120, 60.0)
"""Payloads a client may send, and in how many seconds (docs, "Gateway": Rate Limiting)."""
_FREE = frozenset({Op.HEARTBEAT, Op.IDENTIFY, Op.RESUME})
_SENT_BY_SERVER = frozenset({Op.DISPATCH, Op.RECONNECT, Op.INVALID_SESSION, Op.HELLO, Op.HEARTBEAT_ACK})


class Handler(Protocol):
    """What a connection asks of the gateway; each may raise :class:`ProtocolError`."""

    def received(self, connection: Connection, op: Op, frame: Frame) -> None:
        """A payload other than a heartbeat has come."""
        ...

    def acknowledges(self) -> bool:
        """Whether a heartbeat is answered now."""
        ...

    async def passable(self) -> None:
        """Return once traffic may flow."""
        ...


class Connection:
    """One client on one websocket, identified once :attr:`session` is set."""

    def __init__(
        self,
        handler: Handler,
        ws: web.WebSocketResponse,
        abort: Callable[[], None],
        codec: Codec,
        *,
        options: GatewayOptions,
        clock: Callable[[], float],
    ) -> None:
        self.session: Session | None = None
        self.left_for_good = False
        self.finished = asyncio.Event()
        self.outbox = Outbox(ws, abort, codec, limit=options.queue, passable=handler.passable)
        self._handler = handler
        self._ws = ws
        self._abort = abort
        self._options = options
        self._clock = clock
        self._beat = asyncio.Event()
        self._window = (clock(), 0)

    def join(self, session: Session) -> None:
        """Carry this session from now on."""
        self.session = session
        session.attach(self.outbox)

    async def run(self) -> None:
        """Serve the client until either side ends the connection; leaves no task behind."""
        self.outbox.put(frames.encode(Op.HELLO, {"heartbeat_interval": int(self._options.heartbeat * 1000)}))
        writer = asyncio.create_task(self.outbox.run())
        others = (self._read(), self._watch_heart(), self.outbox.closing.wait())
        tasks: set[asyncio.Task[Any]] = {writer, *map(asyncio.create_task, others)}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if self.outbox.closing.is_set():
                await asyncio.wait({writer}, timeout=_LINGER_S)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if not self._ws.closed:
                self._abort()
            self.finished.set()

    async def _read(self) -> None:
        while True:
            message = await self._ws.receive()
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                # 1000 and 1001 end the session, everything else leaves it open for a RESUME
                # (docs, "Gateway": Initiating a Disconnect).
                self.left_for_good = message.type is WSMsgType.CLOSE and message.data in {1000, 1001}
                return
            try:
                self._accept(message.data)
            except ProtocolError as error:
                self.outbox.close(error.code, error.reason)
                return

    def _accept(self, data: str | bytes) -> None:
        self._count()
        frame = frames.decode(data)
        op = _opcode(frame)
        if self.session is None and op not in _FREE:
            raise ProtocolError(Close.NOT_AUTHENTICATED, "Not authenticated.")
        if op is Op.HEARTBEAT:
            self._heartbeat()
        else:
            self._handler.received(self, op, frame)

    def _count(self) -> None:
        limit, seconds = _RATE
        start, count = self._window
        now = self._clock()
        self._window = (start, count + 1) if now - start < seconds else (now, 1)
        if self._window[1] > limit:
            raise ProtocolError(Close.RATE_LIMITED, "You are sending too many payloads.")

    def _heartbeat(self) -> None:
        self._beat.set()
        if self._handler.acknowledges():
            self.outbox.put(frames.encode(Op.HEARTBEAT_ACK))

    async def _watch_heart(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._options.heartbeat + self._options.heartbeat_tolerance):
                    await self._beat.wait()
            except TimeoutError:
                self.outbox.close(Close.SESSION_TIMED_OUT, "Session timed out.")
                return
            self._beat.clear()


def _opcode(frame: Frame) -> Op:
    if frame.op in set(Op) - _SENT_BY_SERVER:
        return Op(frame.op)
    raise ProtocolError(Close.UNKNOWN_OPCODE, "Unknown opcode.")
