"""One declared setting: whether its declaration makes sense, and how a raw value becomes its typed one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from coreops_hookspecs import Setting
from coreops_hookspecs.errors import DeclarationError
from coreops_shared.config.sources import Found
from coreops_shared.redact import redact
from coreops_shared.sheets.cells import CellReader, cell_reader, restricted
from coreops_shared.sheets.locales import NEUTRAL, Locale

__all__ = ["Resolved", "check_declaration", "resolve"]

_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Resolved:
    """A setting's typed value with its source, or the problem that leaves it at its default."""

    value: Any
    source: str
    problem: str = ""


def check_declaration(plugin: str, setting: Setting) -> None:
    """Refuse a setting that cannot be. Raises DeclarationError."""
    where = f'setting "{setting.key}" of plugin "{plugin}"'
    if not _KEY.fullmatch(setting.key):
        raise DeclarationError(f"{where}: a key is upper-case letters, digits and _")
    try:
        _reader(setting)
    except TypeError:
        raise DeclarationError(f"{where}: its type is not str, int, float, bool or tuple") from None
    if setting.default is None:
        return
    kind = tuple if _is_list(setting) else setting.type
    fits = isinstance(setting.default, (int, float) if kind is float else kind)
    if not fits or (isinstance(setting.default, bool) and kind is not bool):
        raise DeclarationError(f"{where}: its default {setting.default!r} is not of its type")


def resolve(setting: Setting, found: Found | None, locale: Locale = NEUTRAL) -> Resolved:
    """Return the typed value of what was found for a setting, or its default.

    Args:
        setting: Its declaration.
        found: What stands somewhere for it.
        locale: How cells are written; environment and file are written alike everywhere.
    """
    if found is None:
        problem = f"{setting.key} (env): missing; expected {_expected(setting)}" if setting.required else ""
        return Resolved(setting.default, "default", problem)
    locale = locale if found.source.startswith("sheet:") else NEUTRAL
    try:
        return Resolved(_typed(setting, _as_text(found.value), locale), found.source)
    except ValueError:
        shown = "the value (withheld)" if setting.secret else f'"{redact(_shortened(_as_text(found.value)))}"'
        problem = f"{setting.key} ({found.source}): {shown} is not {_expected(setting, locale)}"
        return Resolved(setting.default, found.source, problem)


def _typed(setting: Setting, text: str, locale: Locale) -> Any:
    value = _reader(setting, locale).read(text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = setting.minimum, setting.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise ValueError(text)
    return value


def _reader(setting: Setting, locale: Locale = NEUTRAL) -> CellReader:
    if not _is_list(setting):
        reader = cell_reader(setting.type, locale)
        return restricted(reader, setting.choices) if setting.choices else reader
    item = restricted(cell_reader(str), setting.choices) if setting.choices else cell_reader(str)

    def read(text: str) -> tuple[str, ...]:
        return tuple(item.read(part.strip()) for part in text.split(",") if part.strip())

    return CellReader(read, f"{item.expected}, separated by commas")


def _is_list(setting: Setting) -> bool:
    kind: Any = setting.type
    return kind is tuple or kind == tuple[str, ...]


def _expected(setting: Setting, locale: Locale = NEUTRAL) -> str:
    low, high = setting.minimum, setting.maximum
    bounds = ""
    if low is not None and high is not None:
        bounds = f" from {low:g} to {high:g}"
    elif low is not None:
        bounds = f" of at least {low:g}"
    elif high is not None:
        bounds = f" of at most {high:g}"
    return _reader(setting, locale).expected + bounds


def _as_text(value: Any) -> str:
    return ",".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
