"""The gateway: connections come in, sessions stay, the world's events go out."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from aiohttp import web

from coreops_sandbox.faults import Fault, Faults
from coreops_sandbox.faults.specs import Refuse
from coreops_sandbox.gateway import codec, strikes
from coreops_sandbox.gateway.codes import Close, Op
from coreops_sandbox.gateway.connection import Connection
from coreops_sandbox.gateway.frames import Frame
from coreops_sandbox.gateway.handshake import API_VERSION
from coreops_sandbox.gateway.options import GatewayOptions
from coreops_sandbox.gateway.reception import Reception
from coreops_sandbox.gateway.session import Session, Sessions
from coreops_sandbox.world.events import Dispatch
from coreops_sandbox.world.world import World

_ENTRIES = frozenset({Op.IDENTIFY, Op.RESUME})
_VISIBLE = _ENTRIES | {Op.PRESENCE_UPDATE}
_SERVED = {"encoding": ("json",), "compress": tuple(codec.TRANSPORTS)}
_MAX_MESSAGE = 1 << 20
"""Bytes read of one message: beyond the limit of a payload, so that 4002 can be answered."""


@dataclass(frozen=True, slots=True)
class GatewayStatus:
    """The bot as others see it: its connected sessions, all their intents together, the latest presence."""

    sessions: int
    intents: int
    presence: dict[str, object] | None


class Gateway:
    """Serves ``/gateway`` and tells the world's notices (kind ``bot``) when the bot comes, goes or changes.

    Args:
        world: Whose events are sent.
        faults: Consulted for what shall go wrong.
        options: Times and limits.
        clock: Monotonic seconds.
        new_id: Makes session ids.
    """

    def __init__(
        self,
        world: World,
        faults: Faults,
        options: GatewayOptions | None = None,
        clock: Callable[[], float] = time.monotonic,
        new_id: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._world = world
        self._faults = faults
        self._options = options or GatewayOptions()
        self._clock = clock
        self._sessions = Sessions(clock, self._options.keep)
        self._reception = Reception(
            world, self._sessions, lambda view: Session(new_id(), view, replay=self._options.replay)
        )
        self._connections: set[Connection] = set()
        self._stopping = False
        self._subscriptions = (world.hub.subscribe(self._dispatch), faults.added.subscribe(self._strike_all))

    def status(self) -> GatewayStatus:
        """The bot as it stands now."""
        live = [session for session in self._sessions if session.outbox is not None]
        intents = 0
        for session in live:
            intents |= session.view.intents
        return GatewayStatus(len(live), int(intents), live[-1].presence.shown() if live else None)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one client for as long as it stays."""
        if refusal := self._refusal(request):
            return refusal
        ws = web.WebSocketResponse(max_msg_size=_MAX_MESSAGE, compress=False)
        await ws.prepare(request)
        connection = self._connect(request, ws)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)
            self._left(connection, for_good=connection.left_for_good)
        return ws

    async def stop(self) -> None:
        """Close every connection with 1001; returns once all are gone."""
        self._stopping = True
        for unsubscribe in self._subscriptions:
            unsubscribe()
        open_now = tuple(self._connections)
        for connection in open_now:
            connection.outbox.close(Close.GOING_AWAY, "Going away.")
        await asyncio.gather(*(connection.finished.wait() for connection in open_now))

    def received(self, connection: Connection, op: Op, frame: Frame) -> None:
        """See :class:`~coreops_sandbox.gateway.connection.Handler`."""
        if op is Op.IDENTIFY:
            self._reception.identify(connection, frame)
        elif op is Op.RESUME:
            self._reception.resume(connection, frame)
        elif connection.session is not None:
            self._reception.command(connection.session, op, frame)
        if op in _ENTRIES and connection.session is not None and (fault := strikes.pending(self._faults)):
            self._strike(fault, connection)
        if op in _VISIBLE:
            self._tell()

    def acknowledges(self) -> bool:
        """See :class:`~coreops_sandbox.gateway.connection.Handler`."""
        return self._faults.take("gateway.no_ack") is None

    async def passable(self) -> None:
        """See :class:`~coreops_sandbox.gateway.connection.Handler`."""
        await self._faults.passable("gateway.freeze")

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self._stopping:
            return web.Response(status=503, text="the sandbox is stopping")
        if fault := self._faults.take("gateway.refuse"):
            return web.Response(status=fault.told(Refuse).status, text="refused by a fault")
        for name, known in _SERVED.items():
            asked = request.query.get(name, known[0])
            if asked not in known:
                text = f"gateway {name} {asked!r} is not served; known: {', '.join(filter(None, known))}"
                return web.Response(status=400, text=text)
        return None

    def _connect(self, request: web.Request, ws: web.WebSocketResponse) -> Connection:
        transport = request.transport
        assert transport is not None
        compression = codec.TRANSPORTS[request.query.get("compress", "")]()
        connection = Connection(self, ws, transport.abort, compression, options=self._options, clock=self._clock)
        if self._stopping:
            connection.outbox.close(Close.GOING_AWAY, "Going away.")
        elif request.query.get("v", API_VERSION) != API_VERSION:
            connection.outbox.close(Close.INVALID_API_VERSION, "Invalid API version.")
        return connection

    def _dispatch(self, dispatch: Dispatch) -> None:
        for session in self._sessions:
            session.dispatch(dispatch)

    def _strike_all(self, fault: Fault) -> None:
        """A fault was added: it strikes each client that is there, as far as its count goes."""
        if fault.spec.once:
            for connection in [one for one in self._connections if one.session is not None]:
                if fault.left != 0:
                    self._faults.strike(fault)
                    self._strike(fault, connection)

    def _strike(self, fault: Fault, connection: Connection) -> None:
        outcome = strikes.apply(fault, connection.outbox)
        if outcome is not strikes.Outcome.NOTHING:
            self._left(connection, for_good=outcome is strikes.Outcome.SESSION_ENDED)

    def _left(self, connection: Connection, *, for_good: bool) -> None:
        """The client no longer receives its session's events here; unless for good, it may resume."""
        session, connection.session = connection.session, None
        if session is None:
            return
        if for_good:
            self._sessions.drop(session)
        session.detach(connection.outbox, self._clock())
        self._tell()

    def _tell(self) -> None:
        status = self.status()
        self._world.notify("bot", {"connected": status.sessions > 0, **asdict(status)})
