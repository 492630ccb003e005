"""Tiers and groups: what configuration grants to a caller, and whether that is enough. Pure, and fails closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from coreops_hookspecs import AccessRule, Denial, Tier
from coreops_shared.config.settings import Settings
from coreops_shared.texts import say

__all__ = ["AccessPolicy", "Caller", "Grant", "denial", "grant", "misplaced", "policy_of", "unentitled"]

_NOBODY: Final[frozenset[int]] = frozenset()
_NO_GROUPS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Who is what, from configuration. All ids are snowflakes.

    Args:
        admin_roles: Roles that make an admin; empty makes nobody one.
        staff_roles: Roles that make staff.
        groups: Roles by named group: ``recruiter``, ``lead``.
        guilds: Guilds that are served; empty serves all.
        administrator_is_admin: Whether Discord's Administrator permission makes an admin.
    """

    admin_roles: frozenset[int] = frozenset()
    staff_roles: frozenset[int] = frozenset()
    groups: Mapping[str, frozenset[int]] = field(default_factory=dict)
    guilds: frozenset[int] = frozenset()
    administrator_is_admin: bool = False


class Caller(msgspec.Struct, frozen=True):
    """Who asks, and where. One is made per command, and a frozen dataclass costs five times as much to make.

    Args:
        user_id: The user.
        guild_id: The guild, ``None`` in a direct message.
        channel_id: The channel.
        role_ids: The caller's roles, without ``@everyone``.
        administrator: Whether Discord says Administrator.
        owner: Whether the caller owns the application.
        parent_id: The channel of a thread, or the category of a channel.
    """

    user_id: int
    guild_id: int | None
    channel_id: int
    role_ids: frozenset[int] = frozenset()
    administrator: bool = False
    owner: bool = False
    parent_id: int | None = None


class Grant(msgspec.Struct, frozen=True):
    """What the caller is: a tier, and named groups beside it."""

    tier: Tier
    groups: frozenset[str] = frozenset()


def policy_of(settings: Settings) -> AccessPolicy:
    """Return the policy that the process settings make."""
    return AccessPolicy(
        admin_roles=settings.admin_role_ids,
        staff_roles=settings.staff_role_ids,
        groups={"recruiter": settings.recruiter_role_ids, "lead": settings.lead_role_ids},
        guilds=settings.guild_ids,
        administrator_is_admin=settings.administrator_is_admin,
    )


def grant(policy: AccessPolicy, caller: Caller) -> Grant:
    """Return what configuration makes of the caller. In a direct message no role counts."""
    roles = caller.role_ids if caller.guild_id is not None else _NOBODY
    groups = frozenset([name for name, members in policy.groups.items() if roles & members]) if roles else _NO_GROUPS
    administrator = policy.administrator_is_admin and caller.administrator and caller.guild_id is not None
    if caller.owner or administrator or roles & policy.admin_roles:
        return Grant(Tier.ADMIN, groups)
    return Grant(Tier.STAFF if roles & policy.staff_roles else Tier.USER, groups)


def denial(policy: AccessPolicy, rule: AccessRule, caller: Caller, granted: Grant) -> Denial | None:
    """Return why the caller may not run a command with that rule, or ``None`` if it may."""
    return misplaced(policy, rule, caller) or unentitled(policy, rule, caller, granted)


def misplaced(policy: AccessPolicy, rule: AccessRule, caller: Caller) -> Denial | None:
    """Return why a command with that rule may not be run where the caller is, or ``None``."""
    if caller.guild_id is None:
        return None if rule.dm else Denial(say("This command can only be used in servers."))
    if policy.guilds and caller.guild_id not in policy.guilds:
        remedy = say("An operator can add the server to GUILD_IDS.")
        return Denial(say("This bot does not serve this server."), remedy)
    return None


def unentitled(policy: AccessPolicy, rule: AccessRule, caller: Caller, granted: Grant) -> Denial | None:
    """Return why the caller's tier and groups are not enough, or ``None`` if they are."""
    if granted.tier >= rule.tier or granted.groups & rule.groups:
        return None
    return Denial(_only(rule), _remedy(policy, rule, caller))


def _only(rule: AccessRule) -> str:
    who = say("Admins") if rule.tier is Tier.ADMIN else say("Staff")
    *more, last = [who, *sorted(name.capitalize() for name in rule.groups)]
    return say("{who} only.", who=say(" and ").join([", ".join(more), last]) if more else last)


def _remedy(policy: AccessPolicy, rule: AccessRule, caller: Caller) -> str:
    if caller.guild_id is None:
        return say("Roles do not count in direct messages: run it in the server.")
    if not policy.admin_roles and (rule.tier is Tier.ADMIN or not policy.staff_roles):
        key = "ADMIN_ROLE_IDS" if rule.tier is Tier.ADMIN else "STAFF_ROLE_IDS"
        return say("No role is configured for it: an operator sets {key}.", key=key)
    return say("Ask an admin if you need it.")
