"""Settings in words; secrets never, not even how long they are."""

from __future__ import annotations

from collections.abc import Sequence

from coreops_hookspecs import SettingValue
from coreops_ops.wording import ago, code, tail

__all__ = ["is_set", "matching", "origin", "setting_line", "shown"]

_SHEET = "_SHEET_ID"


def is_set(setting: SettingValue) -> bool:
    """Tell whether a source names it."""
    return setting.source != "default"


def shown(setting: SettingValue, limit: int = 60) -> str:
    """Return the value for people."""
    if setting.secret:
        return "set (withheld)" if is_set(setting) else "not set"
    value = setting.value
    if setting.key.endswith(_SHEET):
        return code(tail(str(value))) if value else "not set"
    if isinstance(value, frozenset | set | tuple | list):
        return code(", ".join(map(str, sorted(value, key=str))), limit) if value else "none"
    return "not set" if value is None or value == "" else code(value, limit)


def origin(setting: SettingValue) -> str:
    """Return where the value stands and how long ago that was read."""
    place = setting.source
    if place.startswith("sheet:"):
        spreadsheet, _, cell = place.removeprefix("sheet:").partition("!")
        place = f"{cell} of {tail(spreadsheet)}"
    return f"{place}, read {ago(setting.read_at)}" if setting.read_at else place


def setting_line(setting: SettingValue) -> str:
    """Return key, value and source on one line."""
    source = "" if not is_set(setting) else f" · {setting.source.partition(':')[0]}"
    return f"{code(setting.key)} {shown(setting)}{source}"


def matching(settings: Sequence[SettingValue], typed: str) -> list[SettingValue]:
    """Return the settings whose key begins with what was typed."""
    return [setting for setting in settings if setting.key.startswith(typed.upper())]
