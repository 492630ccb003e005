"""Generates the dependency resolvers of a command once, when it is registered.

linkd keeps the resolver that it generates on the copy of the method that is bound for one call, so each call would read
the signature, write the function and compile it again: half the time from an interaction to its handler. Two private
names of linkd are used here and nowhere else; lightbulb is pinned to ~= 3.2.6, and a test fails when they change.
"""

from __future__ import annotations

from typing import Final

import lightbulb
from linkd.solver import AutoInjecting

__all__ = ["generate_resolvers"]

_RESOLVER: Final = "_dependency_func"
_GENERATE: Final = "_codegen_dependency_func"


def generate_resolvers(root: lightbulb.Group | type[lightbulb.CommandBase]) -> None:
    """Generate what the methods of a command, or of all commands of a group, lack."""
    if not isinstance(root, type):
        for child in root.subcommands.values():
            generate_resolvers(child)  # type: ignore[arg-type]  # a subgroup has subcommands as a group has
        return
    for owner in root.__mro__:
        for method in vars(owner).values():
            if isinstance(method, AutoInjecting):
                _generate(method)


def _generate(method: AutoInjecting) -> None:
    if getattr(method, _RESOLVER) is None:
        setattr(method, _RESOLVER, getattr(method, _GENERATE)())
