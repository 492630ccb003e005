"""What the faults of all APIs share: a request comes late, hangs, is reset, or meets a proxy's error page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from aiohttp.typedefs import Middleware

from coreops_sandbox.faults.specs import Failure, Html, Latency
from coreops_sandbox.faults.store import Fault, Faults, held

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Answer = Callable[[Fault, web.Request, Handler], Awaitable[web.StreamResponse]]

_LATENCY, _HANG, _RESET = ".latency", ".hang", ".reset"
_HTML = "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"


def interference(
    faults: Faults,
    kinds: Sequence[str],
    below_the_root: Callable[[web.Request], str | None],
    answer: Answer,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Middleware:
    """A middleware that lets the requests of one API go wrong.

    Args:
        faults: Consulted with ``METHOD /path``.
        kinds: Names of faults in the order in which they are looked for; ``….latency`` adds to any other.
        below_the_root: The path of a request below the API's root; None if it belongs to another one.
        answer: Answers for the faults that only this API has.
        sleep: Waits, in seconds.
    """

    late_kinds = [kind for kind in kinds if kind.endswith(_LATENCY)]
    other_kinds = [kind for kind in kinds if kind not in late_kinds]

    @web.middleware
    async def interfere(request: web.Request, handler: Handler) -> web.StreamResponse:
        path = below_the_root(request)
        if path is None:
            return await handler(request)
        target = f"{request.method} {path}"
        if late := _first(faults, late_kinds, target):
            await sleep(late.told(Latency).ms / 1000)
        fault = _first(faults, other_kinds, target)
        if fault is None:
            return await handler(request)
        with held(fault):
            if isinstance(fault.params, Failure) and fault.params.after:
                await handler(request)
            if fault.spec.name.endswith(_HANG):
                await faults.ended(fault)
        if isinstance(fault.params, Html):
            status = fault.params.status
            return web.Response(text=_HTML.format(status=status), content_type="text/html", status=status)
        if fault.spec.name.endswith((_HANG, _RESET)):
            return _reset(request)
        return await answer(fault, request, handler)

    return interfere


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere: the connection is gone


def _first(faults: Faults, kinds: Sequence[str], target: str) -> Fault | None:
    taken = (faults.take(kind, target) for kind in kinds)
    return next((one for one in taken if one is not None), None)
