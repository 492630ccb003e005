"""Op 8: members on request, in chunks (Discord docs, "Gateway Events": Request Guild Members)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from coreops_sandbox.gateway.codes import Close, ProtocolError
from coreops_sandbox.gateway.frames import RequestMembers
from coreops_sandbox.world.events import Intents
from coreops_sandbox.world.guilds import Guild
from coreops_sandbox.world.users import Member

JSON = dict[str, Any]

_CHUNK = 1000
"""Members per GUILD_MEMBERS_CHUNK."""
_MATCHES = 100
"""Members that a query or a list of ids may return."""
_NONCE_BYTES = 32


def chunks(guild: Guild, request: RequestMembers, intents: Intents) -> Iterator[JSON]:
    """The data of each GUILD_MEMBERS_CHUNK that answers ``request``; at least one, even if it is empty.

    Raises:
        ProtocolError: 4002, neither ``query`` with ``limit`` nor ``user_ids``; 4014, the whole list without
            the GUILD_MEMBERS intent.
    """
    missing: list[str] = []
    if request.user_ids is not None:
        found, missing = _by_id(guild, request.user_ids)
    else:
        found = _by_name(guild, request, intents)
    # Without the intent, presences are never sent, whatever was asked.
    presences = bool(request.presences and intents & Intents.GUILD_PRESENCES)
    count = max(1, -(-len(found) // _CHUNK))
    for index in range(count):
        yield {
            "guild_id": guild.id,
            "members": [member.payload() for member in found[index * _CHUNK : (index + 1) * _CHUNK]],
            "chunk_index": index,
            "chunk_count": count,
            **({"not_found": missing} if missing else {}),
            **({"presences": []} if presences else {}),
            **_nonce(request),
        }


def _by_id(guild: Guild, asked: Any) -> tuple[list[Member], list[str]]:
    ids: Iterable[str] = map(str, asked if isinstance(asked, list) else [asked])
    wanted = list(dict.fromkeys(islice(ids, _MATCHES)))
    found = [guild.members[one] for one in wanted if one in guild.members]
    return found, [one for one in wanted if one not in guild.members]


def _by_name(guild: Guild, request: RequestMembers, intents: Intents) -> list[Member]:
    if request.query is None or request.limit is None:
        raise ProtocolError(Close.DECODE_ERROR, "op 8: needs query with limit, or user_ids")
    if not request.query and not request.limit:
        if not intents & Intents.GUILD_MEMBERS:
            raise ProtocolError(Close.DISALLOWED_INTENTS, "Disallowed intent(s).")
        return list(guild.members.values())
    prefix = request.query.casefold()
    matching = (member for member in guild.members.values() if _matches(member, prefix))
    return list(islice(matching, min(request.limit or _MATCHES, _MATCHES)))


def _matches(member: Member, prefix: str) -> bool:
    names = (member.user.username, member.user.global_name or "", member.nick or "")
    return any(name.casefold().startswith(prefix) for name in names)


def _nonce(request: RequestMembers) -> JSON:
    # One that is too long is ignored, says the docs.
    if request.nonce is None or len(request.nonce.encode()) > _NONCE_BYTES:
        return {}
    return {"nonce": request.nonce}
