"""Reads requests and turns what is wrong with them into errors that say what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web

from coreops_sandbox.control.models import Body
from coreops_sandbox.world.lookup import SandboxError

_Body = TypeVar("_Body", bound=Body)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PREFIX = "/sandbox"


async def read(request: web.Request, kind: type[_Body]) -> _Body:
    """The request's JSON body.

    Raises:
        SandboxError: No JSON, or fields that do not fit; names them.
    """
    raw = await request.read()
    try:
        return msgspec.json.decode(raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise SandboxError(f"{request.path}: {error}; fields: {_fields(kind)}") from None
    except msgspec.DecodeError as error:
        raise SandboxError(f"{request.path}: the body is not JSON: {error}") from None


def number(request: web.Request, name: str, default: int, *, low: int, high: int) -> int:
    """An integer of the query string within bounds; raises SandboxError."""
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SandboxError(f"{request.path}: {name}={text!r} cannot be; give a number from {low} to {high}")
    return int(text)


@web.middleware
async def errors_as_json(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer errors below ``/sandbox`` as ``{"error": text}``."""
    if not request.path.startswith(f"{PREFIX}/"):
        return await handler(request)
    try:
        return await handler(request)
    except SandboxError as error:
        return refusal(400, str(error))
    except web.HTTPRequestEntityTooLarge as error:
        return refusal(413, f"{request.path}: the body is too large: {error.text}")
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        return refusal(405, f"{request.path} does not take {request.method}; it takes {allowed}")
    except web.HTTPNotFound:
        return refusal(404, f"the control API has no {request.path}")


def refusal(status: int, text: str) -> web.Response:
    """An error of the control API."""
    return web.json_response({"error": text}, status=status)


def _fields(kind: type[Body]) -> str:
    return ", ".join(field.encode_name for field in msgspec.structs.fields(kind))
