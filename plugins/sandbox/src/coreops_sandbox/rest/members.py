"""Members and bans (Discord docs, Guild, "Get Guild Member" and after)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import membership, permissions
from coreops_sandbox.world.guilds import Guild
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.users import Member, User

from . import errors, membership_rules
from .call import Call, page
from .errors import ApiError
from .routing import Route

_MEMBERS, _BANS = "/guilds/{guild}/members", "/guilds/{guild}/bans"
_TIMEOUT_MOST_S = 28 * 24 * 3600.0


async def get(call: Call) -> Any:
    return call.member(call.guild()).payload()


async def listing(call: Call) -> Any:
    return page([one.payload() for one in call.guild().members.values()], call, default=1, high=1000)


async def search(call: Call) -> Any:
    """Members whose username or nickname starts with `query`."""
    guild, query, limit = call.guild(), call.query, call.limit(default=1, high=1000)
    text = query.text("query", needed=True)
    query.problems.raise_if_any()
    start = (text or "").lower()
    found = [one for one in guild.members.values() if _starts(one, start)]
    return [one.payload() for one in found[:limit]]


async def edit(call: Call) -> Any:
    guild = call.guild()
    member, form = call.member(guild), await call.form()
    nick, roles = form.text("nick", high=32), form.snowflakes("roles")
    until = form.moment("communication_disabled_until")
    form.problems.raise_if_any()
    if form.data.get("mute") is not None or form.data.get("deaf") is not None or form.data.get("channel_id"):
        raise ApiError(400, 40032, "Target user is not connected to voice.")
    if "nick" in form:
        membership_rules.require_power_over(call, guild, member, Permission.MANAGE_NICKNAMES)
    if "communication_disabled_until" in form:
        _require_timeout(call, guild, member, until.timestamp() if until else 0.0)
    if roles is not None:
        call.require_in_guild(guild, Permission.MANAGE_ROLES)
        membership_rules.set_roles(call, guild, member, list(dict.fromkeys(roles)))
    if "nick" in form:
        member.nick = nick or None
    if "communication_disabled_until" in form:
        member.timed_out_until = until.timestamp() if until else 0.0
    if form.data.keys() & {"nick", "communication_disabled_until"}:
        membership.updated(call.world, guild, member)
    return member.payload()


async def edit_own(call: Call) -> Any:
    guild, form = call.guild(Permission.CHANGE_NICKNAME), await call.form()
    member, nick = call.world.bot_member(guild), form.text("nick", high=32)
    form.problems.raise_if_any()
    if "nick" in form:
        member.nick = nick or None
        membership.updated(call.world, guild, member)
    return member.payload()


async def kick(call: Call) -> None:
    guild = call.guild(Permission.KICK_MEMBERS)
    member = call.member(guild)
    membership_rules.require_power_over(call, guild, member, Permission.KICK_MEMBERS)
    membership.leave(call.world, guild, member.user.id)


async def bans(call: Call) -> Any:
    guild = call.guild(Permission.BAN_MEMBERS)
    entries = [_ban(guild, call.world.users[one]) for one in guild.bans]
    return page(entries, call, default=1000, high=1000)


async def get_ban(call: Call) -> Any:
    guild, user = _banned(call)
    return _ban(guild, user)


async def ban(call: Call) -> None:
    guild, user = call.guild(Permission.BAN_MEMBERS), call.user()
    form = await call.form()
    form.integer("delete_message_seconds", low=0, high=604_800)
    form.problems.raise_if_any()
    if user.id in guild.members:
        membership_rules.require_power_over(call, guild, guild.members[user.id], Permission.BAN_MEMBERS)
    if user.id not in guild.bans:
        membership.ban(call.world, guild, user, call.request.headers.get("X-Audit-Log-Reason"))


async def unban(call: Call) -> None:
    guild, user = _banned(call)
    membership.unban(call.world, guild, user)


def _banned(call: Call) -> tuple[Guild, User]:
    guild, user = call.guild(Permission.BAN_MEMBERS), call.user()
    if user.id not in guild.bans:
        raise errors.unknown("Ban")
    return guild, user


def _ban(guild: Guild, user: User) -> dict[str, Any]:
    return {"reason": guild.bans[user.id], "user": user.payload()}


def _require_timeout(call: Call, guild: Guild, member: Member, until: float) -> None:
    membership_rules.require_power_over(call, guild, member, Permission.MODERATE_MEMBERS)
    if permissions.in_guild(guild, member) & Permission.ADMINISTRATOR:
        raise errors.forbidden(50013)
    if until > call.world.clock() + _TIMEOUT_MOST_S:
        text = "The timeout may last 28 days at most."
        raise errors.invalid(("communication_disabled_until",), "COMMUNICATION_DISABLED_UNTIL_TOO_LATE", text)


def _starts(member: Member, start: str) -> bool:
    names = (member.user.username, member.user.global_name or "", member.nick or "")
    return any(name.lower().startswith(start) for name in names)


ROUTES = (
    Route("GET", _MEMBERS, listing),
    Route("GET", f"{_MEMBERS}/search", search),
    Route("PATCH", f"{_MEMBERS}/@me", edit_own),
    Route("GET", f"{_MEMBERS}/{{user}}", get),
    Route("PATCH", f"{_MEMBERS}/{{user}}", edit),
    Route("DELETE", f"{_MEMBERS}/{{user}}", kick),
    Route("GET", _BANS, bans),
    Route("GET", f"{_BANS}/{{user}}", get_ban),
    Route("PUT", f"{_BANS}/{{user}}", ban),
    Route("DELETE", f"{_BANS}/{{user}}", unban),
)
