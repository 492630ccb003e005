"""The one catalogue: English texts are written where they are said, other languages are looked up by them.

Who is spoken to travels with the context, as a trace does: :func:`say` translates inside :func:`speaking` and says
English elsewhere, in logs and on the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from msgspec import structs

from coreops_hookspecs.texts import Texts
from coreops_shared import scope

__all__ = ["ENGLISH", "Catalogue", "Speaker", "addressing", "plural_form", "say", "say_many", "speaking", "translated"]

ENGLISH: Final = "en"

_FORMS: Final[dict[str, Callable[[int], str]]] = {"fr": lambda count: "one" if count in (0, 1) else "other"}
"""Languages that count otherwise than English and German (Unicode CLDR, Language Plural Rules)."""


def plural_form(language: str, count: int) -> str:
    """Return ``one`` or ``other``."""
    rule = _FORMS.get(language)
    return rule(count) if rule is not None else "one" if count == 1 else "other"


class Catalogue:
    """Holds the catalogues of the runtime (owner: an empty text) and of the plugins."""

    def __init__(self, own: Sequence[Texts] = ()) -> None:
        self._held: list[tuple[str, Texts]] = [("", texts) for texts in own]
        self._languages = frozenset(texts.language for texts in own)  # asked for at every command

    def add(self, plugin: str, texts: Texts) -> Callable[[], None]:
        """Take a plugin's catalogue and return what takes it out again."""
        entry = (plugin, texts)
        self._keep([*self._held, entry])

        def remove() -> None:
            self._keep([one for one in self._held if one is not entry])

        return remove

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the languages of a plugin's catalogues."""
        return tuple(texts.language for owner, texts in self._held if owner == plugin)

    def languages(self) -> Sequence[str]:
        """Return every language there is a catalogue of, besides English."""
        return sorted(self._languages)

    def language_of(self, locale: str) -> str:
        """Return the language for a Discord locale such as ``de`` or ``en-GB``; English where there is none."""
        language = locale.partition("-")[0].lower()
        return language if language in self._languages else ENGLISH

    def _keep(self, held: list[tuple[str, Texts]]) -> None:
        self._held, self._languages = held, frozenset(texts.language for _, texts in held)

    def message(self, language: str, text: str, plugin: str = "", form: str = "other") -> str | None:
        """Return a text in a language, from the plugin's catalogue before all others, or ``None``."""
        own_first = sorted(self._held, key=lambda one: one[0] not in (plugin, ""))
        for _, texts in own_first:
            found = texts.messages.get(text) if texts.language == language else None
            if found is not None:
                return found if isinstance(found, str) else found.get(form, found.get("other"))
        return None

    def name(self, language: str, name: str) -> str | None:
        """Return the name of a command or option in a language, or ``None``."""
        return next(
            (texts.names[name] for _, texts in self._held if texts.language == language and name in texts.names), None
        )


class Speaker:
    """Who is spoken to: in which language, and by which plugin.

    Args:
        catalogue: The texts.
        language: In which; a function is asked once, when the first thing is said, because most commands say nothing
            from the catalogue and to find out may be dear.
        plugin: Who speaks.
    """

    __slots__ = ("_language", "catalogue", "plugin")

    def __init__(self, catalogue: Catalogue, language: str | Callable[[], str], plugin: str = "") -> None:
        self.catalogue = catalogue
        self.plugin = plugin
        self._language = language

    @property
    def language(self) -> str:
        """The language, ``en`` or one that the catalogue has."""
        if not isinstance(self._language, str):
            self._language = self._language()
        return self._language

    def say(self, text: str, form: str = "other") -> str:
        """Return the text in the language, or as it is."""
        language = self.language
        if language == ENGLISH:
            return text
        return self.catalogue.message(language, text, self.plugin, form) or text


@contextmanager
def speaking(speaker: Speaker) -> Iterator[None]:
    """Speak to somebody inside the ``with`` block, and in tasks begun there."""
    with scope.within(structs.replace(scope.current(), speaker=speaker)):
        yield


@contextmanager
def addressing(everybody: Callable[[], Speaker]) -> Iterator[None]:
    """Speak inside the ``with`` block to whoever is spoken to or, where nobody is, as in a job, to everybody."""
    if scope.current().speaker is not None:
        yield
        return
    with speaking(everybody()):
        yield


def translated(text: str) -> str:
    """Return an English text in the language of whoever is spoken to, whatever stands in it."""
    speaker = scope.current().speaker
    return text if speaker is None else speaker.say(text)


def say(text: str, /, **values: Any) -> str:
    """Return an English text in the language of whoever is spoken to, with its ``{placeholders}`` filled in.

    Without values it is taken as it is: it may be somebody else's, such as the description of a plugin's command.
    """
    found = translated(text)
    return found.format(**values) if values else found


def say_many(one: str, other: str, /, count: int, **values: Any) -> str:
    """Return the text for a number of things, which both texts may name as ``{count}``; looked up by the second."""
    speaker = scope.current().speaker
    if speaker is None or speaker.say(other) == other:
        template = one if count == 1 else other
    else:
        template = speaker.say(other, plural_form(speaker.language, count))
    return template.format(count=count, **values)
