"""Reads request bodies: JSON, or multipart with `payload_json` and `files[n]`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from coreops_sandbox.world.interacting import ATTACHMENT_LIMIT

from .errors import ApiError, bad_request, too_large

REQUEST_LIMIT = 25 * 1024 * 1024
"""Bytes of a whole request (Discord docs, Message, "Create Message", Limitations)."""
_FILE = re.compile(r"files\[(\d{1,3})\]|file(\d{0,3})")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request; `key` is the n of `files[n]`."""

    key: str
    filename: str
    content_type: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carried: its JSON and its files."""

    data: Any
    files: list[Upload] = field(default_factory=list)


async def read(request: web.Request) -> Body:
    """Read the body, whatever its type; an empty one is an empty object.

    Raises ApiError: 50109 for broken JSON, 50035 for another content type, 40005 for too many bytes.
    """
    wide = request.clone(client_max_size=REQUEST_LIMIT)
    if (request.content_length or 0) > REQUEST_LIMIT:
        raise too_large()
    try:
        if request.content_type == "multipart/form-data":
            return await _read_multipart(await wide.multipart())
        raw = await wide.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large() from error
    if not raw:
        return Body({})
    if request.content_type != "application/json":
        raise _wrong_type()
    return Body(_parse(raw))


async def _read_multipart(reader: MultipartReader) -> Body:
    data: Any = {}
    fields: dict[str, str] = {}
    files: list[Upload] = []
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        found = _FILE.fullmatch(part.name)
        if found is not None and part.filename is not None:
            files.append(await _read_file(part, found[1] or found[2] or "0"))
        elif part.name == "payload_json":
            data = _parse(bytes(await part.read(decode=True)))
        else:
            fields[part.name] = await part.text()
    # Without payload_json, Discord reads the plain fields; they can only carry text.
    return Body(data or fields, files)


async def _read_file(part: BodyPartReader, key: str) -> Upload:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > ATTACHMENT_LIMIT:
            raise too_large()
    return Upload(key, part.filename or "unknown", part.headers.get("Content-Type"), bytes(content))


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise bad_request(50109) from error


def _wrong_type() -> ApiError:
    expected = """Expected "Content-Type" header to be one of {'application/json'}."""
    return ApiError(400, 50035, "Invalid Form Body", errors={"_misc": [expected]})
