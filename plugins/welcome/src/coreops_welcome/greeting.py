"""A welcome as it stands in Discord: composed from a template, and posted where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hikari

from coreops_hookspecs import Commands, PluginContext
from coreops_hookspecs.errors import BucketColdError, UnavailableError, UpstreamError
from coreops_welcome.templates import NOTICE, TICKET, Template, read

__all__ = ["Words", "channel_of", "compose", "greet_in_ticket", "post", "post_notice"]


@dataclass(frozen=True, slots=True)
class Words:
    """What fills a template's placeholders.

    Args:
        member: A user's id, or ``None`` where nobody is named.
        clan: Name of the clan, or of the server.
        tag: The clan's tag.
        leader: The clan's leader.
        note: What whoever posts it adds.
        crest_url: Picture of the clan.
        channel: Id of the channel that the welcome goes to.
    """

    member: int | None
    clan: str
    tag: str = ""
    leader: str = ""
    note: str = ""
    crest_url: str = ""
    channel: int = 0

    def fill(self, text: str, say: Callable[..., str]) -> str:
        """Return a template's text with its placeholders filled; they were checked when the tab was read."""
        member = say("our new member") if self.member is None else f"<@{self.member}>"
        leader = self.leader or say("the leader")
        known = {"member": member, "clan": self.clan, "tag": self.tag, "leader": leader, "note": self.note}
        filled = text.format(**known, channel=f"<#{self.channel}>").strip()
        return filled[:1].upper() + filled[1:] if text.startswith(("{member}", "{leader}")) else filled


def compose(template: Template, words: Words, commands: Commands) -> dict[str, Any]:
    """Return the message. It notifies the member where the row says so, and nobody else whatever a text holds."""
    card = commands.card(words.fill(template.title, commands.say), words.fill(template.text, commands.say))
    crest = template.crest_url or words.crest_url
    if crest.startswith(("https://", "http://")):
        card.set_thumbnail(crest)
    message: dict[str, Any] = {"embed": card, "mentions_everyone": False, "role_mentions": False}
    if template.ping and words.member is not None:
        # a mention in an embed notifies nobody (Discord docs, Allowed Mentions)
        return {**message, "content": f"<@{words.member}>", "user_mentions": [words.member]}
    return {**message, "user_mentions": False}


def channel_of(template: Template, ctx: PluginContext) -> int:
    """Return the id of the channel that a welcome goes to: the row's own, else the general one.

    Raises:
        UnavailableError: neither is named.
    """
    channel = template.channel or ctx.config.get("WELCOME_CHANNEL_ID")
    if not channel:
        msg = "no channel for welcomes: set WELCOME_CHANNEL_ID in the Config worksheet, or the row's own channel"
        told = ctx.commands.say("Welcomes have no channel yet. Staff: set `WELCOME_CHANNEL_ID`.")
        raise UnavailableError(msg, user_message=told)
    return int(channel)


async def post(ctx: PluginContext, channel: int, message: dict[str, Any]) -> hikari.Message:
    """Send a message.

    Raises:
        UnavailableError: the bot may not write there, or there is no such channel.
        UpstreamError: Discord did not take it.
    """
    try:
        return await ctx.discord.rest.create_message(channel, **message)
    except (hikari.ForbiddenError, hikari.NotFoundError) as error:
        msg = f"the bot cannot write into channel {channel}: {error.message}"
        told = ctx.commands.say(
            "I cannot write into <#{channel}>. Staff: check that it exists and that I may send messages there.",
            channel=channel,
        )
        raise UnavailableError(msg, user_message=told) from error
    except hikari.HikariError as error:
        msg = f"the welcome could not be sent to channel {channel}: {error}"
        told = ctx.commands.say("Discord did not take the welcome. Try again in a minute.")
        raise UpstreamError(msg, user_message=told) from error


async def post_notice(ctx: PluginContext, words: Words) -> int | None:
    """Tell everybody of a welcome that stands in a channel of its own, and return the id of the channel where.

    Returns ``None`` without a word where no row ``*notice`` asks for it, or it would stand beside the welcome.

    Raises:
        UnavailableError: the bot may not write there, or there is no such channel.
        UpstreamError: Discord did not take it.
    """
    template = read(ctx.cache).get(NOTICE)
    channel = 0 if template is None else int(template.channel or ctx.config.get("WELCOME_CHANNEL_ID") or 0)
    if template is None or channel in (0, words.channel):
        return None
    await post(ctx, channel, compose(template, words, ctx.commands))
    return channel


async def greet_in_ticket(ctx: PluginContext, thread: int, member: int | None, server: str) -> None:
    """Greet in a new ticket where a row ``*ticket`` asks for it.

    Raises:
        UnavailableError: the bot may not write there.
        UpstreamError: Discord did not take it.
    """
    try:
        template = read(ctx.cache).get(TICKET)
    except BucketColdError:
        return
    if template is not None:
        await post(ctx, thread, compose(template, Words(member=member, clan=server, channel=thread), ctx.commands))
