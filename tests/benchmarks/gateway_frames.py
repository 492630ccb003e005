"""What Discord sends and answers, for benchmarks: frames of the size and shape of real ones, as bytes."""

from __future__ import annotations

import json
from typing import Any, Final

from coreops_sandbox.world.seed import SEED

__all__ = ["BOT", "MESSAGE_ANSWER", "RESPONSE_ANSWER", "guild", "interaction", "message"]

_COMPACT: Final = (",", ":")
_PERMISSIONS: Final = "2248473465835073"

USER: Final = {
    "id": SEED.user,
    "username": "user",
    "discriminator": "0",
    "global_name": "User",
    "avatar": "a" * 32,
    "avatar_decoration_data": None,
    "public_flags": 0,
}
BOT: Final = {**USER, "id": SEED.bot, "bot": True}
MEMBER: Final = {
    "nick": None,
    "avatar": None,
    "banner": None,
    "roles": [SEED.staff_role],
    "joined_at": "2023-03-27T19:50:51.220000+00:00",
    "premium_since": None,
    "deaf": False,
    "mute": False,
    "flags": 0,
    "pending": False,
    "communication_disabled_until": None,
    "unusual_dm_activity_until": None,
}
MESSAGE: Final = {
    "type": 0,
    "tts": False,
    "timestamp": "2026-11-23T18:49:10.302000+00:00",
    "pinned": False,
    "nonce": "1574497053529079809",
    "mentions": [],
    "mention_roles": [],
    "mention_everyone": False,
    "id": "1574497053529079808",
    "flags": 0,
    "embeds": [],
    "edited_timestamp": None,
    "components": [],
    "channel_type": 0,
    "channel_id": SEED.ops,
    "attachments": [],
}
MESSAGE_ANSWER: Final = {**MESSAGE, "content": "pong", "author": BOT}
"""What Discord answers to a message that was posted."""
RESPONSE_ANSWER: Final = {
    "interaction": {"id": "1574497053529079808", "type": 2, "response_message_id": MESSAGE["id"]},
    "resource": {"type": 4, "message": MESSAGE_ANSWER},
}
"""What Discord answers to the response of an interaction."""


def message(content: str) -> bytes:
    """Return a MESSAGE_CREATE of about 1 kB."""
    data = {**MESSAGE, "member": MEMBER, "content": content, "author": USER, "guild_id": SEED.guild}
    return _frame("MESSAGE_CREATE", data)


def interaction(name: str) -> bytes:
    """Return an INTERACTION_CREATE of a slash command."""
    data = {
        "version": 1,
        "type": 2,
        "token": "t" * 180,
        "member": {**MEMBER, "permissions": _PERMISSIONS, "user": USER},
        "locale": "en-US",
        "id": "1574497053529079808",
        "guild_locale": "en-US",
        "guild_id": SEED.guild,
        "guild": {"locale": "en-US", "id": SEED.guild, "features": []},
        "entitlements": [],
        "entitlement_sku_ids": [],
        "data": {"type": 1, "name": name, "id": "1574497053529079801"},
        "context": 0,
        "channel_id": SEED.ops,
        "channel": {"type": 0, "permissions": _PERMISSIONS, "id": SEED.ops, "name": "ops", "guild_id": SEED.guild},
        "authorizing_integration_owners": {"0": SEED.guild},
        "attachment_size_limit": 10485760,
        "application_id": SEED.application,
        "app_permissions": _PERMISSIONS,
    }
    return _frame("INTERACTION_CREATE", data)


def guild() -> dict[str, Any]:
    """Return a guild with one channel, one role and two members, as GUILD_CREATE has it."""
    everyone = {"id": SEED.guild, "name": "@everyone", "permissions": _PERMISSIONS, "position": 0}
    role = {**everyone, "color": 0, "colors": {"primary_color": 0}, "hoist": False, "managed": False}
    role |= {"mentionable": False, "flags": 0}
    return {
        "id": SEED.guild,
        "name": "bench",
        "owner_id": SEED.owner,
        "roles": [role, {**role, "id": SEED.staff_role, "name": "staff", "position": 1}],
        "channels": [{"id": SEED.ops, "name": "ops", "type": 0, "position": 0, "permission_overwrites": []}],
        "members": [{**MEMBER, "user": USER}, {**MEMBER, "user": BOT}],
        "emojis": [],
        "features": [],
        "threads": [],
        "member_count": 2,
    }


def _frame(event: str, data: dict[str, Any]) -> bytes:
    return json.dumps({"t": event, "s": 7, "op": 0, "d": data}, separators=_COMPACT).encode()
