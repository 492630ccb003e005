"""Looking at the world, and setting faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from coreops_sandbox.control import models
from coreops_sandbox.control.body import number, read
from coreops_sandbox.faults import SPECS, Faults
from coreops_sandbox.gateway import GatewayStatus
from coreops_sandbox.world import lookup, posting
from coreops_sandbox.world.lookup import SandboxError
from coreops_sandbox.world.users import User
from coreops_sandbox.world.world import World

JSON = dict[str, Any]


def viewer(world: World, request: web.Request) -> User | None:
    """The member of ``?as=``; None without it. Raises SandboxError for an unknown one."""
    name = request.query.get("as")
    return None if name is None else lookup.person(world, name)


class State:
    """Handlers of ``state``, ``messages`` and ``faults``."""

    def __init__(self, world: World, faults: Faults, status: Callable[[], GatewayStatus]) -> None:
        self._world = world
        self._faults = faults
        self._status = status

    async def state(self, request: web.Request) -> web.Response:  # noqa: ARG002  (aiohttp's signature)
        """Everything but the messages."""
        guild, status = self._world.home, self._status()
        bot = self._world.bot_user
        return web.json_response(
            {
                "guild": {"id": guild.id, "name": guild.name, "owner_id": guild.owner_id},
                "channels": [channel.payload() for channel in guild.channels.values()],
                "roles": [role.payload() for role in guild.roles.values()],
                "members": [member.payload() for member in guild.members.values()],
                "commands": [command.payload() for command in self._world.application.commands.values()],
                "bot": {"id": bot.id, "name": bot.username, "connected": status.sessions > 0, **asdict(status)},
                "faults": self._faults.list(),
                "requests": dict(self._world.requests),
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The latest messages of a channel, oldest first, as ``?as=`` sees it."""
        who = viewer(self._world, request)
        name = request.query.get("channel")
        if name is None:
            raise SandboxError(f"{request.path}: the query needs channel=, a name or id")
        limit = number(request, "limit", 50, low=1, high=500)
        channel = lookup.place(self._world, name, who or self._world.application.owner)
        seen = [one for one in channel.messages.values() if one.only_for in {None, who and who.id}]
        shown = [posting.gateway_payload(self._world, channel, one) for one in seen[-limit:]]
        return web.json_response({"messages": shown})

    async def faults(self, request: web.Request) -> web.Response:  # noqa: ARG002  (aiohttp's signature)
        """The active faults, and the kinds there are."""
        known = [{"name": spec.name, "about": spec.about, "params": spec.defaults()} for spec in SPECS.values()]
        return web.json_response({"faults": self._faults.list(), "known": known})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Let something go wrong."""
        body = await read(request, models.AddFault)
        fault = self._faults.add(body.name, body.params, match=body.match, count=body.count, seconds=body.seconds)
        return web.json_response({"fault": self._faults.describe(fault)}, status=201)

    async def remove_faults(self, request: web.Request) -> web.Response:
        """End one fault, or all."""
        if "id" in request.match_info:
            self._faults.remove(request.match_info["id"])
        else:
            self._faults.clear()
        return web.json_response({"faults": self._faults.list()})
