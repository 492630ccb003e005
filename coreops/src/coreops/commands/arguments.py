"""Binds the words of a message to the options of a command. Pure: ``values`` and ``entities`` read them later.

Forms: ``--key value``, ``--key=value``, ``--flag``, ``--no-flag``, ``key:value``, ``key=value``, and by position in
the order of declaration. ``--`` ends the flags. A phone's em dash (``—flag``) counts as two hyphens. The option that
takes the rest of the line takes it as it was typed; one that takes several words leaves the flags between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import hikari

from coreops.commands.leaves import Option
from coreops.commands.prefix import Word
from coreops.commands.render import code
from coreops.commands.values import boolean
from coreops_hookspecs.errors import UsageError
from coreops_shared.suggest import closest
from coreops_shared.texts import say

__all__ = ["bind"]


def bind(options: Sequence[Option], words: Sequence[Word], text: str) -> dict[str, str]:
    """Return the text given for each option, by name.

    Args:
        options: The command's options, in order.
        words: The words after the command's name.
        text: The text that the words were split from.

    Raises:
        UsageError: an unknown flag, a repeated option, a flag without its value or a word too many.
    """
    binder = _Binder({option.name: option for option in options}, list(words), text)
    return binder.run()


@dataclass(slots=True)
class _Binder:
    options: dict[str, Option]
    words: list[Word]
    text: str
    given: dict[str, str] = field(default_factory=dict)
    at: int = 0
    flags_ended: bool = False

    def run(self) -> dict[str, str]:
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            if not word.quoted and not self.flags_ended and self._named(word.text):
                continue
            if self._positional(word):
                break
        return self.given

    def _named(self, text: str) -> bool:
        """Take a word that names its option; tell whether it did."""
        if text in ("--", "—"):
            self.flags_ended = True
            return True
        if text.startswith(("--", "—")):
            self._flag(text.removeprefix("—").removeprefix("--"))
            return True
        for separator in (":", "="):
            key, found, value = text.partition(separator)
            if found and value and (option := self.options.get(key.lower())) is not None:
                self._give(option, value)
                return True
        return False

    def _flag(self, body: str) -> None:
        key, equals, value = body.partition("=")
        option = self.options.get(key.lower())
        negated = self.options.get(key.lower().removeprefix("no-"))
        if option is not None and equals:
            self._give(option, value)
        elif option is not None and option.flag:
            self._give(option, self._next_boolean() or "true")
        elif option is not None:
            self._give(option, self._next(option))
        elif negated is not None and negated.flag and not equals:
            self._give(negated, "false")
        else:
            near = closest(key[:100], self.options)
            hint = f" {say('Did you mean {names}?', names=code('--' + near))}" if near else ""
            msg = f"unknown option --{key[:100]}"
            raise UsageError(msg, user_message=say("There is no option {option}.", option=code("--" + key)) + hint)

    def _next_boolean(self) -> str | None:
        """Take the next word if it says yes or no, so that ``--reboot no`` works beside ``--reboot``."""
        if self.at < len(self.words) and boolean(self.words[self.at].text) is not None:
            self.at += 1
            return self.words[self.at - 1].text
        return None

    def _next(self, option: Option) -> str:
        if self.at == len(self.words):
            msg = f"option {option.name!r} was given no value"
            needs = say("{option} needs a value: {kind}.", option=code("--" + option.name), kind=say(option.type))
            raise UsageError(msg, user_message=needs)
        self.at += 1
        return self.words[self.at - 1].text

    def _positional(self, word: Word) -> bool:
        """Give a word to the next open option; tell whether it took the rest of the line."""
        for option in self.options.values():
            if option.several:
                self.given[option.name] = f"{self.given.get(option.name, '')} {word.text}".strip()
                return False
            if option.name in self.given or option.kind is hikari.OptionType.ATTACHMENT:
                continue
            if option.rest:
                last = self.at == len(self.words)
                self._give(option, word.text if word.quoted and last else self.text[word.start :].rstrip())
                return True
            self._give(option, word.text)
            return False
        msg = f"{word.text[:100]!r} is one word too many"
        quote = " " + say('Put "quotes" around a text of several words.') if self.given else ""
        raise UsageError(msg, user_message=say("{word} is one word too many.", word=code(word.text)) + quote)

    def _give(self, option: Option, value: str) -> None:
        if option.kind is hikari.OptionType.ATTACHMENT:
            msg = f"option {option.name!r} is a file, but was given text"
            raise UsageError(
                msg, user_message=say("Attach a file to the message for {option}.", option=code(option.name))
            )
        if option.name in self.given:
            msg = f"option {option.name!r} was given twice"
            raise UsageError(msg, user_message=say("{option} was given twice.", option=code(option.name)))
        self.given[option.name] = value
