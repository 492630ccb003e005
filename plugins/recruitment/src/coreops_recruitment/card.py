"""What a clan looks like in Discord: its profile, its entry criteria, and the button that flips between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import hikari

from coreops_hookspecs import BucketStatus, CardField, Commands, Controls, PluginContext, Press
from coreops_hookspecs.controls import STATE_LIMIT
from coreops_hookspecs.errors import UsageError
from coreops_recruitment.clans import Clan, read

__all__ = ["FLIP", "Side", "clan_card", "clan_message", "flip"]

Side = Literal["profile", "criteria"]
Say = Callable[..., str]

FLIP: Final = "flip"
"""Name of the control; messages in Discord carry it."""


def clan_message(
    clan: Clan, side: Side, status: BucketStatus, commands: Commands, controls: Controls
) -> dict[str, Any]:
    """Return a side of a clan's card with the button that turns it over, as it is sent and as a press changes it."""
    return {"embed": clan_card(clan, side, status, commands), "components": _button(clan, side, commands, controls)}


def clan_card(clan: Clan, side: Side, status: BucketStatus, commands: Commands) -> hikari.Embed:
    """Return one side of the card of a clan; when the data is old it says how old."""
    facts = _profile(clan, commands.say) if side == "profile" else _criteria(clan, commands.say)
    lead = clan.description if side == "profile" else clan.requirements
    fields = [CardField(name, text, inline=True) for name, text in facts if text]
    text = [*([lead] if lead else []), *status.age_note(say=commands.say)]
    card = commands.card(f"{clan.clan_name} [{clan.clan_tag}]", text, fields=fields)
    if clan.crest_url.startswith(("https://", "http://")):
        card.set_thumbnail(clan.crest_url)
    return card


async def flip(ctx: PluginContext, press: Press) -> None:
    """Show the other side, of the clan as the list has it now."""
    side, _, tag = press.state.partition(":")
    clan = read(ctx.cache).get(tag)
    if clan is None:
        told = ctx.commands.say("`{tag}` is no longer in the clan list.", tag=tag)
        raise UsageError(f"no clan {tag!r} any more", user_message=told)
    shown: Side = "criteria" if side == "criteria" else "profile"
    await press.update(**clan_message(clan, shown, ctx.cache.status("clans"), ctx.commands, ctx.controls))


def _button(
    clan: Clan, side: Side, commands: Commands, controls: Controls
) -> Sequence[hikari.api.MessageActionRowBuilder]:
    other: Side = "criteria" if side == "profile" else "profile"
    state = f"{other}:{clan.clan_tag}"
    if len(state) > STATE_LIMIT:
        return []
    row = hikari.impl.MessageActionRowBuilder()
    label = commands.say("Entry criteria") if other == "criteria" else commands.say("Profile")
    row.add_interactive_button(hikari.ButtonStyle.SECONDARY, controls.id(FLIP, state), label=label)
    return [row]


def _spots(clan: Clan, say: Say) -> str:
    if not clan.open_spots:
        return say("full ({most})", most=clan.max_members)
    return say("{count} of {most}", count=clan.open_spots, most=clan.max_members)


def _profile(clan: Clan, say: Say) -> Sequence[tuple[str, str]]:
    return (
        (say("Level"), str(clan.level)),
        (say("Open spots"), _spots(clan, say)),
        (say("Boss"), clan.boss),
        (say("Mode"), clan.mode),
        (say("Leader"), clan.leader),
        (say("Languages"), clan.languages),
    )


def _criteria(clan: Clan, say: Say) -> Sequence[tuple[str, str]]:
    return (
        (say("Entry"), clan.entry_level or say("open to all")),
        (say("Open spots"), _spots(clan, say)),
        (say("Boss"), clan.boss),
        (say("Mode"), clan.mode),
        (say("Ask"), clan.leader),
        (say("Languages"), clan.languages),
    )
