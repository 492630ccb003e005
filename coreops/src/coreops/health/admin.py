"""``POST /admin/plugins/<name>/<action>``: plugins are changed over HTTP, by whoever proves that they may."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final, Protocol

import msgspec
from aiohttp import web

from coreops.health.callers import Callers
from coreops.health.probes import json_response
from coreops_hookspecs.errors import CoreOpsError, PluginRefusedError, UnavailableError
from coreops_hookspecs.manifest import PLUGIN_NAME
from coreops_hookspecs.plugins import PluginAction, PluginChange

__all__ = ["Admin", "CarryOut", "Order"]

_ACTIONS: Final = {action.value: action for action in PluginAction}
_JSON: Final = "application/json"


class Order(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The body of a request.

    Args:
        plan: Only say what a reload would change.
        reason: Why a plugin is put into quarantine.
        who: Who asks, for the records; taken at its word.
    """

    plan: bool = False
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    who: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,32}$")] = ""


class CarryOut(Protocol):
    """Carries an order out and keeps it on record. Raises PluginRefusedError, UnavailableError."""

    async def __call__(
        self, action: PluginAction, name: str, *, actor: str, plan: bool, reason: str
    ) -> PluginChange: ...


async def _not_yet(*_: object, **__: object) -> PluginChange:
    msg = "no plugin can be changed before the runtime is up; try again in a moment"
    raise UnavailableError(msg)


class Admin:
    """Takes orders.

    Args:
        callers: Tells who may change something.
    """

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self.carry_out: CarryOut = _not_yet

    async def plugin(self, request: web.Request) -> web.Response:
        """Carry an order out and answer with what came of it."""
        if refusal := self._refusal(request):
            return refusal
        name, action = request.match_info["name"], _ACTIONS.get(request.match_info["action"])
        if action is None or not PLUGIN_NAME.fullmatch(name):
            raise web.HTTPNotFound
        try:
            order = msgspec.json.decode(await request.read() or b"{}", type=Order)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return _error(400, f"the body is no order: {error}")
        actor = f"operator:{order.who}" if order.who else "operator"
        try:
            change = await self.carry_out(action, name, actor=actor, plan=order.plan, reason=order.reason)
        except PluginRefusedError as error:
            return _error(409, str(error))
        except CoreOpsError as error:
            return _error(503, str(error))
        return json_response({"ok": change.ok, "outcome": change.outcome} | asdict(change))

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Return why a request is not even looked at, or ``None``."""
        if _from_a_page(request):
            return _error(403, "pages may not change a bot; use coreops plugins or a command in Discord")
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


def _from_a_page(request: web.Request) -> bool:
    """Tell whether a browser sends this for a page: each names its origin with a POST (Fetch standard, 3.2)."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def _error(status: int, text: str) -> web.Response:
    body: dict[str, Any] = {"error": text, "status": status}
    return json_response(body, status)
