"""Declarations of settings and feature toggles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

__all__ = ["ConfigDiff", "Setting", "SettingValue", "Toggle", "ToggleState"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One configuration key that a plugin reads through ``ctx.config``.

    Args:
        key: Upper-case name, as in the environment and in the ``Config`` worksheet.
        type: ``str``, ``int``, ``float``, ``bool`` or ``tuple`` (comma-separated text).
        default: Used when no source names the key. Without one (``None``) and with ``required`` the plugin is refused.
        help: One sentence for the operator.
        secret: The value is never shown, in any output.
        required: Whether a missing value is an error.
        choices: Allowed values; empty allows all.
        minimum: Least number allowed.
        maximum: Greatest number allowed.
    """

    key: str
    type: type[str] | type[int] | type[float] | type[bool] | type[tuple[str, ...]] = str
    default: Any = None
    help: str = ""
    secret: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A configuration key with where its value comes from.

    Args:
        key: The setting's key.
        value: The typed value; ``None`` for a secret.
        source: ``default``, ``env``, ``file:<path>`` or ``sheet:<spreadsheet>!<tab>!<cell>``.
        secret: Whether the value is withheld.
        read_at: When the source was last read (UTC); ``None`` for a default.
        plugin: Who declared it; empty for a setting of the process.
        help: What it is for, or what a value looks like.
    """

    key: str
    value: Any
    source: str
    secret: bool = False
    read_at: datetime | None = None
    plugin: str = ""
    help: str = ""

    @property
    def plain(self) -> str | int | float | bool | list[Any] | None:
        """The value as JSON knows it."""
        if isinstance(self.value, frozenset | set):
            return sorted(self.value)
        if isinstance(self.value, tuple | list):
            return list(self.value)
        known = self.value is None or isinstance(self.value, str | int | float)
        return self.value if known else str(self.value)


@dataclass(frozen=True, slots=True)
class ConfigDiff:
    """What a reload changed, by key."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Toggle:
    """A feature toggle, off until the FeatureToggles worksheet says TRUE.

    Args:
        name: Lower-case name, as in the ``feature_name`` column.
        help: One sentence for the operator.
    """

    name: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class ToggleState:
    """A toggle now, with the reason.

    Args:
        name: The toggle's name.
        enabled: Whether the feature is on.
        reason: Why: ``TRUE in FeatureToggles!B2``, ``no row``, ``never read`` …
        source: Cell that decided, or empty.
        read_at: When the worksheet was last read (UTC); ``None`` if it never was.
        plugin: Who declared it.
        help: What it switches.
    """

    name: str
    enabled: bool
    reason: str
    source: str = ""
    read_at: datetime | None = None
    plugin: str = ""
    help: str = ""
