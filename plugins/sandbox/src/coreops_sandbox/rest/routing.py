"""Routes, and what every request passes on its way to a handler: authorization, rate limit, errors, JSON."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from coreops_sandbox.world.world import World

from .call import Call
from .errors import ApiError, unauthorized
from .ratelimit import Limiter

Handler = Callable[[Call], Awaitable[Any]]
_MAJOR = ("channel", "guild", "webhook", "token")
"""Top-level resources that count their requests apart (Discord docs, Rate Limits)."""


@dataclass(frozen=True, slots=True)
class Created:
    """A handler's answer with status 201; plain data is 200 and None is 204."""

    data: Any


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API. `bucket` names a shared rate-limit bucket.

    `authorized` is off where a token in the path takes the place of the header; such routes are free of the
    global limit, and `limited` is off for the one route without any (interaction callbacks).
    """

    method: str
    template: str
    handler: Handler
    bucket: str | None = None
    authorized: bool = True
    limited: bool = True

    @property
    def key(self) -> str:
        return self.bucket or f"{self.method} {self.template}"


class Endpoint:
    """Serves one route."""

    def __init__(self, route: Route, world: World, limiter: Limiter) -> None:
        self._route = route
        self._world = world
        self._limiter = limiter

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        headers: dict[str, str] = {}
        self._world.requests[f"{self._route.method} {self._route.template}"] += 1
        try:
            if self._route.authorized:
                self._authorize(request)
            if self._route.limited:
                refusal = self._count(request, headers)
                if refusal is not None:
                    return refusal
            answer = await self._route.handler(Call(self._world, request, self._limiter.limits))
        except ApiError as error:
            return web.json_response(error.body(), status=error.status, headers=headers)
        if answer is None:
            return web.Response(status=204, headers=headers)
        status, data = (201, answer.data) if isinstance(answer, Created) else (200, answer)
        return web.json_response(data, status=status, headers=headers)

    def _authorize(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bot {self._world.token}".encode()):
            raise unauthorized()

    def _count(self, request: web.Request, headers: dict[str, str]) -> web.Response | None:
        major = ":".join(request.match_info[name] for name in _MAJOR if name in request.match_info)
        verdict = self._limiter.check(self._route.key, major, counts_globally=self._route.authorized)
        headers |= verdict.headers
        if verdict.retry_after is None:
            return None
        return web.json_response(verdict.body(), status=429, headers=verdict.headers)


@web.middleware
async def plain_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Give unknown routes and methods Discord's body: {"message": "404: Not Found", "code": 0}."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        body = {"message": f"{error.status}: {error.reason}", "code": 0}
        return web.json_response(body, status=error.status)
