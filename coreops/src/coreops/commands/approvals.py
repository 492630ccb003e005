"""Two persons for one action: which actions need a second one, who waits for whom, and until when.

Requests are in the state store, so they and their buttons outlive a restart. What is listed stands in the setting
``APPROVALS``: paths of commands, separated by ``;``, each with the options that make the difference::

    ops reload --reboot; ops plugins unload
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Final, Protocol

import msgspec

from coreops.commands.invocation import Invocation
from coreops_hookspecs import Approval
from coreops_hookspecs.errors import CommandError, CoreOpsError, UnavailableError, UsageError
from coreops_shared.clock import Clock
from coreops_shared.texts import say

__all__ = ["SETTING", "ApprovalPendingError", "ApprovalStore", "Approvals", "needed"]

SETTING: Final = "APPROVALS"
"""Key of the setting, which ``ops`` declares."""

_OWNER, _KEY = "coreops", "approvals"
_NO: Final = frozenset({"", "false", "0"})
_SPLIT: Final = re.compile(r"[;\n]")

Options = Sequence[tuple[str, str]]


class ApprovalStore(Protocol):
    """The part of the state store that is used here."""

    async def kv_get(self, plugin: str, key: str) -> str | None: ...
    async def kv_set(self, plugin: str, key: str, value: str) -> None: ...


class ApprovalPendingError(CommandError):
    """The command waits for a second person."""

    def __init__(self, request: Approval) -> None:
        super().__init__(f"command {request.command!r} waits for a second person until {request.expires_at}")
        self.request = request


class Approvals:
    """Holds what waits for a second person, and what was approved and not yet run.

    Args:
        store: Keeps it over a restart; nothing is approved while it fails.
        clock: Time; the wall clock counts, because it goes on while the bot does not run.
        listed: Returns the setting's text as configured now.
        lifetime: Returns for how many seconds a request, and an approval, hold.
        new_id: Names a request.
    """

    def __init__(
        self,
        store: ApprovalStore,
        clock: Clock,
        listed: Callable[[], str],
        lifetime: Callable[[], float] = lambda: 600.0,
        new_id: Callable[[], str] = lambda: token_hex(8),
    ) -> None:
        self._store = store
        self._clock = clock
        self._listed = listed
        self._lifetime = lifetime
        self._new_id = new_id
        self._requests: dict[str, Approval] | None = None

    def needed(self, invocation: Invocation) -> bool:
        """Tell whether a command needs somebody else, as configured now."""
        listed = self._listed()
        return bool(listed) and needed(listed, invocation.command, invocation.options)

    async def pass_through(self, invocation: Invocation) -> None:
        """Let a command pass that needs nobody else, or that somebody else has approved, which uses the approval up.

        Raises:
            ApprovalPendingError: it waits for a second person.
            UnavailableError: the store fails.
        """
        if not self.needed(invocation):
            return
        requests = await self._known()
        mine = [one for one in requests.values() if _same(one, invocation)]
        granted = next((one for one in mine if one.approved_by is not None), None)
        if granted is not None:
            del requests[granted.id]
            await self._save()
            invocation.approved_by = granted.approved_by
            return
        pending = next(iter(mine), None) or self._request(invocation)
        requests[pending.id] = pending
        await self._save()
        raise ApprovalPendingError(pending)

    async def find(self, request: str) -> Approval:
        """Return what waits. Raises UsageError if nothing of that id does (any more), UnavailableError."""
        found = (await self._known()).get(request)
        if found is None or found.approved_by is not None:
            msg = f"no approval {request!r} is waited for"
            raise UsageError(
                msg, user_message=say("This has been decided, or its time is over. Run the command again.")
            )
        return found

    async def decide(self, request: str, by: int, *, granted: bool) -> Approval:
        """Approve or drop what waits; an approval holds as long as a request does. Raises UsageError."""
        found = await self.find(request)
        requests = await self._known()
        if granted:
            found = requests[request] = replace(found, approved_by=by, expires_at=self._end())
        else:
            del requests[request]
        await self._save()
        return found

    def _request(self, invocation: Invocation) -> Approval:
        return Approval(
            id=self._new_id(),
            command=invocation.command,
            options=tuple(invocation.options),
            user_id=invocation.user_id,
            guild_id=invocation.guild_id,
            expires_at=self._end(),
        )

    def _end(self) -> int:
        return int(self._clock.now().timestamp() + self._lifetime())

    async def _known(self) -> dict[str, Approval]:
        """Return what is held and not over."""
        if self._requests is None:
            try:
                text = await self._store.kv_get(_OWNER, _KEY)
            except CoreOpsError as error:
                raise _unkept() from error
            kept = msgspec.json.decode(text, type=list[Approval]) if text else []
            self._requests = {one.id: one for one in kept}
        now = self._clock.now().timestamp()
        self._requests = {key: one for key, one in self._requests.items() if one.expires_at > now}
        return self._requests

    async def _save(self) -> None:
        try:
            await self._store.kv_set(_OWNER, _KEY, msgspec.json.encode(list((await self._known()).values())).decode())
        except CoreOpsError as error:
            raise _unkept() from error


def needed(listed: str, command: str, options: Options) -> bool:
    """Tell whether a command with these options is among those listed."""
    given = {name for name, value in options if value.lower() not in _NO}
    for line in _SPLIT.split(listed):
        words = line.lower().split()
        path = " ".join(word for word in words if not word.startswith("--"))
        if words and path == command and {word[2:] for word in words if word.startswith("--")} <= given:
            return True
    return False


def _same(one: Approval, invocation: Invocation) -> bool:
    asked = (invocation.command, tuple(invocation.options), invocation.user_id, invocation.guild_id)
    return (one.command, one.options, one.user_id, one.guild_id) == asked


def _unkept() -> UnavailableError:
    text = say("This needs a second person, and approvals cannot be kept while the bot's storage fails. Tell an admin.")
    return UnavailableError("approvals cannot be kept, see the health of the state store", user_message=text)
