"""The HTTP server: up before anything else, so that ``/healthz`` answers while the rest still starts.

Every answer carries ``X-Trace-Id`` and headers that keep browsers safe, also those to requests that cannot be parsed;
errors are JSON. Plugins' routes live under ``/p/<plugin>/`` behind one aiohttp route and a table of our own, because
aiohttp's own table is frozen once the server runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from coreops.health.admin import Admin
from coreops.health.callers import is_loopback
from coreops.health.connections import Connections, Patience
from coreops.health.probes import Probes, json_response
from coreops.health.protocol import Doorman
from coreops.health.routes import Entry, RouteTable
from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.outcomes import Outcome, OutcomeStatus
from coreops_hookspecs.context import Logger
from coreops_hookspecs.declarations import Route
from coreops_hookspecs.errors import ConfigError, CoreOpsError
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["HttpServer"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer that does not set them itself."""

SERVER: Final = "coreops"
"""What ``Server`` says, in place of aiohttp's line of versions."""

_BODY: Final = 1 << 20  # bytes; larger requests are refused with 413
_QUIET: Final = frozenset({"/healthz", "/startup", "/ready"})
_STOP: Final = 1.0
_TRACE: Final = web.RequestKey("trace", str)


class HttpServer:
    """Serves the probes and plugins' routes.

    Args:
        host: Address to listen on.
        port: Port; 0 takes a free one.
        probes: Handlers of the fixed addresses.
        admin: Handlers of the addresses that change something; without it there are none.
        guard: Door to plugins' handlers.
        clock: Source of time.
        log: Takes the access lines.
        patience: What slow clients get.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        probes: Probes,
        guard: Guard,
        clock: Clock,
        log: Logger,
        admin: Admin | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._host = host
        self._wanted = port
        self._guard = guard
        self._clock = clock
        self._log = log
        self._patience = patience or Patience()
        self._routes = RouteTable()
        self._server: asyncio.Server | None = None
        self._runner = web.AppRunner(self._app(probes, admin), shutdown_timeout=_STOP)

    @property
    def port(self) -> int:
        """The port listened on. Raises RuntimeError before the start."""
        if self._server is None:
            msg = "the HTTP server has not been started"
            raise RuntimeError(msg)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the status page, without a trailing slash."""
        host = "127.0.0.1" if self._host in {"0.0.0.0", "::", ""} else self._host  # noqa: S104 - a comparison
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def add_route(self, plugin: str, route: Route, handler: Handler) -> Callable[[], None]:
        """Serve a plugin's route from now on. Returns what ends that. Raises DeclarationError."""
        return self._routes.add(plugin, route, handler)

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the names of a plugin's routes."""
        return self._routes.held_by(plugin)

    async def start(self) -> None:
        """Listen.

        Raises:
            ConfigError: the address cannot be listened on.
        """
        await self._runner.setup()
        manager = self._runner.server
        assert manager is not None
        loop = asyncio.get_running_loop()
        connections = Connections(self._patience, loop)
        try:
            self._server = await loop.create_server(
                lambda: Doorman(manager, loop, HEADERS | {"Server": SERVER}, self._log, connections),
                self._host,
                self._wanted,
                backlog=128,
            )
        except OSError as error:
            await self._runner.cleanup()
            msg = (
                f"COREOPS_HTTP_HOST {self._host} port COREOPS_HTTP_PORT {self._wanted} cannot be listened on "
                f"({error.strerror or error}); stop what uses it or set another"
            )
            raise ConfigError(msg) from error
        self._log.info("http server listens", url=self.url, loopback=is_loopback(self._host))

    async def stop(self) -> None:
        """Take no more connections, let running answers end for a few seconds, and close."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._runner.cleanup()

    def _app(self, probes: Probes, admin: Admin | None) -> web.Application:
        app = web.Application(middlewares=[self._door], client_max_size=_BODY)
        app.router.add_get("/", probes.root)
        app.router.add_get("/startup", probes.startup)
        app.router.add_get("/ready", probes.ready)
        app.router.add_get("/health", probes.health)
        app.router.add_get("/healthz", probes.healthz)
        app.router.add_get("/digest", probes.digest)
        if admin is not None:
            app.router.add_post("/admin/plugins/{name}/{action}", admin.plugin)
            app.router.add_post("/admin/jobs/{name}/{action}", admin.job)
            app.router.add_post("/admin/outbox/{number}/{action}", admin.write)
        app.router.add_route("*", "/p/{plugin}/{path:.*}", self._plugin_route)
        app.on_response_prepare.append(self._complete)
        return app

    async def _complete(self, request: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = SERVER
        response.headers["X-Trace-Id"] = request.get(_TRACE, "") or trace.new()

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        held = request.protocol
        assert isinstance(held, Doorman)
        held.busy()
        with trace.span(_inbound(request)) as request[_TRACE], trace.acting("http"):
            started, status = self._clock.monotonic(), 500
            try:
                response = await handler(request)
                status = response.status
            except web.HTTPException as refused:
                status = refused.status
                response = _refusal(refused)
            finally:
                held.idle()
                self._account(request, status, self._clock.monotonic() - started)
            return response

    def _account(self, request: web.Request, status: int, seconds: float) -> None:
        write = self._log.debug if request.path in _QUIET and status < 400 else self._log.info
        if status >= 500 and request.path not in _QUIET:
            write = self._log.warning
        write("http request", method=request.method, path=request.path, status=status, ms=round(seconds * 1000, 2))

    async def _plugin_route(self, request: web.Request) -> web.StreamResponse:
        plugin, path = request.match_info["plugin"], request.match_info["path"]
        found = self._routes.find(plugin, request.method, path)
        if found.entry is None:
            raise web.HTTPMethodNotAllowed(request.method, found.allowed) if found.allowed else web.HTTPNotFound
        request.match_info.clear()
        request.match_info.update(found.parameters)
        return await self._guarded(found.entry, request)

    async def _guarded(self, entry: Entry, request: web.Request) -> web.StreamResponse:
        async def answer() -> web.StreamResponse:
            try:
                given: Any = await entry.handler(request)
            except web.HTTPException as refused:  # how aiohttp's handlers answer, and no fault
                return _refusal(refused)
            if not isinstance(given, web.StreamResponse):
                msg = f"route {entry.name} returned {type(given).__name__}, not a response"
                raise TypeError(msg)
            return given

        limit = entry.route.timeout.total_seconds()
        outcome = await self._guard.call(entry.plugin, CallKind.ROUTE, entry.name, answer, timeout=limit)
        return outcome.value if outcome.ok and outcome.value is not None else _failure(outcome)


def _inbound(request: web.Request) -> str | None:
    """Return the trace that the caller asks for; its own id goes before that of a tracing library around it."""
    own = request.headers.get("X-Trace-Id", "")
    if trace.valid(own):
        return own
    parents = request.headers.getall("traceparent", ())
    return trace.of_parent(parents[0]) if len(parents) == 1 else None


def _refusal(refused: web.HTTPException) -> web.StreamResponse:
    if refused.status < 400:  # a redirect, or an answer that was raised
        answer: web.StreamResponse = web.Response(status=refused.status, body=refused.body)
    else:
        answer = json_response({"error": refused.reason.lower(), "status": refused.status}, refused.status)
    for name in ("Location", "Allow", "Retry-After", "WWW-Authenticate"):
        if name in refused.headers:
            answer.headers[name] = refused.headers[name]
    return answer


def _failure(outcome: Outcome[Any]) -> web.Response:
    if outcome.status is OutcomeStatus.SKIPPED:
        status, error = 503, outcome.reason
    elif outcome.status is OutcomeStatus.TIMEOUT:
        status, error = 504, "the plugin did not answer in time"
    elif isinstance(outcome.error, CoreOpsError):
        status, error = 503, outcome.error.user_message
    else:
        status, error = 500, "the plugin failed; the log has the reason under this reference"
    return json_response({"error": error, "status": status, "reference": trace.current()}, status)
