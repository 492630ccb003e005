"""How a command is written, on both surfaces."""

from __future__ import annotations

from typing import Final

import hikari

from coreops.commands.leaves import Leaf, Option

__all__ = ["prefix_usage", "slash_usage"]

_MOST_CHOICES: Final = 4
"""With more choices than this, usage shows the option's name instead."""


def prefix_usage(prefix: str, leaf: Leaf) -> str:
    """Return the prefix form: ``!clan <tag>``, ``!ops reload [--reboot]``. Context menus have none."""
    if leaf.kind is not hikari.CommandType.SLASH:
        return ""
    return " ".join([f"{prefix}{leaf.said}", *(_prefix_part(option) for option in leaf.options)])


def slash_usage(leaf: Leaf) -> str:
    """Return the slash form: ``/clan tag:<tag>``; for a context menu, where it is found."""
    if leaf.kind is not hikari.CommandType.SLASH:
        return f"Apps → {leaf.name}"
    parts = (f"{option.name}:<{_what(option)}>" for option in leaf.options)
    wrapped = (part if option.required else f"[{part}]" for part, option in zip(parts, leaf.options, strict=True))
    return " ".join([f"/{leaf.name}", *wrapped])


def _prefix_part(option: Option) -> str:
    if option.kind is hikari.OptionType.ATTACHMENT:
        return f"<{option.name}: attach a file>" if option.required else f"[{option.name}: attach a file]"
    if option.flag and not option.required:
        return f"[--{option.name}]"
    what = f"{_what(option)}…" if option.rest or option.several else _what(option)
    return f"<{what}>" if option.required else f"[{what}]"


def _what(option: Option) -> str:
    if 0 < len(option.choices) <= _MOST_CHOICES:
        return "|".join(option.choices)
    return "yes|no" if option.flag else option.name
