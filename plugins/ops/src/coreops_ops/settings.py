"""Settings in words; secrets never, not even how long they are."""

from __future__ import annotations

from collections.abc import Sequence

from coreops_hookspecs import Commands, SettingValue
from coreops_ops.wording import ago, code, tail

__all__ = ["is_set", "matching", "origin", "setting_line", "shown"]

_SHEET = "_SHEET_ID"


def is_set(setting: SettingValue) -> bool:
    """Tell whether a source names it."""
    return setting.source != "default"


def shown(setting: SettingValue, commands: Commands, limit: int = 60) -> str:
    """Return the value for people."""
    if setting.secret:
        return commands.say("set (withheld)") if is_set(setting) else commands.say("not set")
    value = setting.value
    if setting.key.endswith(_SHEET):
        return code(tail(str(value), commands)) if value else commands.say("not set")
    if isinstance(value, frozenset | set | tuple | list):
        return code(", ".join(map(str, sorted(value, key=str))), limit) if value else commands.say("none")
    return commands.say("not set") if value is None or value == "" else code(value, limit)


def origin(setting: SettingValue, commands: Commands) -> str:
    """Return where the value stands and how long ago that was read."""
    place = setting.source
    if place.startswith("sheet:"):
        spreadsheet, _, cell = place.removeprefix("sheet:").partition("!")
        place = commands.say("{cell} of {spreadsheet}", cell=cell, spreadsheet=tail(spreadsheet, commands))
    if not setting.read_at:
        return place
    return commands.say("{place}, read {ago}", place=place, ago=ago(setting.read_at))


def setting_line(setting: SettingValue, commands: Commands) -> str:
    """Return key, value and source on one line."""
    source = "" if not is_set(setting) else f" · {setting.source.partition(':')[0]}"
    return f"{code(setting.key)} {shown(setting, commands)}{source}"


def matching(settings: Sequence[SettingValue], typed: str) -> list[SettingValue]:
    """Return the settings whose key begins with what was typed."""
    return [setting for setting in settings if setting.key.startswith(typed.upper())]
