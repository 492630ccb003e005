"""Acting as a person, and waiting for the bot's answer."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from coreops_sandbox.control import models, shapes
from coreops_sandbox.control.body import read
from coreops_sandbox.world import posting
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.exchange import Exchange
from coreops_sandbox.world.interactions import Interaction
from coreops_sandbox.world.messages import Message
from coreops_sandbox.world.world import World

JSON = dict[str, Any]


class People:
    """Handlers of what people do: ``say``, ``slash``, ``press``, ``threads``, ``members`` and so on."""

    def __init__(self, world: World, actions: Actions, exchange: Exchange) -> None:
        self._world = world
        self._actions = actions
        self._exchange = exchange

    async def say(self, request: web.Request) -> web.Response:
        """Send a message and return it with the bot's replies."""
        body = await read(request, models.Say)
        files = [msgspec.to_builtins(one) for one in body.attachments]
        message = self._actions.say(body.as_, body.channel, body.content, attachments=files, reply_to=body.reply_to)
        channel = self._world.channel(message.channel_id)
        assert channel is not None
        shown = posting.gateway_payload(self._world, channel, message)
        return web.json_response({"message": shown, **await self._replies(message, body)})

    async def slash(self, request: web.Request) -> web.Response:
        """Run a slash command."""
        body = await read(request, models.Slash)
        return await self._answered(self._actions.slash(body.as_, body.channel, body.command, body.options), body)

    async def press(self, request: web.Request) -> web.Response:
        """Press a button or choose in a select menu."""
        body = await read(request, models.Press)
        return await self._answered(self._actions.press(body.as_, body.message, body.custom_id, body.values), body)

    async def modal(self, request: web.Request) -> web.Response:
        """Submit the modal that answered an interaction."""
        body = await read(request, models.Modal)
        return await self._answered(self._actions.submit_modal(body.as_, body.interaction, body.values), body)

    async def autocomplete(self, request: web.Request) -> web.Response:
        """Type into an option and return the bot's choices."""
        body = await read(request, models.Autocomplete)
        cause = self._actions.autocomplete(body.as_, body.channel, body.command, body.options, body.focused)
        return web.json_response({"choices": await self._exchange.choices(cause, body.timeout)})

    async def react(self, request: web.Request) -> web.Response:
        """Add a reaction."""
        body = await read(request, models.React)
        message = self._actions.react(body.as_, body.message, body.emoji)
        return web.json_response({"message": message.payload()})

    async def open_thread(self, request: web.Request) -> web.Response:
        """Start a thread."""
        body = await read(request, models.OpenThread)
        return web.json_response({"thread": self._actions.open_thread(body.as_, body.channel, body.name).payload()})

    async def close_thread(self, request: web.Request) -> web.Response:
        """Archive a thread."""
        body = await read(request, models.CloseThread)
        return web.json_response({"thread": self._actions.close_thread(body.as_, body.thread).payload()})

    async def join(self, request: web.Request) -> web.Response:
        """Let someone join the guild."""
        body = await read(request, models.Join)
        member = self._actions.join(body.name, body.roles)
        return web.json_response({"member": member.payload()}, status=201)

    async def leave(self, request: web.Request) -> web.Response:
        """Let a member leave."""
        name = request.match_info["name"]
        self._actions.leave(name)
        return web.json_response({"left": name})

    async def _answered(self, cause: Interaction, body: models.Waiting) -> web.Response:
        result = await self._replies(cause, body)
        error = cause.error(self._world.clock())
        return web.json_response({"interaction": shapes.interaction(cause), **result, "error": error})

    async def _replies(self, cause: Message | Interaction, body: models.Waiting) -> JSON:
        clock = asyncio.get_running_loop().time
        started = clock()
        found = await self._exchange.collect(cause, body.timeout, body.settle) if body.wait else []
        return {
            "replies": [shapes.reply(self._world, one) for one in found],
            "elapsed_ms": round((clock() - started) * 1000),
        }
