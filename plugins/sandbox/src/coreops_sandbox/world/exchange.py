"""Which messages answer which cause, and waiting for them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Hashable
from typing import Any

from .interactions import RESPONSE_DEADLINE_S, Interaction
from .messages import SYSTEM_TYPES, Message
from .world import World


class Exchange:
    """Attributes the bot's messages to what caused them and waits until they have settled."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def collect(
        self,
        cause: Message | Interaction,
        timeout: float = 10.0,  # noqa: ASYNC109  (what came until then is the result, not an error)
        settle: float = 0.15,
    ) -> list[Message]:
        """The replies to `cause`, once there are some, none is pending and `settle` seconds passed quietly.

        Ends at `timeout` (seconds) with what there is; an interaction without an answer ends at Discord's
        deadline of three seconds, and `Interaction.error` then says what the person saw.
        """
        changed = asyncio.Event()
        unsubscribe = self._world.notices.subscribe(lambda _: changed.set())
        try:
            async with asyncio.timeout(timeout):
                await self._settled(cause, changed, settle)
        except TimeoutError:
            pass
        finally:
            unsubscribe()
        return self.replies(cause)

    async def choices(
        self,
        interaction: Interaction,
        timeout: float = RESPONSE_DEADLINE_S,  # noqa: ASYNC109  (silence means no choices)
    ) -> list[dict[str, Any]]:
        """The choices that the bot offers for an autocomplete interaction; none if it is silent for `timeout`."""
        await self.collect(interaction, timeout, settle=0.0)
        return interaction.choices or []

    def replies(self, cause: Message | Interaction) -> list[Message]:
        """The messages that answer `cause` as they stand now, oldest first."""
        if isinstance(cause, Interaction):
            found = [self._world.message(one) for one in cause.message_ids]
            return [one for one in found if one is not None and not one.loading]
        return self._to_message(cause)

    def _to_message(self, cause: Message) -> list[Message]:
        found: list[Message] = []
        for message in self._after(int(cause.id)):
            target = message.reference.get("message_id") if message.reference is not None else None
            here = message.channel_id == cause.channel_id and target is None and message.interaction_id is None
            if here or target in {cause.id, *(one.id for one in found)}:
                found.append(message)
        return found

    def _after(self, moment: int) -> list[Message]:
        """What the bot said after an id, in all channels, oldest first."""
        said: list[Message] = []
        for channel in self._world.channels():
            # Ids only grow, so the newest are the last: a long history is not walked through.
            newer = itertools.takewhile(lambda one: int(one.id) > moment, reversed(channel.messages.values()))
            said += [one for one in newer if one.author.id == self._world.bot_user.id]
        return sorted((one for one in said if one.type not in SYSTEM_TYPES), key=lambda one: int(one.id))

    async def _settled(self, cause: Message | Interaction, changed: asyncio.Event, settle: float) -> None:
        """Return after `settle` quiet seconds; only changes of this cause's own replies count as noise."""
        loop = asyncio.get_running_loop()
        seen, quiet_since = self._fingerprint(cause), loop.time()
        while True:
            changed.clear()
            complete = self._complete(cause)
            left = quiet_since + settle - loop.time()
            if complete and left <= 0:
                return
            wait = left if complete else self._until_deadline(cause)
            try:
                async with asyncio.timeout(wait):
                    await changed.wait()
            except TimeoutError:
                if not complete and isinstance(cause, Interaction) and cause.error(self._world.clock()):
                    return
            now = self._fingerprint(cause)
            if now != seen:
                seen, quiet_since = now, loop.time()

    def _complete(self, cause: Message | Interaction) -> bool:
        if isinstance(cause, Interaction):
            return cause.answered and not cause.deferred
        return bool(self.replies(cause))

    def _until_deadline(self, cause: Message | Interaction) -> float | None:
        if isinstance(cause, Message) or cause.answered:
            return None
        # The world's clock may be a controlled one, so the deadline is looked at again, not slept through.
        return max(cause.created_at + RESPONSE_DEADLINE_S - self._world.clock(), 0.0) + 0.01

    def _fingerprint(self, cause: Message | Interaction) -> Hashable:
        messages = tuple((one.id, one.edited_at, one.flags) for one in self.replies(cause))
        state = (cause.callback, cause.deferred) if isinstance(cause, Interaction) else ()
        return messages, state
