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

from coreops_sandbox.faults.interference import Handler, interference
from coreops_sandbox.faults.specs import RateLimit, ServerError
from coreops_sandbox.faults.store import Fault, Faults

_API = re.compile(r"^/api(?:/v\d+)?(?=/)")
_KINDS = ("rest.latency", "rest.hang", "rest.reset", "rest.html", "rest.error", "rest.rate_limit")


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

    def below_the_root(request: web.Request) -> str | None:
        root = _API.match(request.path)
        return None if root is None else request.path[root.end() :]

    async def answer(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:  # noqa: ARG001
        params = fault.params
        if isinstance(params, RateLimit):
            return _rate_limited(params, f"{request.method} {below_the_root(request)}", clock())
        assert isinstance(params, ServerError)
        reason = HTTPStatus(params.status).phrase if params.status in set(HTTPStatus) else "Server Error"
        return web.json_response({"message": f"{params.status}: {reason}", "code": 0}, status=params.status)

    return interference(faults, _KINDS, below_the_root, answer, sleep)


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
