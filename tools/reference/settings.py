"""The settings of the process, from their declarations."""

from __future__ import annotations

from pathlib import Path

from pydantic.fields import FieldInfo

from coreops_shared.config.fields import is_secret, keys_of
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
    return intro + table(("setting", "what it holds", "default"), rows)


def _row(field: FieldInfo) -> tuple[str, str, str]:
    preferred, *others = (f"`{key}`" for key in keys_of(field))
    names = preferred + "".join(f" or {key}" for key in others)
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    expected = str(extra["expected"])
    return names, f"{expected} (secret)" if is_secret(field) else expected, _default(field)


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
