"""``ctx.commands``: the command tree as the current caller sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import hikari

from coreops.commands.admission import Admission
from coreops.commands.answers import cooldown_error
from coreops.commands.cooldowns import Cooldowns
from coreops.commands.invocation import Invocation, current
from coreops.commands.leaves import Leaf, Option
from coreops.commands.render import card
from coreops.commands.tree import CommandTree
from coreops.commands.usage import prefix_usage, slash_usage
from coreops_hookspecs import CardField, Cooldown, Severity, Tier

__all__ = ["CommandPage", "CommandService", "near"]


@dataclass(slots=True)
class CommandPage:
    """One command as help shows it; satisfies :class:`coreops_hookspecs.CommandInfo`."""

    name: str
    description: str
    plugin: str
    section: str
    tier: Tier
    groups: frozenset[str]
    options: Sequence[Option]
    usage: str
    slash_usage: str
    examples: tuple[str, ...]
    toggle: str | None


class CommandService:
    """Satisfies :class:`coreops_hookspecs.Commands`; one object serves all plugins.

    Args:
        tree: The commands.
        admission: Decides who may run which.
        prefix: The first configured prefix.
        versions: ``bot`` and ``coreops``, for the footer of cards.
        cooldowns: Counts runs.
    """

    def __init__(
        self,
        tree: CommandTree,
        admission: Admission,
        prefix: str,
        versions: Mapping[str, str],
        cooldowns: Cooldowns,
    ) -> None:
        self._tree = tree
        self._admission = admission
        self._prefix = prefix
        self._versions = versions
        self._cooldowns = cooldowns

    @property
    def prefix(self) -> str:
        """The first configured prefix."""
        return self._prefix

    @property
    def invocation(self) -> Invocation:
        """The command being run. Raises LookupError outside a command."""
        return current()

    def visible(self) -> Sequence[CommandPage]:
        """Return what the current caller may run, by path."""
        return [self._page(leaf) for leaf in self._admission.visible(current())]

    def hidden_count(self) -> int:
        """Return how many commands the current caller may not run."""
        return len(self._tree.leaves()) - len(self._admission.visible(current()))

    def suggest(self, name: str) -> Sequence[str]:
        """Return up to three close names among those the current caller may run, best first.

        The last part counts by itself too, so that ``health`` finds ``ops health``.
        """
        return near(name, [leaf.name for leaf in self._admission.visible(current())])

    def limit(self, what: str, cooldown: Cooldown) -> None:
        """Count a run of a part of the running command. Raises CooldownError when the caller must wait."""
        name = f"{current().command} {what}"
        wait = self._cooldowns.take(name, cooldown, current().caller)
        if wait:
            raise cooldown_error(name, wait)

    def card(
        self,
        title: str,
        text: str | Sequence[str] = "",
        *,
        severity: Severity = Severity.INFO,
        fields: Sequence[CardField] = (),
    ) -> hikari.Embed:
        """Return an embed in the look of the runtime, within Discord's limits."""
        return card(title, text, severity=severity, fields=fields, versions=self._versions)

    def _page(self, leaf: Leaf) -> CommandPage:
        return CommandPage(
            name=leaf.name,
            description=leaf.description,
            plugin=leaf.plugin,
            section=leaf.section,
            tier=leaf.rule.tier,
            groups=leaf.rule.groups,
            options=leaf.options,
            usage=prefix_usage(self._prefix, leaf),
            slash_usage=slash_usage(leaf),
            examples=tuple(f"{self._prefix}{leaf.name} {example}" for example in leaf.examples),
            toggle=leaf.toggle,
        )


def near(name: str, known: Sequence[str], cutoff: float = 0.6) -> list[str]:
    """Return up to three of the known names that are close to ``name``, best first."""
    forms = {form: full for full in reversed(known) for form in (full.split(" ")[-1].lower(), full.lower())}
    matches = get_close_matches(name.lower()[:100], forms, n=5, cutoff=cutoff)
    return list(dict.fromkeys(forms[match] for match in matches))[:3]
