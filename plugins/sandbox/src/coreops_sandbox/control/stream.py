"""What happens in the world, live, as Server-Sent Events (WHATWG HTML, "Server-sent events")."""

from __future__ import annotations

import asyncio
import json
from collections import deque

from aiohttp import web

from coreops_sandbox.control.state import viewer
from coreops_sandbox.world.events import Notice
from coreops_sandbox.world.users import User
from coreops_sandbox.world.world import World

_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream:
    """Handler of ``events``: keeps the latest notices, so that a client that comes back misses none.

    When too much has happened since its Last-Event-ID, or the sandbox is another one, the client gets the event
    ``reset`` and should load everything again.

    Args:
        world: Whose notices are sent.
        run: Distinguishes this sandbox's event ids from those of one before it on the same port.
        keep: Notices kept.
        ping: Seconds of silence after which a comment is sent, so that a dead client is noticed.
    """

    def __init__(self, world: World, run: str, *, keep: int = 1000, ping: float = 15.0) -> None:
        self._world = world
        self._run = run
        self._ping = ping
        self._count = 0
        self._kept: deque[tuple[int, Notice]] = deque(maxlen=keep)
        self._news = asyncio.Event()
        self._closed = False
        self._unsubscribe = world.notices.subscribe(self._record)

    def close(self) -> None:
        """End all streams."""
        self._unsubscribe()
        self._closed = True
        self._announce()

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send what happens until the client leaves; ephemeral messages only to ``?as=`` their owner."""
        who = viewer(self._world, request)
        last = self._resume_point(request.headers.get("Last-Event-ID"))
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        try:
            await response.write(b"retry: 1000\n\n")
            while not self._closed:
                last = await self._catch_up(response, who, last)
                await self._wait_for_news(response, last)
        except ConnectionResetError:
            pass  # the client left
        return response

    def _record(self, notice: Notice) -> None:
        self._count += 1
        self._kept.append((self._count, notice))
        self._announce()

    def _announce(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _resume_point(self, last_id: str | None) -> int:
        """The number of the last event that the client has; -1 if that cannot be known."""
        if last_id is None:
            return self._count
        run, _, seq = last_id.partition("-")
        return int(seq) if run == self._run and seq.isdigit() and int(seq) <= self._count else -1

    async def _catch_up(self, response: web.StreamResponse, who: User | None, last: int) -> int:
        if last < self._count - len(self._kept):
            await response.write(_event(self._id(self._count), "reset", {}))
            return self._count
        fresh = [(number, notice) for number, notice in self._kept if number > last]
        for number, notice in fresh:
            if self._may_see(who, notice):
                await response.write(_event(self._id(number), notice.kind, notice.data))
        return fresh[-1][0] if fresh else last

    async def _wait_for_news(self, response: web.StreamResponse, last: int) -> None:
        news = self._news
        if self._count > last or self._closed:
            return
        try:
            async with asyncio.timeout(self._ping):
                await news.wait()
        except TimeoutError:
            await response.write(b": ping\n\n")

    def _may_see(self, who: User | None, notice: Notice) -> bool:
        if notice.only_for is not None:
            return who is not None and who.id == notice.only_for
        channel = self._world.channel(notice.data.get("channel_id", ""))
        return who is None or channel is None or self._world.can_see(who.id, channel)

    def _id(self, number: int) -> str:
        return f"{self._run}-{number}"


def _event(event_id: str, kind: str, data: object) -> bytes:
    return f"id: {event_id}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()
