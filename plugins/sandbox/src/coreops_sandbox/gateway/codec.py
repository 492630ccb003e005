"""How a payload's bytes travel to the client (Discord docs, "Gateway": Encoding and Compression).

A codec belongs to one connection: the stream compressions share one context over all its payloads.
"""

from __future__ import annotations

import importlib
import sys
import zlib
from typing import Any, Protocol


class Codec(Protocol):
    """Turns one JSON payload into one websocket message: text for ``str``, binary for ``bytes``."""

    def encode(self, payload: bytes) -> str | bytes:
        """The message that carries ``payload`` (UTF-8 JSON)."""
        ...


class Plain:
    """No compression: a text message."""

    def encode(self, payload: bytes) -> str:
        """See :class:`Codec`."""
        return payload.decode()


class PayloadZlib:
    """``"compress": true`` in IDENTIFY: each payload is a zlib stream of its own (RFC 1950)."""

    def encode(self, payload: bytes) -> bytes:
        """See :class:`Codec`."""
        return zlib.compress(payload)


class ZlibStream:
    """``compress=zlib-stream``: one context for the connection, each payload ends with 00 00 ff ff."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj()

    def encode(self, payload: bytes) -> bytes:
        """See :class:`Codec`."""
        return self._deflate.compress(payload) + self._deflate.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """``compress=zstd-stream``: one zstd frame for the connection, flushed after each payload.

    This is what hikari asks for whenever it finds a zstd library.
    """

    def __init__(self) -> None:
        # In the standard library since Python 3.14 (PEP 784); before that, its backport.
        zstd: Any = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
        self._compressor = zstd.ZstdCompressor()

    def encode(self, payload: bytes) -> bytes:
        """See :class:`Codec`."""
        data: bytes = self._compressor.compress(payload, mode=self._compressor.FLUSH_BLOCK)
        return data


TRANSPORTS: dict[str, type[Plain | ZlibStream | ZstdStream]] = {
    "": Plain,
    "zlib-stream": ZlibStream,
    "zstd-stream": ZstdStream,
}
"""A connection's codec by the ``compress`` parameter of its address."""
