"""What the six addresses mean.

``/healthz``
    Liveness: the process and its event loop answer. Nothing else is asked, so that a failing Discord or Google never
    makes a supervisor kill a healthy process.
``/startup``
    Start-up: 503 until the runtime was ready for the first time, then 200 for good; a start-up probe holds back the
    other two until then (Kubernetes, "Configure Liveness, Readiness and Startup Probes").
``/ready``
    Readiness: 200 while commands are answered; 503 before that, while stopping, and while a critical part is down.
``/health``
    Everything, for tools: 200 unless a critical part is down (503). Detail for those who may see it.
``/digest``
    Everything again, with how the last day went, for those who may see detail.
``/``
    The same for a person: a page for a browser, a short JSON summary for anything else.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

import orjson
from aiohttp import web

from coreops.health.attention import headline
from coreops.health.callers import Callers
from coreops.health.overview import Payloads, gather
from coreops.health.page import policy, render
from coreops.health.service import HealthService
from coreops_hookspecs.health import HealthReport, HealthStatus
from coreops_shared.clock import Clock

__all__ = ["Probes", "json_response"]


def json_response(payload: Any, status: int = 200) -> web.Response:
    """Return a JSON answer; dataclasses, instants and enums are written as they are."""
    body = orjson.dumps(payload, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)
    return web.Response(body=body, status=status, content_type="application/json")


class Probes:
    """The six addresses' handlers.

    Args:
        service: Knows how everything is.
        callers: Tells who may see detail.
        clock: Source of time.
        payloads: The figures beyond the health report.
    """

    def __init__(self, service: HealthService, callers: Callers, clock: Clock, payloads: Payloads) -> None:
        self._service = service
        self._callers = callers
        self._clock = clock
        self._payloads = payloads

    async def healthz(self, _request: web.Request) -> web.Response:
        """Answer that the process and its loop live."""
        return json_response({"status": "ok"})

    async def startup(self, _request: web.Request) -> web.Response:
        """Answer whether the start is over."""
        over = self._service.phase != "starting"
        return json_response({"started": over, "phase": self._service.phase}, 200 if over else 503)

    async def ready(self, _request: web.Request) -> web.Response:
        """Answer whether commands are answered."""
        ready = await self._service.ready()
        return json_response({"ready": ready, "phase": self._service.phase}, 200 if ready else 503)

    async def health(self, request: web.Request) -> web.Response:
        """Answer with everything, or with a page for a browser."""
        if _wants_page(request):
            return await self._page(request)
        overview = await gather(self._service, self._payloads, self._clock)
        report = overview.report
        body: dict[str, Any] = {"status": report.status, "ready": report.ready, "phase": report.phase}
        if self._callers.sees_detail(request):
            body = asdict(report) | {
                "buckets": overview.buckets,
                "plugins": overview.plugins,
                "jobs": overview.jobs,
                "settings": [asdict(one) | {"value": one.plain} for one in self._payloads.settings()],
                "toggles": self._payloads.toggles(),
                "sheets_quota": overview.quota and asdict(overview.quota) | {"forecast": overview.quota.forecast},
            }
        else:
            body["detail"] = "give the header Authorization: Bearer with COREOPS_HTTP_TOKEN"
        return json_response(body, _code(report))

    async def digest(self, request: web.Request) -> web.Response:
        """Answer with the digest, to those who may see detail."""
        if self._payloads.digest is None or not self._callers.sees_detail(request):
            raise web.HTTPForbidden
        return json_response(await self._payloads.digest())

    async def root(self, request: web.Request) -> web.Response:
        """Answer with the page, or with a summary."""
        if _wants_page(request):
            return await self._page(request)
        report = await self._service.report()
        body: dict[str, Any] = {
            "status": report.status,
            "says": headline(report),
            "ready": report.ready,
            "phase": report.phase,
            "bot": report.bot,
            "env": report.env,
            "uptime": report.uptime,
            "see": ["/health", "/digest", "/startup", "/ready", "/healthz"],
        }
        if self._callers.sees_detail(request):  # a version tells a stranger what may be wrong with it
            body |= {"version": report.bot_version, "coreops": report.coreops_version}
        return json_response(body)

    async def _page(self, request: web.Request) -> web.Response:
        overview = await gather(self._service, self._payloads, self._clock)
        nonce = secrets.token_urlsafe(16)
        text = render(overview, nonce, detail=self._callers.sees_detail(request))
        return web.Response(
            text=text, content_type="text/html", headers={"Content-Security-Policy": policy(nonce), "Vary": "Accept"}
        )


def _wants_page(request: web.Request) -> bool:
    """Tell whether the caller names HTML, as browsers do; ``*/*`` gets JSON."""
    return "text/html" in request.headers.get("Accept", "").lower()


def _code(report: HealthReport) -> int:
    return 503 if report.status is HealthStatus.DOWN else 200
