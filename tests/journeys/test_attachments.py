"""Files that people attach are looked at by name alone, however they would unpack."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import aiohttp
import pytest


def zip_bomb() -> bytes:
    """A few kilobytes that unpack to 16 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(16 << 20))
    return packed.getvalue()


def image_bomb() -> bytes:
    """A PNG of 50,000 by 50,000 pixels in a header (RFC 2083), which takes 10 GB to show."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


class Shelf(dict[str, Any]):
    """The files of the sandbox's CDN, which notes what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.fetched.append(key)
        return super().get(key, default)


@pytest.mark.parametrize("typed", ["!ops ping", "!ops nonsense", "nothing for the bot"])
async def test_an_attachment_that_would_unpack_without_end_is_never_fetched(
    boot: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    bot = await boot()
    shelf = Shelf()
    monkeypatch.setattr(sandbox.world, "files", shelf)
    if typed.startswith("!"):
        files = {"roster.zip": zip_bomb(), "crest.png": image_bomb()}
        assert (await bot.chat.say(typed, as_="staff", files=files)).replies
    else:
        bot.chat._waiting["timeout"] = 0.5
        assert not (await bot.chat.say(typed, as_="user", files={"roster.zip": zip_bomb()})).replies
    bot.chat._waiting["timeout"] = 10.0
    assert (await bot.chat.say("!ops ping", as_="staff")).replies, "whatever came of it has been done by now"
    assert shelf.fetched == []
    async with aiohttp.ClientSession() as http, http.get(f"{sandbox.url}/cdn/{next(iter(shelf))}") as answer:
        assert answer.status == 200
    assert len(shelf.fetched) == 1, "or the shelf notes nothing"
