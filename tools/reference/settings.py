"""The settings of the process and of the first-party plugins, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

from pydantic.fields import FieldInfo

from coreops_hookspecs import Setting
from coreops_hookspecs.markers import ENTRY_POINT_GROUP
from coreops_shared.config.fields import is_secret, keys_of
from coreops_shared.config.helps import HELPS
from coreops_shared.config.settings import Settings
from tools.reference.text import GENERATED, table

__all__ = ["page"]


def page() -> str:
    """Return the page ``settings.md``."""
    intro = (
        f"{GENERATED}\n# Settings\n\nRead once at the start: from the environment, then from `coreops.toml` in the "
        "working directory (or the file that `COREOPS_CONFIG` names), then the default. In the file a setting has the "
        "same name, in any case, with or without `COREOPS_`. Wrong settings are listed all at once, and the process "
        "ends with exit code 2. Keys that plugins declare stand in the file's table `[config]` or in the `Config` "
        "worksheet.\n\n"
        "*computed* defaults follow from other settings. A *secret* is never shown, in any output.\n\n"
    )
    rows = [_row(field) for field in Settings.model_fields.values()]
    own = [_declared(plugin, setting) for plugin, setting in _settings()]
    return (
        intro
        + table(("setting", "what it is for", "what it holds", "default"), rows)
        + _PLUGINS
        + table(("setting", "what it is for", "default", "plugin"), own)
    )


_PLUGINS = """
## Settings of plugins

The plugins in this repository declare these; a reload takes changes over. A table's tab, TTL, maximum age and cron can
be set too: `BUCKET_<NAME>_TAB`, `_TTL`, `_MAX_AGE` and `_CRON`.

"""
_FIRST_PARTY = "coreops-"


def _settings() -> Iterator[tuple[str, Setting]]:
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda one: one.name):
        if entry.dist is not None and entry.dist.name.startswith(_FIRST_PARTY):
            declare = getattr(entry.load(), "coreops_settings", None)
            for setting in declare() if declare is not None else ():
                yield entry.name, setting


def _declared(plugin: str, setting: Setting) -> tuple[str, str, str, str]:
    value = setting.default
    words = ", ".join(map(str, value)) if isinstance(value, tuple | frozenset) else "" if value is None else str(value)
    about = f"{setting.help} (secret)" if setting.secret else setting.help
    return f"`{setting.key}`", about, f"`{words}`" if words else "none", plugin


def _row(field: FieldInfo) -> tuple[str, str, str, str]:
    preferred, *others = (f"`{key}`" for key in keys_of(field))
    names = preferred + "".join(f" or {key}" for key in others)
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    expected = str(extra["expected"])
    return names, HELPS[keys_of(field)[0]], f"{expected} (secret)" if is_secret(field) else expected, _default(field)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "computed"
    value = field.default
    if value is None or value in ("", frozenset()):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"
