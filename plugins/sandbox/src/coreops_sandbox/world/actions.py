"""What people do: speak, run commands, press, fill in, react, open threads, join and leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import components, lookup, membership, posting, reactions, structure, threads
from .channels import Channel
from .commands import find as find_command
from .files import upload
from .interacting import open_interaction
from .interactions import Interaction, InteractionType
from .lookup import SandboxError
from .messages import Draft, Message
from .options import OptionReader
from .permissions import Permission, names
from .users import Member, User
from .world import World

JSON = dict[str, Any]


class Actions:
    """Acts as a person. `as_` and `channel` are names or ids; what Discord's client would refuse raises SandboxError.

    Each action publishes the dispatches that Discord would, then returns; `Exchange` waits for the answer.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def say(
        self,
        as_: str,
        channel: str,
        content: str,
        *,
        attachments: Sequence[JSON] = (),
        reply_to: str | None = None,
    ) -> Message:
        """Send a message; each attachment is {"filename", "content_base64"}, `reply_to` a message id."""
        user, place = self._at(as_, channel)
        self._require(user, place, Permission.SEND_MESSAGES_IN_THREADS if place.is_thread else Permission.SEND_MESSAGES)
        if place.thread is not None and place.thread.locked:
            self._require(user, place, Permission.MANAGE_THREADS)
        if not content.strip() and not attachments:
            raise SandboxError("cannot send an empty message: give content or an attachment")
        if len(content) > 2000:
            raise SandboxError(f"the message has {len(content)} characters; Discord takes 2000")
        if attachments:
            self._require(user, place, Permission.ATTACH_FILES)
        replied = self._message(user, reply_to)[1] if reply_to is not None else None
        files = [upload(self._world, place.id, one) for one in attachments]
        draft = Draft(content=content.strip(), attachments=files)
        return posting.post(self._world, place, user, draft, posting.Origin(reply_to=replied))

    def slash(self, as_: str, channel: str, path: str, options: Mapping[str, Any] | None = None) -> Interaction:
        """Run a slash command, `path` being its full name, such as "ops health"."""
        return self._command(as_, channel, path, options or {}, focused=None)

    def autocomplete(self, as_: str, channel: str, path: str, options: Mapping[str, Any], focused: str) -> Interaction:
        """Type into the option `focused`; the bot's choices arrive in `Interaction.choices`."""
        return self._command(as_, channel, path, options, focused=focused)

    def press(self, as_: str, message_id: str, custom_id: str, values: Sequence[str] = ()) -> Interaction:
        """Press a button or choose `values` (or names) in a select menu of a message."""
        user = lookup.person(self._world, as_)
        place, message = self._message(user, message_id)
        component = components.pressable(message, custom_id)
        reader = OptionReader(self._world, user, place)
        data: JSON = {"custom_id": custom_id, "component_type": component["type"], "id": component.get("id", 1)}
        if component["type"] != components.BUTTON:
            data["values"] = components.choose(component, values, reader)
        if reader.resolved:
            data["resolved"] = reader.resolved
        return open_interaction(self._world, InteractionType.COMPONENT, user, place, data, message=message)

    def submit_modal(self, as_: str, interaction_id: str, values: Mapping[str, str]) -> Interaction:
        """Submit the modal that answered an interaction; `values` is text by the inputs' custom ids."""
        user = lookup.person(self._world, as_)
        trigger = self._world.interactions.get(interaction_id)
        if trigger is None or trigger.modal is None or trigger.user.id != user.id or trigger.modal_submitted:
            raise SandboxError(f"{user.username} has no open modal of interaction {interaction_id!r}")
        data = {
            "custom_id": trigger.modal["custom_id"],
            "components": components.filled_in(trigger.modal["components"], values),
        }
        trigger.modal_submitted = True
        place = lookup.place(self._world, trigger.channel_id, user)
        message = self._world.message(trigger.message_id) if trigger.message_id is not None else None
        return open_interaction(self._world, InteractionType.MODAL, user, place, data, message=message, trigger=trigger)

    def react(self, as_: str, message_id: str, emoji: str) -> Message:
        """Add a reaction: a unicode emoji, or `name:id` for a custom one."""
        user = lookup.person(self._world, as_)
        place, message = self._message(user, message_id)
        if not emoji:
            raise SandboxError("a reaction needs an emoji")
        self._require(user, place, Permission.ADD_REACTIONS)
        reactions.add(self._world, place, message, emoji, user)
        return message

    def open_thread(self, as_: str, channel: str, name: str) -> Channel:
        """Start a public thread in a channel."""
        user, place = self._at(as_, channel)
        if place.is_thread or place.is_dm:
            raise SandboxError(f"{place.name or 'dm'!r} has no threads: name a channel of the guild")
        if not 0 < len(name.strip()) <= 100:
            raise SandboxError("a thread's name has 1 to 100 characters")
        self._require(user, place, Permission.CREATE_PUBLIC_THREADS)
        return threads.start(self._world, place, user, threads.ThreadPlan(name.strip()))

    def close_thread(self, as_: str, name: str) -> Channel:
        """Archive a thread: its owner may, and who manages threads."""
        user, place = self._at(as_, name)
        if place.thread is None:
            raise SandboxError(f"{name!r} is not a thread")
        if place.thread.owner_id != user.id:
            self._require(user, place, Permission.MANAGE_THREADS)
        place.thread.archived, place.thread.archived_at = True, self._world.clock()
        structure.channel_updated(self._world, place)
        return place

    def join(self, name: str, roles: Iterable[str] = ()) -> Member:
        """Let a new person join the guild, or one who left return; roles are names or ids."""
        guild = self._world.home
        known = {user.username: user for user in self._world.users.values()}
        user = known.get(name) or User(id=self._world.snowflakes.next(), username=name)
        if user.id in guild.members:
            raise SandboxError(f"{name!r} is already a member of {guild.name}")
        if user.id in guild.bans:
            raise SandboxError(f"{name!r} is banned from {guild.name}: lift the ban first")
        given = [lookup.role(self._world, one).id for one in roles]
        return membership.join(self._world, guild, user, given)

    def leave(self, name: str) -> None:
        """Let a member leave; the guild's owner and the bot cannot."""
        user = lookup.person(self._world, name)
        if user.id in {self._world.home.owner_id, self._world.bot_user.id}:
            raise SandboxError(f"{name!r} cannot leave {self._world.home.name}: the guild needs its owner and the bot")
        membership.leave(self._world, self._world.home, user.id)

    def _command(
        self, as_: str, channel: str, path: str, options: Mapping[str, Any], *, focused: str | None
    ) -> Interaction:
        user, place = self._at(as_, channel)
        self._require(user, place, Permission.USE_APPLICATION_COMMANDS)
        command, leaf, wrap = find_command(self._world, user, place, path)
        reader = OptionReader(self._world, user, place, hidden=True)
        read = wrap(reader.read(leaf.get("options") or [], options, focused))
        data: JSON = {"id": command.id, "name": command.name, "type": command.type}
        if read or focused is not None:
            data["options"] = read
        if command.guild_id is not None:
            data["guild_id"] = command.guild_id
        if reader.resolved:
            data["resolved"] = reader.resolved
        kind = InteractionType.COMMAND if focused is None else InteractionType.AUTOCOMPLETE
        return open_interaction(self._world, kind, user, place, data)

    def _at(self, as_: str, channel: str) -> tuple[User, Channel]:
        user = lookup.person(self._world, as_)
        return user, lookup.place(self._world, channel, user)

    def _message(self, user: User, message_id: str) -> tuple[Channel, Message]:
        for channel in self._world.channels():
            message = channel.messages.get(message_id)
            seen = message is not None and message.only_for in {None, user.id}
            if message is not None and seen and self._world.can_see(user.id, channel):
                return channel, message
        raise SandboxError(f"{user.username} sees no message {message_id!r}: give the id of one in a visible channel")

    def _require(self, user: User, channel: Channel, permission: Permission) -> None:
        if not self._world.permissions(user.id, channel) & permission:
            needed = ", ".join(names(permission))
            raise SandboxError(f"{user.username} lacks {needed} in channel {channel.name or 'dm'!r}")
