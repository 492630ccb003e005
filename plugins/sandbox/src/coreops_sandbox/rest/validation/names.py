"""Names and localized texts of commands and options (docs, "Application Command Naming", "Localization")."""

from __future__ import annotations

import unicodedata

from coreops_sandbox.rest.forms import Form

LOCALES = frozenset(
    {"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR"}
    | {"ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"}
)
"""Discord docs, Reference, "Locales"."""
_SCRIPTS = (range(0x0900, 0x0980), range(0x0E00, 0x0E80))
"""Devanagari and Thai, whose vowel signs are neither letters nor digits."""


def check_name(form: Form, key: str, name: str) -> None:
    """Complain about a name of a slash command or option that breaks the naming rule."""
    wrong = not 1 <= len(name) <= 32 or not all(_allowed(character) for character in name)
    if wrong:
        form.fail(key, "STRING_TYPE_REGEX", "String value did not match validation regex.")
    if wrong or name != name.lower():
        form.fail(key, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def read_localizations(form: Form, key: str, high: int, *, names: bool) -> dict[str, str] | None:
    """The `{key}_localizations` of a command: texts by locale."""
    given = form.form(f"{key}_localizations")
    if given is None:
        return None
    for locale in given.data:
        if locale not in LOCALES:
            given.fail(locale, "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')
            continue
        text = given.text(locale, low=1, high=high)
        if names and text is not None:
            check_name(given, locale, text)
    return {locale: text for locale, text in given.data.items() if text is not None}


def _allowed(character: str) -> bool:
    if character in "-_'" or unicodedata.category(character)[0] in "LN":
        return True
    return any(ord(character) in script for script in _SCRIPTS)
