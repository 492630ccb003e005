"""Tiers and groups: what configuration grants, and whether that is enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from coreops.commands.access import AccessPolicy, Caller, denial, grant, policy_of
from coreops_hookspecs import AccessRule, Tier
from coreops_shared.config.settings import load

ADMIN, STAFF, RECRUITER, OTHER = 1, 2, 3, 4
POLICY = AccessPolicy(
    admin_roles=frozenset({ADMIN}), staff_roles=frozenset({STAFF}), groups={"recruiter": frozenset({RECRUITER})}
)
EMPTY = AccessPolicy()


def caller(*roles: int, guild: int | None = 9, administrator: bool = False, owner: bool = False) -> Caller:
    return Caller(7, guild, 8, frozenset(roles), administrator, owner)


@pytest.mark.parametrize(
    ("policy", "who", "tier"),
    [
        (POLICY, caller(), Tier.USER),
        (POLICY, caller(OTHER), Tier.USER),
        (POLICY, caller(RECRUITER), Tier.USER),
        (POLICY, caller(STAFF), Tier.STAFF),
        (POLICY, caller(ADMIN), Tier.ADMIN),
        (POLICY, caller(STAFF, ADMIN), Tier.ADMIN),
        (POLICY, caller(owner=True), Tier.ADMIN),
        (POLICY, caller(owner=True, guild=None), Tier.ADMIN),
        (POLICY, caller(administrator=True), Tier.USER),
        (POLICY, caller(ADMIN, guild=None), Tier.USER),
        (EMPTY, caller(ADMIN), Tier.USER),
        (EMPTY, caller(administrator=True), Tier.USER),
        (AccessPolicy(administrator_is_admin=True), caller(administrator=True), Tier.ADMIN),
        (AccessPolicy(administrator_is_admin=True), caller(administrator=True, guild=None), Tier.USER),
    ],
)
def test_a_tier_comes_from_roles_and_ownership_alone(policy: AccessPolicy, who: Caller, tier: Tier) -> None:
    assert grant(policy, who).tier is tier


def refused(rule: AccessRule, who: Caller, policy: AccessPolicy = POLICY) -> str:
    verdict = denial(policy, rule, who, grant(policy, who))
    return "" if verdict is None else verdict.reason


def test_a_group_opens_a_command_beside_the_tier() -> None:
    rule = AccessRule(Tier.STAFF, frozenset({"recruiter"}))
    assert refused(rule, caller(RECRUITER)) == ""
    assert refused(rule, caller(STAFF)) == ""
    assert refused(rule, caller(OTHER)) == "Staff and Recruiter only."
    assert refused(rule, caller(RECRUITER), EMPTY) == "Staff and Recruiter only."


def test_a_direct_message_is_refused_unless_declared() -> None:
    assert refused(AccessRule(Tier.USER), caller(guild=None)) == "This command can only be used in servers."
    assert refused(AccessRule(Tier.USER, dm=True), caller(guild=None)) == ""
    assert refused(AccessRule(Tier.STAFF, dm=True), caller(STAFF, guild=None)) == "Staff only."


def test_a_guild_that_is_not_listed_is_refused_even_to_admins() -> None:
    policy = AccessPolicy(admin_roles=frozenset({ADMIN}), guilds=frozenset({5}))
    assert refused(AccessRule(Tier.USER), caller(ADMIN, guild=9), policy) == "This bot does not serve this server."
    assert refused(AccessRule(Tier.USER), caller(guild=5), policy) == ""


def test_a_missing_setting_is_named() -> None:
    verdict = denial(EMPTY, AccessRule(Tier.ADMIN), caller(), grant(EMPTY, caller()))
    assert verdict is not None
    assert "ADMIN_ROLE_IDS" in verdict.remedy


def test_the_policy_comes_from_the_settings(tmp_path: Path) -> None:
    env = {
        "DISCORD_TOKEN": "token",
        "COREOPS_WORKBOOK": str(tmp_path),
        "ADMIN_ROLE_IDS": "1",
        "STAFF_ROLE_IDS": "2,3",
        "LEAD_ROLE_IDS": "4",
        "GUILD_IDS": "9",
    }
    (tmp_path / "coreops.toml").touch()
    policy = policy_of(load(env, tmp_path / "coreops.toml"))
    assert (policy.admin_roles, policy.staff_roles) == (frozenset({1}), frozenset({2, 3}))
    assert policy.groups == {"recruiter": frozenset(), "lead": frozenset({4})}
    assert policy.guilds == frozenset({9})
    assert not policy.administrator_is_admin
