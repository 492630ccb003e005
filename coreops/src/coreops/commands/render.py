"""How the runtime's answers look: texts and embeds that keep within Discord's limits whatever is put in.

Limits: Discord docs, Channels Resource, "Embed Limits"; message content 2,000 characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import hikari

from coreops.telemetry.phrases import shorten
from coreops_hookspecs import CardField, Severity

__all__ = ["CONTENT", "card", "code", "listing", "plain"]

CONTENT: Final = 2000
_TITLE: Final = 256
_TEXT: Final = 4096
_FIELDS: Final = 25
_FIELD_NAME: Final = 256
_FIELD_TEXT: Final = 1024
_TOTAL: Final = 6000

_COLOURS: Final = {
    Severity.INFO: 0x5865F2,
    Severity.OK: 0x2E9E5B,
    Severity.WARNING: 0xE0A100,
    Severity.ERROR: 0xD33F3F,
}
_DIRECTIONS: Final = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Marks that turn the direction of writing (Unicode Standard Annex 9), with which a text disguises itself."""
_BLANK: Final = "\u200b"
"""Discord refuses an empty field; a zero-width space is one that shows nothing."""


def listing(lines: Sequence[str], limit: int) -> str:
    """Join lines as far as they fit into ``limit`` characters and say how many do not."""
    text = "\n".join(lines)
    if len(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - len(f"\n… and {len(lines)} more")
    for line in lines:
        if len(line) + 1 > room:
            break
        kept.append(line)
        room -= len(line) + 1
    if not kept:
        return shorten(text, limit)
    return "\n".join([*kept, f"… and {len(lines) - len(kept)} more"])


def code(text: str) -> str:
    """Return a text from outside as inline code, so that nothing in it is a mention or markup."""
    plain_text = " ".join(text.replace("`", "'").translate(_DIRECTIONS).split())
    return f"`{shorten(plain_text, 100) or ' '}`"


def card(
    title: str,
    text: str | Sequence[str] = "",
    *,
    severity: Severity = Severity.INFO,
    fields: Sequence[CardField] = (),
    versions: Mapping[str, str],
    reference: str = "",
    place: str = "",
) -> hikari.Embed:
    """Return an embed in the look of the runtime.

    Args:
        title: Its heading.
        text: Its body; a sequence is drawn one entry a line.
        severity: Decides the colour.
        fields: Its named parts.
        versions: ``bot`` and ``coreops``, for the footer.
        reference: Short form of the trace, for the footer; empty for none.
        place: Which page it is, for the footer; empty where there is one only.
    """
    parts = [place, f"Bot v{versions.get('bot', '?')}", f"CoreOps v{versions.get('coreops', '?')}"]
    footer = shorten(" · ".join(part for part in [*parts, f"ref {reference}" if reference else ""] if part), 256)
    embed = hikari.Embed(title=shorten(title, _TITLE), colour=_COLOURS[severity]).set_footer(footer)
    body = _fit(text, _TEXT)
    embed.description = body or None
    room = _TOTAL - len(embed.title or "") - len(body) - len(footer)
    for number, field in enumerate(fields):
        name, value = shorten(field.name, _FIELD_NAME) or _BLANK, _fit(field.text, _FIELD_TEXT) or _BLANK
        left = len(fields) - number
        spare = 0 if left == 1 else 40
        if (number == _FIELDS - 1 and left > 1) or len(name) + len(value) + spare > room:
            embed.add_field(f"… and {left} more", _BLANK)
            break
        embed.add_field(name, value, inline=field.inline)
        room -= len(name) + len(value)
    return embed


def plain(embed: hikari.Embed) -> str:
    """Return an embed as text, for channels where embeds are not allowed."""
    parts = [f"**{embed.title}**"] if embed.title else []
    parts += [embed.description] if embed.description else []
    parts += [f"**{field.name}**: {field.value}" for field in embed.fields]
    if embed.footer is not None and embed.footer.text:
        parts.append(embed.footer.text)
    return listing("\n".join(parts).split("\n"), CONTENT)


def _fit(text: str | Sequence[str], limit: int) -> str:
    return shorten(text, limit) if isinstance(text, str) else listing(text, limit)
