"""Which mentions in a message's content count, under `allowed_mentions`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .channels import Channel
from .permissions import Permission
from .users import User
from .world import World

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@dataclass(slots=True)
class Mentions:
    """What a message mentions, in order of appearance."""

    users: list[User] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    everyone: bool = False


def resolve(
    world: World,
    channel: Channel,
    author_id: str,
    content: str,
    *,
    allowed: dict[str, Any] | None,
    replied: User | None,
) -> Mentions:
    """Find the mentions that count (Discord docs, Message, "Allowed Mentions Object").

    `allowed` is the object from the request or None for "everything"; `replied` is the author of the message
    that is replied to, mentioned unless `replied_user` says otherwise. Text in code is no mention.
    """
    text = _CODE.sub(" ", content)
    granted = world.permissions(author_id, channel)
    may_ping_all = bool(granted & Permission.MENTION_EVERYONE)
    found = Mentions(everyone=may_ping_all and _allows(allowed, "everyone") and bool(_EVERYONE.search(text)))
    if replied is not None and (allowed is None or allowed.get("replied_user", False)):
        found.users.append(replied)
    for user_id in _USER.findall(text):
        user = world.users.get(user_id)
        if user is not None and user not in found.users and _allows(allowed, "users", user_id):
            found.users.append(user)
    guild = world.guild_of(channel)
    for role_id in _ROLE.findall(text):
        role = guild.roles.get(role_id) if guild else None
        pingable = role is not None and (role.mentionable or may_ping_all)
        if pingable and role_id not in found.roles and _allows(allowed, "roles", role_id):
            found.roles.append(role_id)
    return found


def _allows(allowed: dict[str, Any] | None, kind: str, target: str | None = None) -> bool:
    if allowed is None:
        return True
    return kind in (allowed.get("parse") or ()) or target in [str(one) for one in allowed.get(kind) or ()]
