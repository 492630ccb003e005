"""The control API's paths and the rooms behind them."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from coreops_sandbox.control.body import PREFIX
from coreops_sandbox.control.people import People
from coreops_sandbox.control.state import State
from coreops_sandbox.control.stream import Stream
from coreops_sandbox.faults import Faults
from coreops_sandbox.gateway import GatewayStatus
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.exchange import Exchange
from coreops_sandbox.world.world import World


def add_control(
    app: web.Application, world: World, faults: Faults, status: Callable[[], GatewayStatus], run: str
) -> Stream:
    """Add the control API to ``app``; the returned stream must be closed before the server stops."""
    people = People(world, Actions(world), Exchange(world))
    state = State(world, faults, status)
    stream = Stream(world, run)
    app.add_routes(
        [
            web.post(f"{PREFIX}/say", people.say),
            web.post(f"{PREFIX}/slash", people.slash),
            web.post(f"{PREFIX}/autocomplete", people.autocomplete),
            web.post(f"{PREFIX}/press", people.press),
            web.post(f"{PREFIX}/modal", people.modal),
            web.post(f"{PREFIX}/react", people.react),
            web.post(f"{PREFIX}/threads", people.open_thread),
            web.post(f"{PREFIX}/threads/close", people.close_thread),
            web.post(f"{PREFIX}/members", people.join),
            web.delete(f"{PREFIX}/members/{{name}}", people.leave),
            web.get(f"{PREFIX}/state", state.state),
            web.get(f"{PREFIX}/messages", state.messages),
            web.get(f"{PREFIX}/events", stream.events),
            web.get(f"{PREFIX}/faults", state.faults),
            web.post(f"{PREFIX}/faults", state.add_fault),
            web.delete(f"{PREFIX}/faults", state.remove_faults),
            web.delete(f"{PREFIX}/faults/{{id}}", state.remove_faults),
        ]
    )
    return stream
