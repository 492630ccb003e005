"""REST requests that go wrong: an aiohttp middleware around every route of the API."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Middleware

from coreops_sandbox.faults.specs import Failure, Html, Latency, RateLimit, ServerError
from coreops_sandbox.faults.store import Fault, Faults, held

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_API = re.compile(r"^/api(?:/v\d+)?(?=/)")
_HTML = "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"
_KINDS = ("rest.hang", "rest.reset", "rest.html", "rest.error", "rest.rate_limit")


def middleware(
    faults: Faults,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = time.time,
) -> Middleware:
    """A middleware that lets the requests below ``/api`` go wrong as ``faults`` says.

    Args:
        faults: Consulted with ``METHOD /path`` below the API root, such as ``POST /channels/1/messages``.
        sleep: Waits, in seconds.
        clock: POSIX seconds, for X-RateLimit-Reset.
    """

    @web.middleware
    async def interfere(request: web.Request, handler: _Handler) -> web.StreamResponse:
        root = _API.match(request.path)
        if root is None:
            return await handler(request)
        target = f"{request.method} {request.path[root.end() :]}"
        if late := faults.take("rest.latency", target):
            await sleep(late.told(Latency).ms / 1000)
        taken = (faults.take(kind, target) for kind in _KINDS)
        fault = next((one for one in taken if one is not None), None)
        if fault is None:
            return await handler(request)
        with held(fault):
            if isinstance(fault.params, Failure) and fault.params.after:
                await handler(request)
            if fault.spec.name == "rest.hang":
                await faults.ended(fault)
        return _answer(fault, request, target, clock())

    return interfere


def _answer(fault: Fault, request: web.Request, target: str, now: float) -> web.Response:
    params = fault.params
    if isinstance(params, RateLimit):
        return _rate_limited(params, target, now)
    if isinstance(params, ServerError):
        reason = HTTPStatus(params.status).phrase if params.status in set(HTTPStatus) else "Server Error"
        return web.json_response({"message": f"{params.status}: {reason}", "code": 0}, status=params.status)
    if isinstance(params, Html):
        return web.Response(text=_HTML.format(status=params.status), content_type="text/html", status=params.status)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere: the connection is gone


def _rate_limited(params: RateLimit, target: str, now: float) -> web.Response:
    """A 429 (Discord docs, "Rate Limits": Exceeding A Rate Limit)."""
    everywhere = params.scope == "global"
    body = {"message": "You are being rate limited.", "retry_after": params.retry_after, "global": everywhere}
    headers = {"Retry-After": str(math.ceil(params.retry_after)), "X-RateLimit-Scope": params.scope}
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= {
            "X-RateLimit-Limit": "1",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": f"{now + params.retry_after:.3f}",
            "X-RateLimit-Reset-After": f"{params.retry_after:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(target.encode(), usedforsecurity=False).hexdigest(),
        }
    return web.json_response(body, status=429, headers=headers)
