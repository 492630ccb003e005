"""Texts of operators with ``{placeholders}``: a parser for :class:`coreops_hookspecs.cache.Column` that checks them."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter

__all__ = ["only_placeholders"]


def only_placeholders(*names: str) -> Callable[[str], str]:
    """Return a parser that hands a text back as it is, fit for ``text.format``.

    The parser raises ``ValueError`` for a text with a placeholder that nothing would fill, with a format or a
    conversion, or with a brace that opens none; the message says what there is. ``{{`` and ``}}`` are braces.

    Args:
        names: The placeholders that are filled in.
    """
    expected = f"text with no placeholders but {', '.join('{' + name + '}' for name in names)}"

    def checked(text: str) -> str:
        try:
            parts = list(Formatter().parse(text))
        except ValueError:
            raise ValueError(expected) from None
        if any(name is not None and (name not in names or spec or how) for _, name, spec, how in parts):
            raise ValueError(expected)
        return text

    return checked
