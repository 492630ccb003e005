"""Names and descriptions of slash commands in other languages, put into what is sent to Discord.

Discord shows each person those of their own language (Discord docs, Application Commands, Localization); a localised
name that Discord's rules do not allow is left out.
"""

from __future__ import annotations

import re
from typing import Any, Final

import hikari

from coreops_shared.texts import Catalogue

__all__ = ["localise"]

_NAME: Final = re.compile(r"[-_'\w]{1,32}")
_LONGEST: Final = 100


def localise(builder: hikari.api.CommandBuilder, catalogue: Catalogue) -> None:
    """Add what the catalogue has to a command, its groups and its options."""
    if isinstance(builder, hikari.api.SlashCommandBuilder):
        builder.set_name_localizations(_names(builder.name, catalogue))
        builder.set_description_localizations(_descriptions(builder.description, catalogue))
        for option in builder.options:
            _option(option, catalogue)


def _option(option: hikari.CommandOption, catalogue: Catalogue) -> None:
    option.name_localizations = _names(option.name, catalogue)
    option.description_localizations = _descriptions(option.description, catalogue)
    for nested in option.options or ():
        _option(nested, catalogue)


def _names(name: str, catalogue: Catalogue) -> dict[Any, str]:
    found = {locale: catalogue.name(language, name) for language in catalogue.languages() for locale in _of(language)}
    return {locale: text for locale, text in found.items() if text and _NAME.fullmatch(text) and text == text.lower()}


def _descriptions(description: str, catalogue: Catalogue) -> dict[Any, str]:
    found = {
        locale: catalogue.message(language, description)
        for language in catalogue.languages()
        for locale in _of(language)
    }
    return {locale: text for locale, text in found.items() if text and len(text) <= _LONGEST}


def _of(language: str) -> list[hikari.Locale]:
    return [locale for locale in hikari.Locale if locale.value.partition("-")[0] == language]
