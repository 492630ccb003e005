"""The files of messages and the default avatars, as Discord's CDN serves them (docs, Reference, "CDN Endpoints")."""

from __future__ import annotations

import struct
import zlib

from aiohttp import web

from coreops_sandbox.world.world import World

_COLORS = (0x5865F2, 0x757E8A, 0x3BA55C, 0xFAA61A, 0xED4245, 0xEB459E)
_SIDE = 128
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    # A file that someone uploaded must not run as a page of the sandbox's own origin.
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


def cdn(world: World) -> web.Application:
    """The application to mount at `/cdn`."""

    async def attachment(request: web.Request) -> web.Response:
        file = world.files.get(request.path.partition("/cdn/")[2])
        if file is None:
            raise web.HTTPNotFound(text="This content is no longer available.")
        shown = file.content_type.startswith(("image/", "video/", "audio/")) and "svg" not in file.content_type
        disposition = f'{"inline" if shown else "attachment"}; filename="{file.filename}"'
        headers = {**_SAFE, "Content-Disposition": disposition, "Content-Type": file.content_type}
        return web.Response(body=file.content, headers=headers)

    async def default_avatar(request: web.Request) -> web.Response:
        index = int(request.match_info["index"]) % len(_COLORS)
        return web.Response(body=plain_png(_COLORS[index]), content_type="image/png", headers=_SAFE)

    app = web.Application()
    app.router.add_get("/attachments/{channel}/{file}/{name}", attachment)
    app.router.add_get("/ephemeral-attachments/{channel}/{file}/{name}", attachment)
    app.router.add_get(r"/embed/avatars/{index:\d+}.png", default_avatar)
    return app


def plain_png(color: int) -> bytes:
    """A square PNG of one RGB colour (RFC 2083: IHDR, one IDAT with unfiltered lines, IEND)."""
    line = b"\x00" + color.to_bytes(3, "big") * _SIDE
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(line * _SIDE)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
