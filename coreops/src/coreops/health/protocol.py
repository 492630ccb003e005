"""One HTTP connection: aiohttp's protocol with our limits, and answers of ours to what it cannot handle."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

from coreops.health.connections import Connections
from coreops.health.probes import json_response
from coreops.telemetry.phrases import error_text
from coreops_hookspecs.context import Logger
from coreops_shared import trace

__all__ = ["Doorman"]

_LINE: Final = 8190  # bytes of the request line, and of one header
_HEADERS: Final = 100
_KEEP_ALIVE: Final = 30.0  # seconds an idle connection is kept
_LINGER: Final = 2.0  # seconds in which the rest of a refused body is read


class Doorman(web.RequestHandler):
    """Serves one connection.

    Args:
        manager: aiohttp's server, which knows the application.
        loop: The running loop.
        headers: For answers that do not pass through the application.
        log: Told of requests that could not be handled.
        connections: All of them; this one asks for a place.
    """

    __slots__ = ("_connections", "_headers", "_log")

    def __init__(
        self,
        manager: web.Server,
        loop: asyncio.AbstractEventLoop,
        headers: Mapping[str, str],
        log: Logger,
        connections: Connections,
    ) -> None:
        super().__init__(
            manager,
            loop=loop,
            access_log=None,  # type: ignore[arg-type] # aiohttp takes None for "no access log", the stub does not
            keepalive_timeout=_KEEP_ALIVE,
            max_line_size=_LINE,
            max_field_size=_LINE,
            max_headers=_HEADERS,
            lingering_time=_LINGER,
        )
        self._headers = headers
        self._log = log
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or end it at once when every place is taken by a request."""
        super().connection_made(transport)
        if not self._connections.opened(self):
            self._log.warning("http connection refused: every place is taken by a request")
            self.cut()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the place back."""
        self._connections.closed(self)
        super().connection_lost(exc)

    def cut(self) -> None:
        """End the connection without another word."""
        if self.transport is not None:
            self.transport.abort()

    def busy(self) -> None:
        """A request is being handled."""
        self._connections.busy(self)

    def idle(self) -> None:
        """It was handled."""
        self._connections.idle(self)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what cannot be parsed, and what our own code failed at, without telling more than the status."""
        reference = trace.current() or trace.new()
        failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        write = self._log.error if failed else self._log.info
        write("http request could not be handled", status=status, error=error_text(exc) or message, reference=reference)
        if request.writer.output_size > 0:
            msg = "the answer had begun already"
            raise ConnectionError(msg)
        body = {"error": HTTPStatus(status).phrase.lower(), "status": status, "reference": reference}
        response = json_response(body, status)
        response.headers.update(self._headers)
        response.headers["X-Trace-Id"] = reference
        response.force_close()
        return response
