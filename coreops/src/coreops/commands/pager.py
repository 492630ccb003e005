"""Answers of several pages: turned by buttons that belong to whoever asked, and that end after a while.

The pages are held in memory, so after a restart the buttons are taken away at the first press on them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Final

import hikari
import lightbulb

from coreops.commands.render import plain
from coreops_hookspecs import Logger
from coreops_shared.clock import Clock
from coreops_shared.texts import say

__all__ = ["PAGES", "Pager"]

PAGES: Final = "pages:"
"""How the custom ids of its buttons begin."""

_LIFETIME: Final = 600.0
"""Seconds after the last press; a response can be changed for 900 (Discord docs, Receiving and Responding)."""
_MOST: Final = 500
_FAREWELL: Final = 1.0
"""Seconds in which the buttons of all answers are ended when the bot stops."""


@dataclass(slots=True)
class _Shown:
    """One answer: its pages, whose it is, and how its message is changed without a press."""

    key: str
    cards: Sequence[hikari.Embed]
    owner: int
    change: Callable[..., Awaitable[Any]]
    at: int = 0
    ending: asyncio.Task[None] | None = field(default=None, repr=False)


class Pager:
    """Shows pages.

    Args:
        clock: Time.
        log: The structured logger.
        new_key: Makes the part of custom ids that names an answer.
    """

    def __init__(self, clock: Clock, log: Logger, new_key: Callable[[], str] = lambda: token_hex(6)) -> None:
        self._clock = clock
        self._log = log
        self._new_key = new_key
        self._shown: OrderedDict[str, _Shown] = OrderedDict()

    async def show(
        self, ctx: lightbulb.Context, cards: Sequence[hikari.Embed], *, owner: int, ephemeral: bool = False
    ) -> None:
        """Answer with the first of the cards, and with buttons when there are several."""
        if len(cards) == 1:
            await ctx.respond(embed=cards[0], ephemeral=ephemeral)
            return
        shown = _Shown(self._new_key(), cards, owner, ctx.interaction.edit_initial_response)
        sent = await ctx.respond(embed=cards[0], components=[_row(shown)], ephemeral=ephemeral)

        async def change(**options: Any) -> None:
            await ctx.edit_response(sent, **options)

        shown.change = change
        self._shown[shown.key] = shown
        self._restart(shown)
        if len(self._shown) > _MOST:
            await self._end(next(iter(self._shown.values())))

    async def press(self, interaction: hikari.ComponentInteraction) -> None:
        """Turn to the page that a button names, for whom it belongs to."""
        _, key, target = interaction.custom_id.split(":")[:3]
        shown = self._shown.get(key)
        if shown is None:
            await interaction.create_initial_response(hikari.ResponseType.MESSAGE_UPDATE, components=None)
            await self._tell(interaction.execute, say("This list is no longer active. Run the command again."))
            return
        if int(interaction.user.id) != shown.owner:
            text = say("Only <@{owner}> can turn these pages. Run the command yourself.", owner=shown.owner)
            await self._tell(interaction.create_initial_response, text, hikari.ResponseType.MESSAGE_CREATE)
            return
        shown.at = min(max(int(target), 0), len(shown.cards) - 1)
        shown.change = interaction.edit_initial_response
        self._restart(shown)
        await interaction.create_initial_response(
            hikari.ResponseType.MESSAGE_UPDATE, **_content(shown, interaction.app_permissions), components=[_row(shown)]
        )

    async def close(self) -> None:
        """End the buttons of everything that is shown."""
        ending = [asyncio.create_task(self._end(shown)) for shown in list(self._shown.values())]
        if ending:
            _, late = await asyncio.wait(ending, timeout=_FAREWELL)
            for task in late:
                task.cancel()

    def _restart(self, shown: _Shown) -> None:
        if shown.ending is not None:
            shown.ending.cancel()
        self._shown.move_to_end(shown.key)
        shown.ending = asyncio.create_task(self._later(shown), name="pages")

    async def _later(self, shown: _Shown) -> None:
        await self._clock.sleep(_LIFETIME)
        shown.ending = None
        await self._end(shown)

    async def _end(self, shown: _Shown) -> None:
        self._shown.pop(shown.key, None)
        if shown.ending is not None:
            shown.ending.cancel()
        try:
            await shown.change(components=[_row(shown, ended=True)])
        except (hikari.HikariError, LookupError) as error:
            self._log.debug("the buttons of a list could not be ended", error=str(error))

    async def _tell(self, send: Callable[..., Awaitable[Any]], text: str, *kind: hikari.ResponseType) -> None:
        await send(*kind, text, flags=hikari.MessageFlag.EPHEMERAL, user_mentions=False)


def _content(shown: _Shown, permissions: hikari.Permissions | None) -> dict[str, Any]:
    card = shown.cards[shown.at]
    if permissions is None or permissions & hikari.Permissions.EMBED_LINKS:
        return {"embed": card, "content": None}
    return {"content": plain(card), "embed": None}


def _row(shown: _Shown, *, ended: bool = False) -> hikari.impl.MessageActionRowBuilder:
    """Return the buttons; each custom id names the page it leads to."""
    row, last, at = hikari.impl.MessageActionRowBuilder(), len(shown.cards) - 1, shown.at

    def add(what: str, target: int, label: str, *, off: bool) -> None:
        row.add_interactive_button(
            hikari.ButtonStyle.SECONDARY, f"{PAGES}{shown.key}:{target}:{what}", label=label, is_disabled=ended or off
        )

    add("first", 0, "⏮", off=at == 0)
    add("back", at - 1, "◀", off=at == 0)
    add("here", at, f"{at + 1} / {last + 1}", off=True)
    add("next", at + 1, "▶", off=at == last)
    add("last", last, "⏭", off=at == last)
    return row
