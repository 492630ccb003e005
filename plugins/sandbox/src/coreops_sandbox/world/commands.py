"""Finds the slash command a person typed, and whether they may use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .application import Command
from .channels import Channel
from .lookup import unknown
from .options import OptionType
from .permissions import Permission
from .users import User
from .world import World

JSON = dict[str, Any]
CHAT_INPUT = 1
_NESTED = (OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP)


def available(world: World, user: User, channel: Channel) -> list[Command]:
    """The slash commands that Discord's client would offer here, the guild's own before global ones."""
    scopes = [channel.guild_id, None] if channel.guild_id is not None else [None]
    found = [one for scope in scopes for one in world.application.scope(scope) if one.type == CHAT_INPUT]
    return [one for one in found if _permitted(world, user, channel, one)]


def find(
    world: World, user: User, channel: Channel, path: str
) -> tuple[Command, JSON, Callable[[list[JSON]], list[JSON]]]:
    """The command of a path such as "ops health", its leaf, and what nests the leaf's options in their groups.

    Raises SandboxError for an unknown or forbidden command, and for a group without its sub-command.
    """
    words = path.removeprefix("/").split()
    offered = available(world, user, channel)
    command = next((one for one in offered if words and one.name == words[0]), None)
    if command is None:
        raise unknown("command", path, sorted(_paths(offered)))
    leaf, trail = command.data, list[JSON]()
    for word in words[1:]:
        step = next((one for one in _children(leaf) if one["name"] == word), None)
        if step is None:
            raise unknown("command", path, sorted(_paths([command])))
        trail.append(step)
        leaf = step
    if _children(leaf):
        raise unknown("command", path, sorted(_paths([command])))
    return command, leaf, lambda options: _nest(trail, options)


def _nest(trail: list[JSON], options: list[JSON]) -> list[JSON]:
    for step in reversed(trail):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return options


def _children(node: JSON) -> list[JSON]:
    return [one for one in node.get("options") or [] if one["type"] in _NESTED]


def _paths(commands: list[Command]) -> list[str]:
    def walk(prefix: str, node: JSON) -> list[str]:
        children = _children(node)
        return [path for child in children for path in walk(f"{prefix} {child['name']}", child)] or [prefix]

    return [path for command in commands for path in walk(command.name, command.data)]


def _permitted(world: World, user: User, channel: Channel, command: Command) -> bool:
    """Discord docs, Application Commands, "Permissions" and "Contexts"; "0" leaves a command to administrators."""
    contexts = command.data.get("contexts")
    if contexts is not None and (1 if channel.is_dm else 0) not in contexts:
        return False
    needed = command.data.get("default_member_permissions")
    if needed is None or channel.is_dm:
        return True
    bits = int(needed) or int(Permission.ADMINISTRATOR)
    return world.permissions(user.id, channel) & bits == bits
