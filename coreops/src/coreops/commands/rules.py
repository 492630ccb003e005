"""Rules of the operator about single commands: who may run them where. Pure; they may narrow, never grant.

They stand in the setting ``COMMAND_RULES``, one a line or separated by ``;``::

    deny channel:123456789012345678 clan
    allow role:123456789012345678 ops refresh
    allow guild:123456789012345678 plugin:recruitment

Each has an effect, what it looks at (``role``, ``user``, ``channel`` or ``guild``, with an id) and what it is about: a
command, a group with all below it, ``plugin:<name>``, or ``*``. One ``deny`` that fits is enough to refuse. Where there
is an ``allow`` about a command, whoever fits none of those that look at the same thing is refused. A channel's rule
holds for its threads, a category's for its channels. A rule that cannot be read shuts every command but for admins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from coreops.commands.access import Caller
from coreops_hookspecs import Tier
from coreops_shared.suggest import did_you_mean

__all__ = ["NO_RULES", "SETTING", "Decision", "Rule", "RuleBook", "read_rules"]

SETTING: Final = "COMMAND_RULES"
"""Key of the setting, which ``ops`` declares."""

_SPLIT: Final = re.compile(r"[;\n]")
_ABOUT: Final = re.compile(r"(\*|plugin:[a-z][a-z0-9_]*|[-_'\w]+( [-_'\w]+){0,2})")
_KINDS: Final = ("role", "user", "channel", "guild")
_REFUSED: Final = {
    "role": "Your roles may not run this command.",
    "user": "You may not run this command.",
    "channel": "This command may not be run in this channel.",
    "guild": "This command may not be run in this server.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Args:
        allow: Whether it is an ``allow``; else a ``deny``.
        kind: ``role``, ``user``, ``channel`` or ``guild``.
        id: The snowflake that it looks for.
        about: A command's path, a group's, ``plugin:<name>`` or ``*``.
    """

    allow: bool
    kind: str
    id: int
    about: str

    def concerns(self, command: str, plugin: str) -> bool:
        """Tell whether it is about a command of a plugin."""
        return self.about in ("*", f"plugin:{plugin}", command) or command.startswith(f"{self.about} ")

    def fits(self, caller: Caller) -> bool:
        """Tell whether the caller is, or stands at, what it looks for."""
        if self.kind == "role":
            return self.id in caller.role_ids or self.id == caller.guild_id  # @everyone has the guild's id
        if self.kind == "channel":
            return self.id in (caller.channel_id, caller.parent_id)
        return self.id == (caller.user_id if self.kind == "user" else caller.guild_id)

    def __str__(self) -> str:
        return f"{'allow' if self.allow else 'deny'} {self.kind}:{self.id} {self.about}"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why the rules refuse: one sentence for the caller, and which rule for operators."""

    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, and what could not be read of them."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()

    by_place: bool = field(init=False)
    """Whether any looks at channels, whose threads and categories matter then."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_place", any(rule.kind == "channel" for rule in self.rules))

    def decide(self, command: str, plugin: str, caller: Caller, tier: Tier) -> Decision | None:
        """Return how the rules refuse a caller, or ``None`` if none stands against it."""
        if self.problems:
            reason = "The access rules cannot be read, so only admins are let in."
            return None if tier is Tier.ADMIN else Decision(reason, self.problems[0])
        about = self.about(command, plugin)
        refusing = next((rule for rule in about if not rule.allow and rule.fits(caller)), None)
        if refusing is not None:
            return Decision(_REFUSED[refusing.kind], str(refusing))
        for kind in _KINDS:
            allowing = [rule for rule in about if rule.allow and rule.kind == kind]
            if allowing and not any(rule.fits(caller) for rule in allowing):
                return Decision(_REFUSED[kind], f"fits none of: {'; '.join(map(str, allowing))}")
        return None

    def about(self, command: str, plugin: str) -> Sequence[Rule]:
        """Return the rules about a command."""
        return [rule for rule in self.rules if rule.concerns(command, plugin)]


NO_RULES: Final = RuleBook()


def read_rules(text: str) -> RuleBook:
    """Read the setting's text; never raises, what cannot be read is among the problems."""
    found = list(_read(text))
    rules = tuple(rule for rule in found if isinstance(rule, Rule))
    if not found:
        return NO_RULES
    return RuleBook(rules, tuple(problem for problem in found if isinstance(problem, str)))


def _read(text: str) -> Iterator[Rule | str]:
    for line in _SPLIT.split(text):
        words = line.split()
        if words:
            yield _rule(words)


def _rule(words: Sequence[str]) -> Rule | str:
    line = " ".join(words)[:100]
    effect, subject, about = words[0].lower(), words[1] if len(words) > 1 else "", " ".join(words[2:]).lower()
    kind, _, number = subject.partition(":")
    kind = kind.lower()
    if effect not in ("allow", "deny"):
        return f'{SETTING}: "{line}" begins with neither allow nor deny'
    if kind not in _KINDS:
        return f'{SETTING}: "{line}" looks at none of {", ".join(_KINDS)}{did_you_mean(kind, _KINDS)}'
    if not (number.isascii() and number.isdigit() and 15 <= len(number) <= 20):
        return f'{SETTING}: "{line}" has no id after {kind}:, such as {kind}:123456789012345678'
    if _ABOUT.fullmatch(about) is None:
        return f'{SETTING}: "{line}" is about no command; end it with a command, a group, plugin:<name> or *'
    return Rule(effect == "allow", kind, int(number), about)
