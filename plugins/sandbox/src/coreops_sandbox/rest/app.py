"""Puts the routes together into the application that serves `/api/v10`."""

from __future__ import annotations

from aiohttp import web

from coreops_sandbox.world.world import World

from . import (
    channels,
    commands,
    gateway,
    guilds,
    interactions,
    members,
    messages,
    pins,
    reactions,
    roles,
    threads,
    webhook_messages,
    webhooks,
)
from .cdn import cdn
from .ratelimit import Limiter, Limits
from .routing import Endpoint, Route, plain_errors

# Where a fixed word and a variable share a place in the path, the fixed word comes first.
ROUTES: tuple[Route, ...] = (
    *gateway.ROUTES,
    *guilds.ROUTES,
    *roles.ROUTES,
    *members.ROUTES,
    *channels.ROUTES,
    *pins.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *threads.ROUTES,
    *commands.ROUTES,
    *interactions.ROUTES,
    *webhook_messages.ROUTES,
    *webhooks.ROUTES,
)


def api(world: World, limits: Limits | None = None) -> web.Application:
    """The application to mount at `/api/v10`; without `limits` the generous ones hold.

    The rate limits run on the world's clock.
    """
    limiter = Limiter(limits or Limits.generous(), world.clock)
    app = web.Application(middlewares=[plain_errors])
    for route in ROUTES:
        app.router.add_route(route.method, route.template, Endpoint(route, world, limiter).__call__)
    return app


def add_rest(app: web.Application, world: World, limits: Limits | None = None) -> None:
    """Mount the API at `/api/v10` and the CDN at `/cdn` of the sandbox's application."""
    app.add_subapp("/api/v10", api(world, limits))
    app.add_subapp("/cdn", cdn(world))
