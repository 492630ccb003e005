"""Uploaded files: stored in the world, described by attachment objects."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import re
import struct
from typing import Any

from .interacting import ATTACHMENT_LIMIT
from .lookup import SandboxError
from .world import StoredFile, World

_UNSAFE = re.compile(r"[^\w.-]+")
_PNG = b"\x89PNG\r\n\x1a\n"


def store(
    world: World,
    channel_id: str,
    filename: str,
    content: bytes,
    *,
    content_type: str | None = None,
    description: str | None = None,
    ephemeral: bool = False,
) -> dict[str, Any]:
    """Keep a file for the CDN and return its attachment object (Discord docs, Message, "Attachment Object")."""
    safe = _UNSAFE.sub("_", filename).strip("_") or "unknown"
    kind = content_type or mimetypes.guess_type(safe)[0] or "application/octet-stream"
    file_id = world.snowflakes.next()
    path = f"{'ephemeral-' if ephemeral else ''}attachments/{channel_id}/{file_id}/{safe}"
    world.files[path] = StoredFile(safe, kind, content)
    url = f"{world.public_url}/cdn/{path}"
    data: dict[str, Any] = {
        "id": file_id,
        "filename": safe,
        "size": len(content),
        "url": url,
        "proxy_url": url,
        "content_type": kind,
    }
    data |= _dimensions(content)
    if description is not None:
        data["description"] = description
    return {**data, "ephemeral": True} if ephemeral else data


def upload(world: World, channel_id: str, given: dict[str, Any], *, ephemeral: bool = False) -> dict[str, Any]:
    """Store a person's attachment, {"filename", "content_base64"}; raises SandboxError for one that does not fit."""
    try:
        content = base64.b64decode(given["content_base64"], validate=True)
        filename = str(given["filename"])
    except (KeyError, TypeError, binascii.Error) as error:
        raise SandboxError(f"an attachment needs filename and content_base64, not {given!r:.80}") from error
    if len(content) > ATTACHMENT_LIMIT:
        raise SandboxError(f"attachment {filename!r} has {len(content)} bytes; Discord takes {ATTACHMENT_LIMIT}")
    return store(world, channel_id, filename, content, ephemeral=ephemeral)


def _dimensions(content: bytes) -> dict[str, int]:
    """Width and height of a PNG, from its IHDR chunk (RFC 2083, 4.1.1)."""
    if not content.startswith(_PNG) or len(content) < 24:
        return {}
    width, height = struct.unpack(">II", content[16:24])
    return {"width": width, "height": height}
