"""The lightbulb client: every interaction goes through the door before lightbulb's own machinery runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import hikari
import lightbulb

from coreops.commands.answers import cause_of
from coreops.commands.callers import given_options, path_of
from coreops.commands.completion import Completion
from coreops.commands.components import Components
from coreops.commands.context import CommandContext
from coreops.commands.deadlines import Answered
from coreops.commands.direct import DirectHandler, direct_handler
from coreops.commands.door import Door
from coreops.commands.flood import FLOOD_TEXT, Flood, Passage
from coreops.commands.injection import provide
from coreops.commands.invocation import current
from coreops.commands.leaves import Leaf
from coreops.commands.message_interaction import MessageInteraction
from coreops.commands.origins import Origins
from coreops.commands.resolvers import generate_resolvers
from coreops.commands.tree import CommandTree
from coreops_hookspecs import PluginContext

__all__ = ["CommandClient"]


class CommandClient(lightbulb.GatewayEnabledClient):
    """Hands interactions of the gateway and of the bridge to the door.

    lightbulb never syncs: ``coreops.commands.sync`` does, and every command is registered globally here, so that one
    mapping serves guild commands, global ones and messages.

    Args:
        app: The bot; it is subscribed to.
        tree: The commands.
        door: Lets commands through.
        completion: Lets autocomplete through.
        components: Lets buttons, menus and forms through.
        origins: Remembers which command an interaction came from.
        flood: Holds back who sends too many.
        context_for: Returns the context of a plugin, for dependency injection.
    """

    def __init__(
        self,
        app: hikari.GatewayBot,
        *,
        tree: CommandTree,
        door: Door,
        completion: Completion,
        components: Components,
        origins: Origins,
        flood: Flood,
        context_for: Callable[[str], PluginContext],
    ) -> None:
        super().__init__(
            app,
            default_enabled_guilds=(),
            execution_step_order=lightbulb.DEFAULT_EXECUTION_STEP_ORDER,
            default_locale=hikari.Locale.EN_US,
            localization_provider=lightbulb.localization_unsupported,
            delete_unknown_commands=False,
            deferred_registration_callback=None,
            hooks=(),
            sync_commands=False,
            features=(),
        )
        self._tree = tree
        self._door = door
        self._completion = completion
        self._components = components
        self._origins = origins
        self._flood = flood
        self._version = 0
        self._direct: dict[Leaf, DirectHandler | None] = {}
        self._taking = False
        self._refreshing = asyncio.Lock()
        self.error_handler(_keep_error)
        provide(self, context_for)

    async def start(self, *_: object) -> None:
        """Take interactions; a second call does nothing, so that a start that fails at Discord can be tried again."""
        if not self._taking:
            await super().start()
            self._taking = True

    async def refresh(self) -> None:
        """Register what the tree holds now; does nothing while the tree has not changed."""
        async with self._refreshing:
            version = self._tree.version
            if version == self._version:
                return
            for registered in list(self.registered_commands):
                self.unregister(registered)
            for root in self._tree.roots():
                self.register(root, global_=True)
                generate_resolvers(root)
            self._direct = {leaf: direct_handler(leaf.target) for leaf in self._tree.leaves()}
            await self.sync_application_commands()
            self._version = version

    async def handle_interaction_create(
        self, interaction: hikari.PartialInteraction, initial_response_sent_event: asyncio.Event | None = None
    ) -> None:
        """Take an interaction, with an event that tells the door of the first answer."""
        await super().handle_interaction_create(interaction, initial_response_sent_event or Answered())

    async def handle_application_command_interaction(
        self, interaction: hikari.CommandInteraction, initial_response_sent: asyncio.Event
    ) -> None:
        """Let a command through the door."""
        guild_id = None if interaction.guild_id is None else int(interaction.guild_id)
        passage = self._flood.passage(int(interaction.user.id), guild_id, int(interaction.channel_id), "slash")
        if passage is not Passage.FREE:
            if passage is Passage.TELL:
                await self._door.tell(interaction, initial_response_sent, FLOOD_TEXT)
            return
        path = path_of(interaction)
        leaf = self._tree.find(path, interaction.command_type)
        if leaf is not None:
            self._origins.remember(interaction.id, leaf)
        proceed = partial(self._proceed, interaction, leaf, initial_response_sent)
        await self._door.run(interaction, " ".join(path), leaf, initial_response_sent, proceed)

    async def handle_message(self, interaction: MessageInteraction, leaf: Leaf) -> None:
        """Let a command that was written as a message through the door."""
        sent = Answered()
        await self._door.run(interaction, leaf.name, leaf, sent, partial(self._proceed, interaction, leaf, sent))

    async def _proceed(self, interaction: hikari.CommandInteraction, leaf: Leaf | None, sent: asyncio.Event) -> None:
        """Run the handler: at once where that comes to the same, else as lightbulb does."""
        if self._version != self._tree.version:
            await self.refresh()
        direct = None if leaf is None else self._direct.get(leaf)
        if leaf is None or direct is None or not self._taking:
            interaction.registered_guild_id = None
            await super().handle_application_command_interaction(interaction, sent)
        else:
            await direct(self._context(interaction, given_options(interaction), leaf, leaf.target(), sent))

    async def handle_autocomplete_interaction(
        self, interaction: hikari.AutocompleteInteraction, initial_response_sent: asyncio.Event
    ) -> None:
        """Let an autocomplete question through."""
        leaf = self._tree.find(path_of(interaction), interaction.command_type)
        if leaf is not None:
            await self.refresh()
            await self._completion.run(self, interaction, leaf, initial_response_sent)

    async def handle_component_interaction(
        self, interaction: hikari.ComponentInteraction, initial_response_sent: asyncio.Event
    ) -> None:
        """Let a press on a button or a menu through."""
        handle = partial(super().handle_component_interaction, interaction, initial_response_sent)
        await self._components.run(interaction, initial_response_sent, handle)

    async def handle_modal_interaction(
        self, interaction: hikari.ModalInteraction, initial_response_sent: asyncio.Event
    ) -> None:
        """Let a submitted form through."""
        handle = partial(super().handle_modal_interaction, interaction, initial_response_sent)
        await self._components.run(interaction, initial_response_sent, handle)

    def build_command_context(
        self,
        interaction: hikari.CommandInteraction,
        options: Sequence[hikari.CommandInteractionOption],
        command_cls: type[lightbulb.CommandBase],
        initial_response_sent: asyncio.Event,
    ) -> lightbulb.Context:
        """Build the context and note it in the invocation, for the plugin's error hook."""
        leaf = self._tree.find(path_of(interaction), interaction.command_type)
        return self._context(interaction, options, leaf, command_cls(), initial_response_sent)

    def _context(
        self,
        interaction: hikari.CommandInteraction,
        options: Sequence[hikari.CommandInteractionOption],
        leaf: Leaf | None,
        command: lightbulb.CommandBase,
        sent: asyncio.Event,
    ) -> CommandContext:
        context = CommandContext(self, interaction, options, command, sent)
        context.opens = partial(self._opened, leaf)
        current().context = context
        return context

    def _opened(self, leaf: Leaf | None, custom_id: str) -> None:
        if leaf is not None:
            self._origins.remember(custom_id, leaf)


async def _keep_error(failure: lightbulb.exceptions.ExecutionPipelineFailedException) -> bool:
    """Keep the error for the door; lightbulb would only log it."""
    current().error = cause_of(failure)
    return True
