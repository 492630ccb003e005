"""The sandbox as one server on one loopback port: Discord, Google Sheets, control API and chat page."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from aiohttp import web

from coreops_sandbox.control import add_control, errors_as_json
from coreops_sandbox.faults import Faults, middleware
from coreops_sandbox.gateway import Gateway, GatewayOptions
from coreops_sandbox.guard import is_loopback, local_only
from coreops_sandbox.rest import add_rest
from coreops_sandbox.rest.ratelimit import Limits
from coreops_sandbox.sheets import GOOGLE_ROOT, Google, QuotaLimits, add_google
from coreops_sandbox.web import add_page
from coreops_sandbox.workbook import SAMPLE
from coreops_sandbox.world.lookup import SandboxError
from coreops_sandbox.world.seed import default_world
from coreops_sandbox.world.world import World

_BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of a control request: attachments come in base64."""
_GRACE_S = 0.5
"""Seconds that requests under way get when the server stops."""


class Sandbox:
    """A local Discord and Google Sheets. Use it as an async context manager, or call :meth:`start` and :meth:`stop`.

    Args:
        world: The state; the default world if not given.
        gateway: Times and limits of the gateway.
        limits: Rate limits of the REST API.
        quota: Quotas of the Sheets API.
        workbook: Spreadsheets to begin with; the sample if not given.
        extra_routes: Further routes of the same port.
        clock: POSIX seconds, for the default world.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        gateway: GatewayOptions | None = None,
        limits: Limits | None = None,
        quota: QuotaLimits | None = None,
        workbook: Path = SAMPLE,
        extra_routes: Iterable[web.AbstractRouteDef] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.world = world or default_world(clock)
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.faults, gateway)
        self.google = Google(self.world.clock, quota)
        self.google.spreadsheets.load(workbook)
        self._limits = limits or Limits.generous()
        self._extra_routes = tuple(extra_routes)
        self._runner: web.AppRunner | None = None
        self._used = False

    @property
    def url(self) -> str:
        """``http://host:port``: the chat page, and the root of everything else."""
        return self.world.public_url

    @property
    def rest_url(self) -> str:
        """What hikari takes as ``rest_url``."""
        return f"{self.url}/api/v10"

    @property
    def google_url(self) -> str:
        """Where Google's services are, each under the path that it has at Google."""
        return self.url + GOOGLE_ROOT

    def google_credentials(self, account: str = "coreops") -> str:
        """The key file of a service account of the local Google, as JSON."""
        return self.google.credentials(account, self.google_url)

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            SandboxError: The host is not this machine, the port is taken, or the sandbox was started before.
        """
        if not is_loopback(host):
            raise SandboxError(f"the sandbox listens on this machine only, not on {host!r}: use 127.0.0.1")
        if self._used:
            raise SandboxError(f"this sandbox was started already, at {self.url}: make another one")
        self._used = True
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=_GRACE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            raise SandboxError(f"cannot listen on {host}:{port} ({error.strerror}): choose another port") from error
        bound = self._runner.addresses[0][1]
        self.world.public_url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Let go of what faults hold back, close the gateway with 1001, end all streams, stop listening."""
        self._used = True
        self.faults.clear()
        await self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        app = web.Application(
            middlewares=[local_only, errors_as_json, middleware(self.faults)], client_max_size=_BODY_LIMIT
        )
        app.router.add_get("/gateway", self.gateway.handle)
        add_rest(app, self.world, self._limits)
        add_google(app, self.google, self.faults)
        add_page(app)
        stream = add_control(app, self.world, self.faults, self.gateway.status, secrets.token_hex(4))
        app.add_routes(self._extra_routes)

        async def end_streams(_: web.Application) -> None:
            stream.close()

        app.on_shutdown.append(end_streams)
        return app
