from __future__ import annotations

import pytest

from coreops_hookspecs import Tier, access
from coreops_hookspecs.access import AccessRule, rule_of


class Plain: ...


@pytest.mark.parametrize(
    ("decorate", "tier"), [(access.user, Tier.USER), (access.staff, Tier.STAFF), (access.admin, Tier.ADMIN)]
)
def test_each_decorator_declares_its_tier_and_returns_the_class(decorate: object, tier: Tier) -> None:
    class Command: ...

    assert decorate(Command) is Command
    assert rule_of(Command) == AccessRule(tier, frozenset(), dm=False)


def test_requires_declares_groups_and_direct_messages() -> None:
    @access.requires(Tier.STAFF, groups=["recruiter", "lead"], dm=True)
    class Command: ...

    assert rule_of(Command) == AccessRule(Tier.STAFF, frozenset({"recruiter", "lead"}), dm=True)


def test_the_decorator_nearest_to_the_top_decides() -> None:
    @access.admin
    @access.user
    class Command: ...

    rule = rule_of(Command)
    assert rule is not None
    assert rule.tier is Tier.ADMIN


def test_a_class_without_a_decorator_has_no_rule() -> None:
    assert rule_of(Plain) is None


def test_something_else_under_the_same_attribute_is_no_rule() -> None:
    class Forged:
        __coreops_access__ = "admin"

    assert rule_of(Forged) is None


def test_tiers_are_ordered_and_have_names_for_people() -> None:
    assert sorted(Tier, reverse=True) == [Tier.ADMIN, Tier.STAFF, Tier.USER]
    assert [tier.label for tier in Tier] == ["user", "staff", "admin"]
