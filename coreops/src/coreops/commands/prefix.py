"""Pure reading of a message: is it for us, and what are its words.

Quotes work as people type them: straight, curly, low and angled; a quote without its partner is an ordinary character,
so ``it's`` stays one word. Nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

__all__ = ["Addressed", "Word", "addressed", "words"]

_MENTION: Final = re.compile(r"<@!?(\d{1,20})>\s*")
_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“”", "«": "»", "‘": "’"}
_ANY_QUOTE: Final = re.compile(f"[{''.join(_QUOTES)}]")
_WORD: Final = re.compile(r"\S+")
_AFTER_KEY: Final = (":", "=")


class Addressed(msgspec.Struct, frozen=True):
    """A message that is meant for the bot.

    Args:
        text: What follows the prefix or mention.
        mention: Whether it began with a mention of the bot.
    """

    text: str
    mention: bool


class Word(msgspec.Struct, frozen=True):
    """One word of a message.

    Args:
        text: Without its quotes.
        start: Where it begins in the text, its opening quote included.
        quoted: Whether all of it stood in quotes, so that it is never a flag or a ``key:value``.
    """

    text: str
    start: int
    quoted: bool = False


def addressed(content: str, prefixes: Sequence[str], me: int | None) -> Addressed | None:
    """Return what a message says to the bot, or ``None`` if it is not for it.

    Args:
        content: The message.
        prefixes: Accepted prefixes, longest first. A word must follow at once: ``! hello`` is ordinary talk.
        me: The bot's user id, if it is known yet.
    """
    for prefix in prefixes:
        if content.startswith(prefix):
            rest = content[len(prefix) :]
            return Addressed(rest, mention=False) if rest[:1].isalnum() else None
    mention = _MENTION.match(content)
    if mention is not None and me is not None and int(mention[1]) == me:
        return Addressed(content[mention.end() :], mention=True)
    return None


def words(text: str) -> list[Word]:
    """Split a text at blanks, keeping quoted stretches together."""
    if _ANY_QUOTE.search(text) is None:
        return [Word(word[0], word.start()) for word in _WORD.finditer(text)]
    found: list[Word] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word, at = _word(text, at)
        found.append(word)
    return found


def _word(text: str, start: int) -> tuple[Word, int]:
    """Read one word from ``start`` on; return it and where the next may begin."""
    closing = _closing(text, start)
    if closing is not None:
        return Word(text[start + 1 : closing], start, quoted=True), closing + 1
    parts: list[str] = []
    at = start
    while at < len(text) and not text[at].isspace():
        closing = _closing(text, at) if text[at - 1] in _AFTER_KEY and at > start else None
        if closing is None:
            parts.append(text[at])
            at += 1
        else:
            parts.append(text[at + 1 : closing])
            at = closing + 1
    return Word("".join(parts), start), at


def _closing(text: str, at: int) -> int | None:
    """Return where the quote that opens at ``at`` closes: before a blank or the end, so that ``'s`` opens nothing."""
    for closer in _QUOTES.get(text[at], ""):
        end = text.find(closer, at + 1)
        while end != -1:
            if end + 1 == len(text) or text[end + 1].isspace():
                return end
            end = text.find(closer, end + 1)
    return None
