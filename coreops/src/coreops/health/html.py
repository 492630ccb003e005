"""HTML from values: everything that is not marked as HTML is escaped."""

from __future__ import annotations

from html import escape
from typing import Final

__all__ = ["Html", "element", "joined"]

_VOID: Final = frozenset({"meta", "link", "br"})


class Html(str):
    """A text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *children: object, **attributes: str | bool | None) -> Html:
    """Return an element.

    Args:
        name: Tag name.
        children: Html as it is, anything else escaped; ``None`` is left out.
        attributes: ``_`` becomes ``-`` and a trailing one is dropped (``class_``); ``None`` and ``False`` are left out.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: object) -> Html:
    """Return children one after the other."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(str(child)) for child in children if child is not None)
    )
