"""What the operator wrote about commands and what it cannot mean: a command that nobody has, an id that is nowhere.

A rule about a command that does not exist stands against nothing, and an action that is misspelt needs no second
person, so both are told loudly, with the cell that they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import hikari

from coreops.commands.approvals import SETTING as APPROVALS
from coreops.commands.rules import SETTING as RULES
from coreops.commands.rules import Rule, RuleBook, read_rules
from coreops.commands.tree import CommandTree
from coreops_shared.suggest import did_you_mean

__all__ = ["nowhere", "wrong_approvals", "wrong_rules"]

_SPLIT: Final = re.compile(r"[;\n]")


def wrong_rules(text: str, source: str, tree: CommandTree) -> list[str]:
    """Return what is wrong with the access rules.

    Args:
        text: The setting's text.
        source: Where it stands, as ``SettingValue.source``.
        tree: The commands.
    """
    book = read_rules(text)
    place = f"{RULES} ({source})"
    shut = "; only admins are let in until it is mended"
    unread = [problem.replace(RULES, place, 1) + shut for problem in book.problems]
    return [*unread, *(f"{place}: {told}" for rule in book.rules if (told := _about_nothing(rule, tree)))]


def wrong_approvals(text: str, source: str, tree: CommandTree) -> list[str]:
    """Return what is wrong with the list of what a second person must approve; arguments as for :func:`wrong_rules`."""
    return [f"{APPROVALS} ({source}): {told}" for line in _SPLIT.split(text) for told in _wrong_action(line, tree)]


async def nowhere(app: hikari.GatewayBot, guilds: Sequence[int], text: str, source: str) -> list[str]:
    """Return which rules look for a role, a channel or a server that the bot knows nothing of.

    Args:
        app: The bot; Discord is asked for what its cache does not hold.
        guilds: Servers that commands are listed in.
        text: The setting's text.
        source: Where it stands.

    Raises:
        hikari.HikariError: Discord did not answer.
    """
    book: RuleBook = read_rules(text)
    lost = [rule for rule in book.rules if not await _there(app, guilds, rule)]
    told = "is in no server of this bot, so the rule fits nobody"
    return [f'{RULES} ({source}): "{rule}": {rule.kind} {rule.id} {told}' for rule in lost]


def _about_nothing(rule: Rule, tree: CommandTree) -> str:
    leaves = tree.leaves()
    if any(rule.concerns(leaf.name, leaf.plugin) for leaf in leaves):
        return ""
    groups = {" ".join(leaf.path[:depth]) for leaf in leaves for depth in range(1, len(leaf.path))}
    known = [*(leaf.name for leaf in leaves), *sorted(groups), *sorted({f"plugin:{leaf.plugin}" for leaf in leaves})]
    return f'"{rule}" is about no command that is there{did_you_mean(rule.about, known)}; until then it does nothing'


def _wrong_action(line: str, tree: CommandTree) -> Iterator[str]:
    words = line.lower().split()
    path = " ".join(word for word in words if not word.startswith("--"))
    if not words:
        return
    leaf = next((leaf for leaf in tree.leaves() if leaf.name == path), None)
    if leaf is None:
        near = did_you_mean(path, [leaf.name for leaf in tree.leaves()])
        yield f'"{line.strip()[:100]}" names no command that is there{near}; until then it needs no second person'
        return
    options = [option.name for option in leaf.options]
    for name in (word[2:] for word in words if word.startswith("--")):
        if name not in options:
            told = f"{leaf.name} has no option {name}{did_you_mean(name, options)}"
            yield f'"{line.strip()[:100]}": {told}; until then it needs no second person'


async def _there(app: hikari.GatewayBot, guilds: Sequence[int], rule: Rule) -> bool:
    if rule.kind == "guild":
        return rule.id in guilds
    if rule.kind == "role":
        return app.cache.get_role(rule.id) is not None or await _is_role(app, guilds, rule.id)
    if rule.kind == "channel":
        kept = app.cache.get_guild_channel(rule.id) or app.cache.get_thread(rule.id)
        return kept is not None or await _is_channel(app, rule.id)
    return True


async def _is_role(app: hikari.GatewayBot, guilds: Sequence[int], role: int) -> bool:
    for guild in guilds:
        if any(int(one.id) == role for one in await app.rest.fetch_roles(guild)):
            return True
    return False


async def _is_channel(app: hikari.GatewayBot, channel: int) -> bool:
    try:
        await app.rest.fetch_channel(channel)
    except hikari.NotFoundError:
        return False
    except hikari.ForbiddenError:
        return True  # it is there, and rules hold where the bot sees nothing
    return True
