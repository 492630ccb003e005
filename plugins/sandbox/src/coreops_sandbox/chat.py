"""A typed client of the control API: speak, run commands and press as a person, and read what comes back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec

from coreops_hookspecs.errors import CoreOpsError
from coreops_sandbox.replies import Choice, Component, Exchange, Reply

JSON = dict[str, Any]


class Persona(StrEnum):
    """The members of the default guild; a joined member is named by a plain string."""

    USER = "user"
    RECRUITER = "recruiter"
    LEAD = "lead"
    STAFF = "staff"
    ADMIN = "admin"
    OWNER = "owner"
    ADMINISTRATOR = "administrator"


class ChatError(CoreOpsError):
    """The sandbox refused what was asked, as Discord's client would, or cannot be reached."""


class Chat:
    """Speaks to one sandbox.

    Args:
        url: The sandbox's address, such as ``http://127.0.0.1:8081``.
        timeout: Seconds to wait for replies.
        settle: Quiet seconds after which the replies are complete.

    Close it with :meth:`close`, or use it as an async context manager.
    """

    def __init__(self, url: str, *, timeout: float = 30.0, settle: float = 0.15) -> None:
        self.url = url.rstrip("/")
        self._waiting = {"timeout": timeout, "settle": settle}
        # The sandbox ends the wait by itself; this bound only catches one that hangs.
        self._limit = aiohttp.ClientTimeout(total=timeout + 20.0)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; a second call does nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def say(
        self,
        content: str,
        *,
        as_: Persona | str = Persona.USER,
        channel: str = "ops",
        reply_to: Reply | str | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Exchange:
        """Send a message and wait for the bot's replies; `files` maps names to contents."""
        sent = [
            {"filename": name, "content_base64": base64.b64encode(body).decode()}
            for name, body in (files or {}).items()
        ]
        body: JSON = {"as": as_, "channel": channel, "content": content, "attachments": sent}
        body["reply_to"] = reply_to.id if isinstance(reply_to, Reply) else reply_to
        return await self._exchange("say", body, f"{content!r} from {as_} in #{channel}")

    async def slash(
        self,
        command: str,
        *,
        as_: Persona | str = Persona.USER,
        channel: str = "ops",
        options: Mapping[str, Any] | None = None,
    ) -> Exchange:
        """Run a slash command by its full path, such as ``ops health``, and wait for its replies."""
        body = {"as": as_, "channel": channel, "command": command, "options": dict(options or {})}
        return await self._exchange("slash", body, f"/{command} from {as_} in #{channel}")

    async def press(self, reply: Reply, control: str, *, as_: Persona | str = Persona.USER) -> Exchange:
        """Press the button of `reply` with this label or custom id."""
        return await self._use(reply, reply.control(control), (), as_)

    async def select(self, reply: Reply, control: str, *values: str, as_: Persona | str = Persona.USER) -> Exchange:
        """Choose `values` (or their labels; names for members, roles and channels) in a select menu of `reply`."""
        found = reply.control(control)
        by_label = {option.label: option.value for option in found.options}
        return await self._use(reply, found, tuple(by_label.get(value, value) for value in values), as_)

    async def submit(
        self, opened: Exchange, values: Mapping[str, str], *, as_: Persona | str = Persona.USER
    ) -> Exchange:
        """Fill in the modal that `opened` brought: texts by the custom ids of its inputs."""
        if opened.modal is None:
            raise ChatError(f"{opened.cause} opened no modal to submit; its text was {opened.text!r}")
        body = {"as": as_, "interaction": opened.interaction, "values": dict(values)}
        return await self._exchange("modal", body, f"the modal {opened.modal.get('title')!r} from {as_}")

    async def autocomplete(
        self,
        command: str,
        focused: str,
        typed: str = "",
        *,
        as_: Persona | str = Persona.USER,
        channel: str = "ops",
        options: Mapping[str, Any] | None = None,
    ) -> tuple[Choice, ...]:
        """What the bot suggests while `typed` stands in the option `focused`."""
        asked = {**(options or {}), focused: typed}
        body = {"as": as_, "channel": channel, "command": command, "focused": focused, "options": asked}
        found = await self._call("POST", "autocomplete", body)
        return msgspec.convert(found["choices"], tuple[Choice, ...])

    async def react(self, reply: Reply | str, emoji: str, *, as_: Persona | str = Persona.USER) -> None:
        """Add a reaction to a message."""
        message = reply.id if isinstance(reply, Reply) else reply
        await self._call("POST", "react", {"as": as_, "message": message, "emoji": emoji})

    async def open_thread(self, name: str, *, as_: Persona | str = Persona.USER, channel: str = "general") -> str:
        """Start a public thread in a channel and return its id, which is where to speak in it."""
        found = await self._call("POST", "threads", {"as": as_, "channel": channel, "name": name})
        return str(found["thread"]["id"])

    async def close_thread(self, thread: str, *, as_: Persona | str = Persona.STAFF) -> None:
        """Archive a thread, by name or id."""
        await self._call("POST", "threads/close", {"as": as_, "thread": thread})

    async def join(self, name: str, *roles: str) -> None:
        """Let a new member join the guild, with roles by name."""
        await self._call("POST", "members", {"name": name, "roles": list(roles)})

    async def leave(self, name: str) -> None:
        """Let a member leave the guild."""
        await self._call("DELETE", f"members/{name}")

    async def state(self) -> JSON:
        """Guild, channels, roles, members, synced commands, the bot's connection and the faults, as JSON."""
        return await self._call("GET", "state")

    async def messages(
        self, channel: str = "ops", *, as_: Persona | str = Persona.USER, limit: int = 50
    ) -> tuple[JSON, ...]:
        """The last messages of a channel that this person may see, oldest first, as Discord's JSON."""
        found = await self._call("GET", "messages", query={"channel": channel, "as": str(as_), "limit": str(limit)})
        return tuple(found["messages"])

    async def _use(self, reply: Reply, control: Component, values: tuple[str, ...], as_: Persona | str) -> Exchange:
        name = control.label or control.placeholder or control.custom_id
        if control.disabled:
            raise ChatError(f"the control {name!r} of message {reply.id} is disabled")
        body = {"as": as_, "message": reply.id, "custom_id": control.custom_id, "values": list(values)}
        return await self._exchange("press", body, f"{name!r} pressed by {as_}")

    async def _exchange(self, path: str, body: JSON, cause: str) -> Exchange:
        found = await self._call("POST", path, {**body, **self._waiting})
        interaction = found.get("interaction") or {}
        return Exchange(
            cause=cause,
            replies=msgspec.convert(found["replies"], tuple[Reply, ...]),
            error=found.get("error"),
            interaction=interaction.get("id"),
            modal=interaction.get("modal"),
            elapsed_ms=found.get("elapsed_ms", 0.0),
        )

    async def _call(
        self, method: str, path: str, body: JSON | None = None, query: Mapping[str, str] | None = None
    ) -> JSON:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._limit)
        url = f"{self.url}/sandbox/{path}"
        try:
            async with self._session.request(method, url, json=body, params=query) as response:
                answer: JSON = msgspec.json.decode(await response.read() or b"{}")
        except aiohttp.ClientConnectionError as error:
            raise ChatError(f"no sandbox answers at {self.url}: {error}; start it with `coreops sandbox`") from error
        if response.status >= 400:
            raise ChatError(answer.get("error", f"{method} {path} answered {response.status}"))
        return answer
