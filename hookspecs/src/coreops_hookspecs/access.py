"""Who may run what: tiers, groups, the permission decorators and the request that ``authorize`` sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeVar

__all__ = [
    "AccessRequest",
    "AccessRule",
    "AccessStep",
    "Denial",
    "Surface",
    "Tier",
    "admin",
    "requires",
    "rule_of",
    "staff",
    "user",
]

Surface = Literal["slash", "prefix", "press"]
"""Where a command came from. A mention (``@Bot ops ping``) counts as a prefix; a button, menu or form is a press."""

T = TypeVar("T", bound=type)

_ATTRIBUTE = "__coreops_access__"


class Tier(IntEnum):
    """Privilege levels, ordered; each includes those below it."""

    USER = 0
    STAFF = 1
    ADMIN = 2

    @property
    def label(self) -> str:
        """Lower-case name for people, for example ``staff``."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a caller must have to run a command.

    Args:
        tier: The least tier that is let in.
        groups: Named groups (``recruiter``, ``lead``) whose members are let in whatever their tier.
        dm: Whether the command may be run in a direct message. Role tiers do not exist there.
    """

    tier: Tier
    groups: frozenset[str] = frozenset()
    dm: bool = False


@dataclass(frozen=True, slots=True)
class Denial:
    """Why a caller is refused, and what would change that.

    Args:
        reason: One short sentence for the caller.
        remedy: What the caller can do about it; may be empty.
    """

    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class AccessStep:
    """One rule that stands before a command, tried on somebody; for operators who ask why.

    Args:
        rule: What is looked at: ``plugin``, ``toggle``, ``place``, ``tier``, ``rules``, ``hooks``.
        passed: Whether it lets the caller through.
        detail: What was found.
        change: How to change it; empty where it passed.
    """

    rule: str
    passed: bool
    detail: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """One caller asking to run one command; what ``coreops_authorize`` decides on.

    Ids are Discord snowflakes. ``guild_id`` is ``None`` in a direct message; ``tier`` and ``groups`` are those
    that configuration grants to the caller's roles.
    """

    command: str
    plugin: str
    surface: Surface
    user_id: int
    guild_id: int | None
    channel_id: int
    role_ids: frozenset[int]
    tier: Tier
    groups: frozenset[str]
    trace: str


def requires(tier: Tier, *, groups: Iterable[str] = (), dm: bool = False) -> Callable[[T], T]:
    """Declare who may run the decorated lightbulb command class.

    Args:
        tier: The least tier that is let in.
        groups: Named groups that are let in whatever their tier.
        dm: Whether the command may be run in a direct message.
    """
    rule = AccessRule(tier, frozenset(groups), dm)

    def decorate(command: T) -> T:
        setattr(command, _ATTRIBUTE, rule)
        return command

    return decorate


def user(command: T) -> T:
    """Let everybody run the decorated command."""
    return requires(Tier.USER)(command)


def staff(command: T) -> T:
    """Let staff and admins run the decorated command."""
    return requires(Tier.STAFF)(command)


def admin(command: T) -> T:
    """Let admins only run the decorated command."""
    return requires(Tier.ADMIN)(command)


def rule_of(command: object) -> AccessRule | None:
    """Return the rule that a decorator of this module put on ``command``, or ``None``."""
    rule = getattr(command, _ATTRIBUTE, None)
    return rule if isinstance(rule, AccessRule) else None
