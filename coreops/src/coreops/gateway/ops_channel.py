"""The ops channel: where lifecycle notices are posted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import hikari

from coreops_hookspecs.commands import Commands
from coreops_hookspecs.look import CardField, Severity

__all__ = ["OpsChannel"]


class OpsChannel:
    """Posts cards to one channel. Nothing in them pings anybody.

    Args:
        rest: Returns Discord's REST API.
        channel_id: The channel (``LOG_CHANNEL_ID``).
        commands: Draws the cards in the look of the runtime.
    """

    def __init__(self, rest: Callable[[], hikari.api.RESTClient], channel_id: int, commands: Commands) -> None:
        self._rest = rest
        self._channel_id = channel_id
        self._commands = commands

    async def send(self, title: str, description: str, severity: str, fields: Sequence[tuple[str, str]]) -> None:
        """Post one card. Raises hikari.HikariError when Discord does not take it."""
        named = [CardField(name, text) for name, text in fields]
        card = self._commands.card(title, description, severity=Severity(severity), fields=named)
        await self._rest().create_message(
            self._channel_id, embed=card, mentions_everyone=False, user_mentions=False, role_mentions=False
        )
