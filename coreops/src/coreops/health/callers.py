"""Who may see detail: the machine itself, and whoever knows the token. Who may change something: only the latter."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Final

from aiohttp import web
from yarl import URL

from coreops_shared.redact import Secret

__all__ = ["Callers", "is_loopback"]

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via")


class Callers:
    """Tells callers apart.

    Args:
        token: The bearer token of ``COREOPS_HTTP_TOKEN``; without one nobody elsewhere sees detail.

    Attributes:
        key: What else opens the way to changes, from this machine alone: the key of the state folder.
    """

    def __init__(self, token: Secret | None) -> None:
        self._token = token
        self.key: Secret | None = None

    def sees_detail(self, request: web.BaseRequest) -> bool:
        """Tell whether the caller may see detail."""
        return self._is_here(request) or _bears(request, self._token)

    def may_change(self, request: web.BaseRequest) -> bool:
        """Tell whether the caller may change something; to be on this machine is not enough, as any page is."""
        by_key = _bears(request, self.key) and self._is_here(request)
        return _bears(request, self._token) or by_key

    def _is_here(self, request: web.BaseRequest) -> bool:
        """Tell whether the request began on this machine.

        A proxy on this machine passes on requests from elsewhere, so none of its headers may be there; a page that
        rebinds its name to 127.0.0.1 sends its own name as ``Host``, so that must be a loopback name too.
        """
        if any(name in request.headers for name in _FORWARDED):
            return False
        return is_loopback(request.remote or "") and is_loopback(_host_of(request))


def _bears(request: web.BaseRequest, secret: Secret | None) -> bool:
    """Tell whether a request proves that it knows a secret, in a time that tells nothing of it."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = secret.reveal().encode() if secret else b""
    matches = hmac.compare_digest(given.strip().encode(errors="surrogateescape"), wanted)
    return bool(wanted) and scheme.lower() == "bearer" and matches


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host_of(request: web.BaseRequest) -> str:
    try:
        return URL(f"http://{request.headers.get('Host', '')}").host or ""
    except ValueError:
        return ""
