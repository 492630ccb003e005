"""``POST /admin/…/<name>/<action>``: plugins, jobs and dead writes are changed, by whoever proves to be allowed to."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import asdict
from typing import Any, Final, TypeVar

import msgspec
from aiohttp import web

from coreops.health.callers import Callers
from coreops.health.orders import JobAction, JobOrder, NotYet, Order, Orders, WriteAction, WriteOrder
from coreops.health.probes import json_response
from coreops_hookspecs.errors import CoreOpsError, OutboxError, PluginRefusedError, UnknownJobError
from coreops_hookspecs.manifest import PLUGIN_NAME
from coreops_hookspecs.plugins import PluginAction

__all__ = ["Admin"]

B = TypeVar("B", Order, JobOrder, WriteOrder)

_PLUGIN: Final = {action.value: action for action in PluginAction}
_JOB: Final = {action.value: action for action in JobAction}
_WRITE: Final = {action.value: action for action in WriteAction}
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_JSON: Final = "application/json"


class Admin:
    """Takes orders.

    Args:
        callers: Tells who may change something.
    """

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self.orders: Orders = NotYet()

    async def plugin(self, request: web.Request) -> web.Response:
        """Change a plugin and answer with what came of it."""
        if refusal := self._refusal(request):
            return refusal
        name, action = request.match_info["name"], _PLUGIN.get(request.match_info["action"])
        if action is None or not PLUGIN_NAME.fullmatch(name):
            raise web.HTTPNotFound
        order = await _body(request, Order)
        if isinstance(order, web.Response):
            return order
        doing = self.orders.plugin(action, name, actor=_actor(order.who), plan=order.plan, reason=order.reason)
        return await _answer(_change_told(doing))

    async def job(self, request: web.Request) -> web.Response:
        """Run, pause or resume a job, or say when it runs next."""
        if refusal := self._refusal(request):
            return refusal
        action = _JOB.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        order = await _body(request, JobOrder)
        if isinstance(order, web.Response):
            return order
        return await _answer(_change_told(self.orders.job(action, request.match_info["name"], actor=_actor(order.who))))

    async def write(self, request: web.Request) -> web.Response:
        """Replay or drop a dead write."""
        if refusal := self._refusal(request):
            return refusal
        number, action = request.match_info["number"], _WRITE.get(request.match_info["action"])
        if action is None or not _NUMBER.fullmatch(number):
            raise web.HTTPNotFound
        order = await _body(request, WriteOrder)
        if isinstance(order, web.Response):
            return order
        doing = self.orders.write(action, int(number), actor=_actor(order.who), overwrite=order.overwrite)
        return await _answer(_write_told(doing))

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Return why a request is not even looked at, or ``None``."""
        if _from_a_page(request):
            return _error(403, "pages may not change a bot; use coreops in a terminal or a command in Discord")
        if not self._callers.may_change(request):
            answer = _error(
                401,
                "give Authorization: Bearer with COREOPS_HTTP_TOKEN, or here with the key of the state folder",
            )
            answer.headers["WWW-Authenticate"] = 'Bearer realm="coreops"'
            return answer
        if request.content_type != _JSON:
            return _error(415, f"send {_JSON}")
        return None


async def _body(request: web.Request, kind: type[B]) -> B | web.Response:
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _error(400, f"the body is no order: {error}")


def _actor(who: str) -> str:
    return f"operator:{who}" if who else "operator"


async def _change_told(doing: Awaitable[Any]) -> dict[str, Any]:
    change = await doing
    return {"ok": change.ok, "outcome": change.outcome} | asdict(change)


async def _write_told(doing: Awaitable[Any]) -> dict[str, Any]:
    return {"ok": True, "outcome": "done"} | asdict(await doing)


async def _answer(told: Awaitable[dict[str, Any]]) -> web.Response:
    try:
        return json_response(await told)
    except UnknownJobError as error:
        return _error(404, str(error))
    except (PluginRefusedError, OutboxError) as error:
        return _error(409, str(error))
    except CoreOpsError as error:
        return _error(503, str(error))


def _from_a_page(request: web.Request) -> bool:
    """Tell whether a browser sends this for a page: each names its origin with a POST (Fetch standard, 3.2)."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def _error(status: int, text: str) -> web.Response:
    body: dict[str, Any] = {"error": text, "status": status}
    return json_response(body, status)
