"""What one session sees of a dispatch: shards, intents, message content, member lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coreops_sandbox.world.events import Dispatch, Intents

JSON = dict[str, Any]

_GUILDS = frozenset({"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"})
_MESSAGES = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE"})
# Fields that hold what people wrote (Discord docs, "Gateway": Message Content Intent), and what is left of them.
_CONTENT: dict[str, Any] = {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass(frozen=True, slots=True)
class View:
    """The eyes of one session.

    Args:
        bot_id: The connected bot's user id.
        intents: Those granted at IDENTIFY.
        shard: Shard id and shard count.
    """

    bot_id: str
    intents: Intents
    shard: tuple[int, int]

    def owns(self, guild_id: str | None) -> bool:
        """Whether this shard serves the guild; what has no guild goes to shard 0 (docs, "Sharding")."""
        index, count = self.shard
        return index == (0 if guild_id is None else (int(guild_id) >> 22) % count)

    def of(self, dispatch: Dispatch) -> JSON | None:
        """The dispatch's data as this session gets it, or None if it does not get it."""
        wanted = not dispatch.intent or self.intents & dispatch.intent
        if not wanted or not self.owns(_guild_of(dispatch)):
            return None
        if dispatch.name == "GUILD_CREATE":
            return self._guild(dispatch.data)
        hides = dispatch.name in _MESSAGES and not self.intents & Intents.MESSAGE_CONTENT
        if hides and dispatch.data.get("guild_id"):  # direct messages are never hidden
            return self._message(dispatch.data)
        return dispatch.data

    def _guild(self, guild: JSON) -> JSON:
        # Without presences the member list holds the bot alone (docs, "Guild Create").
        if self.intents & Intents.GUILD_PRESENCES:
            return guild
        members = [member for member in guild.get("members", []) if member["user"]["id"] == self.bot_id]
        return {**guild, "members": members, "presences": []}

    def _message(self, message: JSON) -> JSON:
        stripped = message if self._may_read(message) else _without_content(message)
        referenced = message.get("referenced_message")
        return {**stripped, "referenced_message": self._message(referenced)} if referenced else stripped

    def _may_read(self, message: JSON) -> bool:
        # The bot's own messages and those that mention it are never hidden (docs, "Message Content Intent").
        author = message.get("author") or {}
        mentions = message.get("mentions") or []
        return author.get("id") == self.bot_id or any(user["id"] == self.bot_id for user in mentions)


def _guild_of(dispatch: Dispatch) -> str | None:
    """The guild that a dispatch is about; a guild's own events carry it as ``id``."""
    guild_id: str | None = dispatch.data.get("id" if dispatch.name in _GUILDS else "guild_id")
    return guild_id


def _without_content(message: JSON) -> JSON:
    left = {key: value for key, value in message.items() if key != "poll"}
    return left | {key: empty for key, empty in _CONTENT.items() if key in message}
