"""Who may talk to the sandbox: programs of this machine and its own page, nobody else.

A page of a foreign site can make the browser send requests to loopback (cross-site request forgery), and can point
its own host name at 127.0.0.1 (DNS rebinding). The first shows in Origin, the second in Host
(RFC 6454 section 7; RFC 9110 section 7.2).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@web.middleware
async def local_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer 403 to what does not come from this machine or from the sandbox's own page."""
    problem = _problem(request)
    if problem is not None:
        return web.json_response({"error": problem}, status=403)
    return await handler(request)


def _problem(request: web.Request) -> str | None:
    peer = request.remote
    if peer is not None and not is_loopback(peer):
        return f"the sandbox serves this machine only, not {peer}"
    name = _host_name(request.host)
    if name is None or not is_loopback(name):
        return f"the host {request.host!r} is not this machine: use 127.0.0.1 or localhost"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return f"pages of {origin!r} may not use the sandbox: open its own page at http://{request.host}/"
    return None


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
