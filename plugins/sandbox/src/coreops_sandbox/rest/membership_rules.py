"""What the bot may do to members and with roles (Discord docs, Permissions, "Permission Hierarchy")."""

from __future__ import annotations

from coreops_sandbox.world import membership, permissions
from coreops_sandbox.world.guilds import Guild, Role
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.users import Member

from . import errors
from .call import Call


def require_grantable(call: Call, guild: Guild, role: Role) -> None:
    """Raise 50028 for a role nobody can be given, 50013 for one at or above the bot's own."""
    if role.managed or role.id == guild.id:
        raise errors.bad_request(50028)
    call.require_above(guild, role.position)


def require_power_over(call: Call, guild: Guild, member: Member, permission: Permission) -> None:
    """Raise 50013 unless the bot has `permission` and stands above the member; nobody stands above the owner."""
    call.require_in_guild(guild, permission)
    if member.user.id != call.bot.id:
        call.require_above(guild, permissions.highest_position(guild, member))


def set_roles(call: Call, guild: Guild, member: Member, roles: list[str]) -> None:
    """Give a member exactly `roles`; each role that changes must be grantable."""
    for role_id in set(roles) ^ set(member.roles):
        role = guild.roles.get(role_id)
        if role is None:
            raise errors.unknown("Role")
        require_grantable(call, guild, role)
    member.roles = roles
    membership.updated(call.world, guild, member)
