"""The replies to one message: what an interaction's responses become on the prefix surface.

A deferred response is the typing indicator, an ephemeral one an ordinary reply. Mentions are off unless asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hikari

from coreops.commands.missing import explain
from coreops.commands.render import CONTENT, plain
from coreops.telemetry.phrases import shorten
from coreops_hookspecs import Logger
from coreops_hookspecs.errors import UnavailableError
from coreops_shared.texts import say

__all__ = ["Replies"]

_NEEDED = hikari.Permissions.VIEW_CHANNEL | hikari.Permissions.SEND_MESSAGES
_WEBHOOK_ONLY = ("username", "avatar_url")


class Replies:
    """Sends, edits and deletes the replies to one message.

    Args:
        rest: Discord.
        source: The message that is answered.
        permissions: What the bot may do in its channel.
        on_sent: Told the id of each reply before anyone can press a button on it.
        log: The structured logger.
    """

    def __init__(
        self,
        rest: hikari.api.RESTClient,
        source: hikari.Message,
        *,
        permissions: hikari.Permissions,
        on_sent: Callable[[hikari.Snowflake], None],
        log: Logger,
    ) -> None:
        self._rest = rest
        self._source = source
        self._permissions = permissions
        self._can_embed = bool(permissions & hikari.Permissions.EMBED_LINKS)
        self._on_sent = on_sent
        self._log = log
        self._sent: list[hikari.Snowflake] = []

    @property
    def first(self) -> hikari.Snowflake:
        """Id of the initial response. Raises LookupError before there is one."""
        if not self._sent:
            msg = "there is no response yet; respond before editing, fetching or deleting it"
            raise LookupError(msg)
        return self._sent[0]

    @property
    def any(self) -> bool:
        """Whether a reply was sent."""
        return bool(self._sent)

    async def defer(self) -> None:
        """Show that an answer is coming. Raises UnavailableError where the bot may not write."""
        try:
            await self._rest.trigger_typing(self._source.channel_id)
        except hikari.ForbiddenError as error:
            raise await self._forbidden() from error

    async def send(self, content: hikari.UndefinedOr[Any], **options: Any) -> hikari.Message:
        """Reply to the message; what is given is what ``RESTClient.create_message`` takes.

        Raises:
            UnavailableError: the bot may not write in the channel.
        """
        content, options = self._fit(content, options)
        try:
            sent = await self._create(content, options)
        except hikari.ForbiddenError as error:
            stripped = _without_embeds(content, options)
            if stripped == (content, options):
                raise await self._forbidden() from error
            self._log.warning(
                "embeds are refused here, answering in text; grant Embed Links",
                channel=int(self._source.channel_id),
            )
            self._can_embed = False
            return await self.send(*stripped[:1], **stripped[1])
        self._sent.append(sent.id)
        return sent

    async def edit(self, message: int, content: hikari.UndefinedNoneOr[Any], **options: Any) -> hikari.Message:
        """Change a reply."""
        content, options = self._fit(content, options)
        return await self._rest.edit_message(self._source.channel_id, self._own(message), content, **options)

    async def fetch(self, message: int) -> hikari.Message:
        """Fetch a reply."""
        return await self._rest.fetch_message(self._source.channel_id, self._own(message))

    async def delete(self, message: int) -> None:
        """Delete a reply."""
        await self._rest.delete_message(self._source.channel_id, self._own(message))
        self._sent.remove(self._own(message))

    async def _create(self, content: hikari.UndefinedOr[Any], options: dict[str, Any]) -> hikari.Message:
        sent = await self._rest.create_message(
            self._source.channel_id, content, reply=self._source.id, reply_must_exist=False, **options
        )
        self._on_sent(sent.id)
        return sent

    def _fit(self, content: hikari.UndefinedNoneOr[Any], options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Drop what a message cannot have; turn embeds into text where they are not allowed."""
        fitting = {
            name: value
            for name, value in options.items()
            if value is not hikari.UNDEFINED and name not in _WEBHOOK_ONLY
        }
        if "flags" in fitting:
            fitting["flags"] = hikari.MessageFlag(fitting["flags"]) & ~hikari.MessageFlag.EPHEMERAL
        return (content, fitting) if self._can_embed else _without_embeds(content, fitting)

    def _own(self, message: int) -> hikari.Snowflake:
        if message not in self._sent:
            msg = f"message {int(message)} is not a response to this command"
            raise LookupError(msg)
        return hikari.Snowflake(message)

    async def _forbidden(self) -> UnavailableError:
        """Tell the author, in private because nothing can be said here, what is missing, and return the error."""
        channel = int(self._source.channel_id)
        text = explain(_NEEDED & ~self._permissions or _NEEDED, channel)
        try:
            private = await self._rest.create_dm_channel(self._source.author.id)
            await self._rest.create_message(private, f"⚠️ {say('I may not answer you.')} {text}")
        except hikari.HikariError as error:
            self._log.debug("nobody could be told of the missing permissions", error=str(error))
        msg = f"the bot may not answer in channel {channel}; grant it View Channel and Send Messages there"
        return UnavailableError(msg, user_message=f"{say('I may not write in that channel.')} {text}")


def _without_embeds(content: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the same with embeds written out as text."""
    embeds = [*(options.get("embeds") or ()), *([options["embed"]] if options.get("embed") else ())]
    if isinstance(content, hikari.Embed):
        embeds.insert(0, content)
        content = hikari.UNDEFINED
    if not embeds:
        return content, options
    rest = {name: value for name, value in options.items() if name not in ("embed", "embeds")}
    texts = [str(content)] if content not in (hikari.UNDEFINED, None) else []
    return shorten("\n\n".join([*texts, *(plain(embed) for embed in embeds)]), CONTENT), rest
