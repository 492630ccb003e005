"""The command matrix, from the command tree of the first-party plugins."""

from __future__ import annotations

from importlib.metadata import entry_points

from coreops.commands.leaves import Leaf
from coreops.commands.tree import CommandTree
from coreops.commands.usage import prefix_usage, slash_usage
from coreops_hookspecs.markers import ENTRY_POINT_GROUP
from tools.reference.text import GENERATED, table

__all__ = ["page"]

_FIRST_PARTY = "coreops-"
_HEADINGS = ("as a message", "as a slash command", "who", "cooldown", "plugin", "what")


def page() -> str:
    """Return the page ``commands.md``."""
    intro = (
        f"{GENERATED}\n# Commands\n\nEvery command of the plugins in this repository. Each works as a message and as a "
        "slash command, with the same options and the same rules; "
        "[who may run what](../operators/access.md) tells how tiers are given and narrowed.\n\n"
    )
    return intro + table(_HEADINGS, [_row(leaf) for leaf in _tree().leaves()])


def _tree() -> CommandTree:
    tree = CommandTree()
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda one: one.name):
        if entry.dist is not None and entry.dist.name.startswith(_FIRST_PARTY):
            declare = getattr(entry.load(), "coreops_commands", None)
            for command in declare() if declare is not None else ():
                tree.add(entry.name, command)
    return tree


def _row(leaf: Leaf) -> tuple[str, ...]:
    who = ", ".join([leaf.rule.tier.label, *sorted(leaf.rule.groups)])
    limit = leaf.cooldown
    rate = "" if limit is None else f"{limit.uses} per {limit.per.total_seconds():g} s and {limit.scope}"
    written = (prefix_usage("!", leaf), slash_usage(leaf))
    return (*(f"`{one}`" if one else "" for one in written), who, rate, leaf.plugin, leaf.description)
