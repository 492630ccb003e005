"""Builds the lightbulb groups that are registered: an author's group plus what other plugins mount under it.

The author's group is copied, never written to, so that an unloaded mount leaves nothing behind in it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import lightbulb
from lightbulb.commands.groups import SubGroup

from coreops.commands.declared import Declared

__all__ = ["compose", "release"]

Root = lightbulb.Group | type[lightbulb.CommandBase]


def compose(owner: Declared, mounts: Sequence[Declared]) -> Root:
    """Return what to register for the root that ``owner`` declares, with ``mounts`` under it."""
    target = owner.command.target
    if not isinstance(target, lightbulb.Group):
        return target
    composed = dataclasses.replace(target)
    composed.subcommands.update(target.subcommands)
    for mount in mounts:
        _hang(composed, mount.command.target)
    return composed


def _hang(composed: lightbulb.Group, target: Root) -> None:
    if not isinstance(target, lightbulb.Group):
        composed.register(target)
        return
    sub = composed.subgroup(target.name, target.description)
    sub.subcommands.update(
        {name: child for name, child in target.subcommands.items() if not isinstance(child, SubGroup)}
    )


def release(mount: Declared) -> None:
    """Undo what hanging a class under a group wrote into its lightbulb data: its parent."""
    if isinstance(mount.command.target, type):
        lightbulb.utils.get_command_data(mount.command.target).parent = None
