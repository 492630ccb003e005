"""What a clan looks like in Discord."""

from __future__ import annotations

import hikari

from coreops_hookspecs import BucketStatus, CardField, Commands
from coreops_recruitment.clans import Clan

__all__ = ["clan_card"]


def clan_card(clan: Clan, status: BucketStatus, commands: Commands) -> hikari.Embed:
    """Return the card of a clan; when the data is old it says how old."""
    spots = f"{clan.open_spots} of {clan.max_members}" if clan.open_spots else f"full ({clan.max_members})"
    facts = {
        "Level": str(clan.level),
        "Entry": clan.entry_level,
        "Open spots": spots,
        "Boss": clan.boss,
        "Mode": clan.mode,
        "Leader": clan.leader,
    }
    fields = [CardField(name, text, inline=True) for name, text in facts.items() if text]
    card = commands.card(f"{clan.clan_name} [{clan.clan_tag}]", [*_about(clan), *_age(status)], fields=fields)
    if clan.crest_url.startswith(("https://", "http://")):
        card.set_thumbnail(clan.crest_url)
    return card


def _about(clan: Clan) -> list[str]:
    return [clan.description] if clan.description else []


def _age(status: BucketStatus) -> list[str]:
    old = status.stale or status.restored or status.failing_since is not None
    if not old or status.loaded_at is None:
        return []
    return [f"-# ⚠️ data from <t:{int(status.loaded_at.timestamp())}:R>"]
