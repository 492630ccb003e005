"""The prefix surface: a message that names a command becomes an interaction and takes the same way as any other.

What is answered: a known command always; a group without a command with its help; an unknown word inside a group, or
after a mention of the bot, with suggestions; an unknown first word only when it is close to a command the caller may
run, because other bots share the prefix. Bots and webhooks are not heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import hikari

from coreops.commands.admission import Admission
from coreops.commands.entities import Entities
from coreops.commands.flood import FLOOD_TEXT, Flood, Passage
from coreops.commands.leaves import Leaf
from coreops.commands.message_interaction import MessageInteraction
from coreops.commands.origins import Origins
from coreops.commands.permissions import of_me
from coreops.commands.prefix import Addressed, Word, addressed, words
from coreops.commands.render import code
from coreops.commands.responses import Replies
from coreops.commands.service import near
from coreops.commands.shortcuts import Shortcuts
from coreops.commands.spoken import Spoken, SpokenMessage
from coreops.commands.translate import interaction_fields, read_options
from coreops.commands.tree import CommandTree, Match
from coreops.telemetry.phrases import shorten
from coreops_hookspecs import Logger, Tier
from coreops_hookspecs.errors import CommandError
from coreops_shared.clock import Clock
from coreops_shared.texts import say, speaking

__all__ = ["BridgeTools", "MessageBridge"]

_HELP: Final = ("ops", "help")
_CLOSE: Final = 0.75
"""How close an unknown first word must be to a command to be answered (0 to 1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeTools:
    """What the bridge works with.

    Args:
        app: The bot.
        handle: Lets a message that names a command through the door.
        tree: The commands.
        admission: Decides who may see which.
        origins: Remembers which command a reply came from.
        clock: Time.
        log: The structured logger.
        prefixes: Accepted prefixes; the first is shown in texts.
        shortcuts: Returns the shorter ways to write operational commands as configured now.
        flood: Holds back who sends too many.
    """

    app: hikari.GatewayBot
    handle: Callable[[MessageInteraction, Leaf], Awaitable[None]]
    tree: CommandTree
    admission: Admission
    origins: Origins
    clock: Clock
    log: Logger
    prefixes: Sequence[str]
    shortcuts: Callable[[], Shortcuts]
    flood: Flood


class MessageBridge:
    """Takes messages that begin as a command does."""

    def __init__(self, tools: BridgeTools) -> None:
        self._tools = tools
        self._prefixes = sorted(tools.prefixes, key=len, reverse=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self.application_id = 0
        """The bot's application; known once Discord has been asked."""

    def hear(self, said: Spoken, payload: bytes) -> None:
        """Take what a person wrote that begins as a command does; what is not for the bot is dropped at once."""
        content = said.content
        me = self._tools.app.get_me() if content.startswith("<") else None
        words_to_us = addressed(content, self._prefixes, None if me is None else me.id)
        if words_to_us is not None:
            message = SpokenMessage(said, payload, self._tools.app)
            passage = self._tools.flood.passage(message.user_id, message.guild_id, message.channel_id, "prefix")
            if passage is Passage.DROP:
                return
            free = passage is Passage.FREE
            run = self._run(message, words_to_us, self._tools.clock.monotonic()) if free else self._hold(message)
            task = asyncio.get_running_loop().create_task(run, name="message command")
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._tools.log.error("a message could not be taken", error=f"{type(error).__name__}: {error}")

    async def _hold(self, message: SpokenMessage) -> None:
        if self._tools.admission.serves(message.guild_id):
            await self._tell(MessageInteraction(self, message, (), None, (), "", 0.0), FLOOD_TEXT)

    async def _run(self, message: SpokenMessage, said: Addressed, received_at: float) -> None:
        spoken = words(said.text)
        match = self._match([word.text for word in spoken[:4]])
        if match.leaf is None and match.used == len(spoken):
            match = self._help_of(match)
        elif self._misspelt(match, spoken):
            match = Match(match.path[:-1], None, match.used)
        interaction = self._interaction(message, said.text, spoken, match, received_at)
        if not match.path and (short := self._shortened(spoken, interaction)) is not None:
            match = short
            interaction = self._interaction(message, said.text, spoken, match, received_at)
        if match.leaf is not None:
            await self._tools.handle(interaction, match.leaf)
        else:
            with speaking(self._tools.admission.speaker(interaction, "")):
                text = self._unknown(interaction, said, spoken, match)
            if text is not None:
                await self._tell(interaction, text)

    def _match(self, spoken: Sequence[str]) -> Match:
        tools = self._tools
        match = tools.tree.match(spoken)
        return match if match.path else tools.shortcuts().tagged(tools.tree, spoken) or match

    def _misspelt(self, match: Match, spoken: Sequence[Word]) -> bool:
        """Tell whether words that arrived at a group's default were rather meant for another of its commands."""
        leaf, rest = match.leaf, spoken[match.used :]
        if leaf is None or not leaf.default or match.used == len(leaf.path) or len(rest) < 2:
            return False
        beside = [other.path[-1] for other in self._tools.tree.children(leaf.path[:-1])]
        return bool(near(rest[0].text, beside, _CLOSE))

    def _shortened(self, spoken: Sequence[Word], interaction: MessageInteraction) -> Match | None:
        """Return the command of ``ops`` that an admin means who left that word out."""
        tools = self._tools
        short = tools.shortcuts().shortened(tools.tree, [word.text for word in spoken[:4]])
        if short is None:
            return None
        asking = tools.admission.invocation(interaction, "", None, interaction.received_at)
        return short if asking.tier is Tier.ADMIN else None

    def _help_of(self, match: Match) -> Match:
        """Return the help that a bare mention or a group without a command leads to, or the match itself."""
        path = (*match.path, "help") if match.path else _HELP
        leaf = self._tools.tree.find(path)
        return match if leaf is None else Match(path, leaf, match.used)

    def _interaction(
        self, message: SpokenMessage, text: str, spoken: Sequence[Word], match: Match, received_at: float
    ) -> MessageInteraction:
        return MessageInteraction(self, message, match.path, match.leaf, spoken[match.used :], text, received_at)

    def fields(self, interaction: MessageInteraction) -> Mapping[str, Any]:
        """Return what every interaction has."""
        return interaction_fields(self._tools.app, interaction.message.whole, self.application_id)

    async def arguments(
        self, interaction: MessageInteraction, leaf: Leaf
    ) -> tuple[Sequence[hikari.CommandInteractionOption], hikari.ResolvedOptionData | None]:
        """Read the arguments of a message, and what they name. Raises UsageError, UpstreamError."""
        app = self._tools.app
        made: list[Entities] = []

        def entities() -> Entities:
            if not made:
                made.append(Entities(app.cache, app.rest, interaction.message.whole))
            return made[0]

        given = await read_options(leaf.options, interaction.words, interaction.text, entities)
        return given, made[0].resolved if made else None

    def replies(self, interaction: MessageInteraction) -> Replies:
        """Return what sends the responses."""
        tools, message, leaf = self._tools, interaction.message, interaction.leaf

        def sent(reply: hikari.Snowflake) -> None:
            if leaf is not None:
                tools.origins.remember(reply, leaf)

        permissions = of_me(tools.app.cache, message.guild_id, message.channel_id)
        return Replies(tools.app.rest, message.whole, permissions=permissions, on_sent=sent, log=tools.log)

    def _unknown(
        self, interaction: MessageInteraction, said: Addressed, spoken: Sequence[Word], match: Match
    ) -> str | None:
        """Return what to say to words that lead to no command, or ``None`` to stay silent."""
        tools = self._tools
        if not tools.admission.serves(interaction.message.guild_id):
            return None
        invocation = tools.admission.invocation(interaction, "", None, interaction.received_at)
        visible = tools.admission.visible(invocation)
        asked = " ".join([*match.path, *(word.text for word in spoken[match.used : match.used + 1])])
        if match.path or said.mention:
            close = near(asked, [leaf.name for leaf in visible])
        else:
            roots = list(dict.fromkeys(leaf.path[0] for leaf in visible))
            close = near(asked, roots, _CLOSE)
            if not close:
                return None
        return self._suggestion(asked, close, [leaf for leaf in visible if leaf.path[: len(match.path)] == match.path])

    def _suggestion(self, asked: str, close: Sequence[str], beside: Sequence[Leaf]) -> str:
        prefix = self._tools.prefixes[0]
        text = f"⚠️ {say('There is no command {name}.', name=code(prefix + asked))}"
        if close:
            text += " " + say("Did you mean {names}?", names=say(" or ").join(code(prefix + name) for name in close))
        elif beside:
            text += " " + say("There is {names}.", names=", ".join(code(prefix + leaf.name) for leaf in beside[:10]))
        if self._tools.tree.find(_HELP) is not None:
            text += " " + say("{help} lists what you can run.", help=code(prefix + " ".join(_HELP)))
        return shorten(text, 2000)

    async def _tell(self, interaction: MessageInteraction, text: str) -> None:
        try:
            await interaction.replies.send(text)
        except (hikari.HikariError, CommandError) as error:
            self._tools.log.warning("an unknown command could not be answered", error=str(error))
