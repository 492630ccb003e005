"""Requests to Google that go wrong: an aiohttp middleware around its routes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from coreops_sandbox.faults import Fault, Faults
from coreops_sandbox.faults.interference import Handler, interference
from coreops_sandbox.faults.specs import QuotaExceeded, ServerError
from coreops_sandbox.sheets.errors import GoogleError, bad_token, exhausted, no_permission, refused

GOOGLE_ROOT = "/google"
TOKEN = "/token"  # noqa: S105  (a path)
_KINDS = tuple(f"sheets.{kind}" for kind in ("latency", "hang", "reset", "truncated", "html", "error", "rate_limit"))
_DATA_KINDS = ("sheets.token_expired", "sheets.permission_lost")


def below_the_root(request: web.Request) -> str:
    """The path of a request below ``/google``."""
    return request.path.removeprefix(GOOGLE_ROOT)


def middlewares(faults: Faults, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> tuple[Middleware, ...]:
    """Middlewares that let requests go wrong as ``faults`` says.

    Args:
        faults: Consulted with ``METHOD /path`` below ``/google``, such as ``POST /token`` or
            ``GET /v4/spreadsheets/recruitment/values:batchGet``.
        sleep: Waits, in seconds.
    """

    def data_path(request: web.Request) -> str | None:
        path = below_the_root(request)
        return None if path == TOKEN else path

    return (
        interference(faults, _KINDS, below_the_root, _answer, sleep),
        # a lost permission and an expired token leave the token endpoint as it is
        interference(faults, _DATA_KINDS, data_path, _answer, sleep),
    )


async def _answer(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    match fault.params, fault.spec.name:
        case QuotaExceeded() as params, _:
            kind = "read" if request.method == "GET" else "write"
            raise exhausted(kind, 60, per_user=True, retry_after=params.retry_after)
        case ServerError() as params, _:
            raise _unavailable(params.status)
        case _, "sheets.token_expired":
            raise bad_token()
        case _, "sheets.permission_lost":
            raise no_permission()
        case _:
            return await _truncated(request, await handler(request))


def _unavailable(status: int) -> GoogleError:
    return refused(status, "The service is currently unavailable." if status == 503 else "Internal error encountered.")


async def _truncated(request: web.Request, whole: web.StreamResponse) -> web.StreamResponse:
    """Half of the body under a header that promises all of it; then the connection ends."""
    body = whole.body if isinstance(whole, web.Response) and isinstance(whole.body, bytes) else b""
    response = web.StreamResponse(status=whole.status, headers={"Content-Type": "application/json; charset=UTF-8"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
