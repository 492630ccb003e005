"""Serve the chat page (`/`) and its files (`/static/…`) with headers that let nothing foreign in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

STATIC = Path(__file__).parent / "static"

# Not from the mimetypes module: it reads the host's registry, and with nosniff a wrong type is a dead page.
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
}

# Message text is foreign input, so the page may run and load only what this port serves.
# blob: and data: are for pictures the page makes itself (previews of attachments to send).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file of the page, held in memory: requests never touch the disk."""

    body: bytes
    content_type: str
    etag: str

    def response(self, request: web.Request) -> web.Response:
        """Answer 200 with the file, or 304 when the browser already has this version (RFC 9110, 13.1.2)."""
        headers = {**HEADERS, "ETag": f'"{self.etag}"'}
        if any(tag.value in (self.etag, "*") for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        charset = "utf-8" if self.content_type.startswith("text/") else None
        return web.Response(body=self.body, content_type=self.content_type, charset=charset, headers=headers)


def load(folder: Path = STATIC) -> dict[str, StaticFile]:
    """Read every file of the page below `folder`, keyed by its path with forward slashes."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in TYPES:
            body = path.read_bytes()
            etag = hashlib.sha256(body).hexdigest()[:20]
            files[path.relative_to(folder).as_posix()] = StaticFile(body, TYPES[path.suffix], etag)
    return files


def add_page(app: web.Application) -> None:
    """Add `GET /` and `GET /static/{path}` to `app`."""
    files = load()

    async def serve(request: web.Request) -> web.Response:
        name = request.match_info.get("path", "index.html")
        file = files.get(name)
        if file is None:
            return web.Response(status=404, text=f"the chat page has no file {name!r}\n", headers=HEADERS)
        return file.response(request)

    app.router.add_get("/", serve)
    app.router.add_get("/static/{path:.+}", serve)
