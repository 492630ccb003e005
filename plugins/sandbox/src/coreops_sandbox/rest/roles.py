"""Roles of a guild (Discord docs, Guild, "Get Guild Roles" and after)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import permissions, structure
from coreops_sandbox.world.guilds import Guild, Role
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.users import Member

from . import errors, membership_rules
from .call import Call
from .forms import Form
from .routing import Route

_MOST = 250
_ROLES = "/guilds/{guild}/roles"
_MEMBER_ROLE = "/guilds/{guild}/members/{user}/roles/{role}"


async def listing(call: Call) -> Any:
    return [one.payload() for one in call.guild().roles.values()]


async def get(call: Call) -> Any:
    return call.role(call.guild()).payload()


async def member_counts(call: Call) -> Any:
    guild = call.guild()
    return {role_id: sum(role_id in one.roles for one in guild.members.values()) for role_id in guild.roles}


async def create(call: Call) -> Any:
    """A new role stands lowest, above @everyone; the others move up."""
    guild, form = call.guild(Permission.MANAGE_ROLES), await call.form()
    role = Role(id=call.world.snowflakes.next(), name="new role", permissions=guild.everyone.permissions, position=1)
    _apply(call, guild, role, form)
    if len(guild.roles) >= _MOST:
        raise errors.bad_request(30005)
    for other in guild.roles.values():
        other.position += other.position > 0
    structure.create_role(call.world, guild, role)
    return role.payload()


async def edit(call: Call) -> Any:
    guild, role = _managed_role(call)
    _apply(call, guild, role, await call.form())
    structure.role_updated(call.world, guild, role)
    return role.payload()


async def delete(call: Call) -> None:
    guild, role = _managed_role(call)
    if role.managed or role.id == guild.id:
        raise errors.bad_request(50028)
    structure.delete_role(call.world, guild, role)


async def move(call: Call) -> Any:
    """Set positions of several roles; neither the roles nor their new places may stand above the bot."""
    guild = call.guild(Permission.MANAGE_ROLES)
    form = Form({"roles": (await call.body()).data}, errors.Problems())
    wished = [(one.snowflake("id", needed=True), one.integer("position", low=0)) for one in form.forms("roles") or []]
    form.problems.raise_if_any()
    for role_id, position in wished:
        if role_id not in guild.roles:
            raise errors.unknown("Role")
        call.require_above(guild, max(guild.roles[role_id].position, position or 0))
    for role_id, position in wished:
        role = guild.roles[role_id or ""]
        role.position = role.position if position is None else position
        structure.role_updated(call.world, guild, role)
    return [one.payload() for one in guild.roles.values()]


async def give(call: Call) -> None:
    guild, member, role = _given(call)
    if role.id not in member.roles:
        membership_rules.set_roles(call, guild, member, [*member.roles, role.id])


async def take(call: Call) -> None:
    guild, member, role = _given(call)
    if role.id in member.roles:
        membership_rules.set_roles(call, guild, member, [one for one in member.roles if one != role.id])


def _given(call: Call) -> tuple[Guild, Member, Role]:
    guild = call.guild(Permission.MANAGE_ROLES)
    member, role = call.member(guild), call.role(guild)
    membership_rules.require_grantable(call, guild, role)
    return guild, member, role


def _managed_role(call: Call) -> tuple[Guild, Role]:
    guild = call.guild(Permission.MANAGE_ROLES)
    role = call.role(guild)
    call.require_above(guild, role.position)
    return guild, role


def _apply(call: Call, guild: Guild, role: Role, form: Form) -> None:
    name = form.text("name", high=100)
    bits = form.integer("permissions", low=0)
    color = form.integer("color", low=0, high=0xFFFFFF)
    colors = form.form("colors")
    if colors is not None and color is None:
        color = colors.integer("primary_color", low=0, high=0xFFFFFF)
    hoist, mentionable = form.boolean("hoist"), form.boolean("mentionable")
    form.problems.raise_if_any()
    own = permissions.in_guild(guild, call.world.bot_member(guild))
    if bits is not None and (bits & ~role.permissions) & ~own:
        raise errors.forbidden(50013)
    role.name = name or role.name
    role.permissions = role.permissions if bits is None else bits
    role.color = role.color if color is None else color
    role.hoist = role.hoist if hoist is None else hoist
    role.mentionable = role.mentionable if mentionable is None else mentionable


ROUTES = (
    Route("GET", _ROLES, listing),
    Route("POST", _ROLES, create),
    Route("PATCH", _ROLES, move),
    Route("GET", f"{_ROLES}/member-counts", member_counts),
    Route("GET", f"{_ROLES}/{{role}}", get),
    Route("PATCH", f"{_ROLES}/{{role}}", edit),
    Route("DELETE", f"{_ROLES}/{{role}}", delete),
    Route("PUT", _MEMBER_ROLE, give),
    Route("DELETE", _MEMBER_ROLE, take),
)
