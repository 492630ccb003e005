"""The command ``clan``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Cache, Commands, Snapshot, access
from coreops_hookspecs.errors import BucketColdError, UsageError
from coreops_recruitment.card import clan_card
from coreops_recruitment.clans import Clan, close, find, matching

__all__ = ["ShowClan"]


async def _suggest(ctx: lightbulb.AutocompleteContext[str], cache: Cache = lightbulb.di.INJECTED) -> None:
    found = matching(_snapshot(cache), str(ctx.focused.value or ""))
    await ctx.respond([(f"{clan.clan_tag} · {clan.clan_name}"[:100], clan.clan_tag) for clan in found])


@access.user
class ShowClan(lightbulb.SlashCommand, name="clan", description="Show a clan's card"):
    """Finds a clan by tag or by name."""

    tag = lightbulb.string("tag", "The clan's tag or name", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, cache: Cache, commands: Commands) -> None:
        """Answer with the card, or with the tags that are close."""
        snapshot = _snapshot(cache)
        clan = find(snapshot, self.tag)
        if clan is None:
            raise _unknown(snapshot, self.tag)
        await ctx.respond(embed=clan_card(clan, cache.status("clans"), commands))


def _snapshot(cache: Cache) -> Snapshot[Clan]:
    try:
        return cache.get_snapshot("clans")
    except BucketColdError as error:
        text = "The clan list could not be read yet. Try again in a minute; staff see the cause in `ops health`."
        raise BucketColdError(str(error), user_message=text) from error


def _unknown(snapshot: Snapshot[Clan], wanted: str) -> UsageError:
    tags = " or ".join(f"`{tag}`" for tag in close(snapshot, wanted))
    hint = f" Did you mean {tags}?" if tags else ""
    return UsageError(f"no clan {wanted[:100]!r}", user_message=f"I know no clan of that tag or name.{hint}")
