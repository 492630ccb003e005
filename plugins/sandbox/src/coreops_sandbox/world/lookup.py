"""Finds people, channels, roles and commands by the names that people use, and says what exists if it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coreops_hookspecs.errors import CoreOpsError

from .channels import Channel
from .guilds import Role
from .users import User
from .world import World

_MENTION = re.compile(r"<(?:@!?|@&|#)(\d+)>")


class SandboxError(CoreOpsError):
    """Someone asked the sandbox for what Discord's client would not let them do."""


def person(world: World, name: str) -> User:
    """A member by username, display name, id or mention; raises SandboxError."""
    key = _key(name)
    for member in world.home.members.values():
        if key in {member.user.id, member.user.username.lower(), member.display_name.lower()}:
            return member.user
    known = (one.user.username for one in world.home.members.values() if not one.user.bot)
    raise unknown("member", name, known)


def place(world: World, name: str, viewer: User) -> Channel:
    """A channel or thread by name, `#name`, id or mention, or `dm`, that `viewer` can see; raises SandboxError."""
    key = _key(name).removeprefix("#")
    if key == "dm":
        return world.direct_channel(viewer)
    for channel in world.channels():
        if key in {channel.id, (channel.name or "").lower()}:
            if not world.can_see(viewer.id, channel):
                raise SandboxError(f"{viewer.username} cannot see channel {name!r}: give a role that may view it")
            return channel
    raise unknown("channel", name, (one.name or "" for one in world.home.channels.values()))


def role(world: World, name: str) -> Role:
    """A role by name, id or mention; raises SandboxError."""
    key = _key(name)
    for one in world.home.roles.values():
        if key in {one.id, one.name.lower()}:
            return one
    raise unknown("role", name, (one.name for one in world.home.roles.values()))


def unknown(kind: str, name: str, known: Iterable[str]) -> SandboxError:
    """The error for a name that is not there, listing those that are."""
    return SandboxError(f"unknown {kind} {name!r}; known: {', '.join(known) or 'none'}")


def _key(name: str) -> str:
    """What to compare names and ids with: a mention's id, or the name in lower case without its @."""
    found = _MENTION.fullmatch(name)
    if found is not None:
        return found[1]
    return name if name == "@everyone" else name.lower().removeprefix("@")
