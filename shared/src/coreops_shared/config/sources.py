"""Where configuration is written: the environment, ``coreops.toml`` and the ``Config`` worksheet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from coreops_hookspecs import Table
from coreops_hookspecs.errors import ConfigError
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.cells import ERRORS
from coreops_shared.suggest import did_you_mean

__all__ = ["ConfigFile", "Found", "Inputs", "read_file", "worksheet_values"]

PLUGIN_TABLE: Final = "config"
"""Table of ``coreops.toml`` that holds the keys plugins declare; the settings of the process stand above it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A raw value and where it stands: ``env``, ``file:<path>`` or ``sheet:<spreadsheet>!<tab>!<cell>``.

    ``key`` is the name it was found under.
    """

    value: Any = field(repr=False)
    source: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The content of ``coreops.toml``: keys of the process, and keys of plugins from its table ``[config]``."""

    source: str = "file"
    process: Mapping[str, Any] = field(default_factory=dict)
    plugins: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the process was started with. The environment goes before the file."""

    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    file: ConfigFile = field(default_factory=ConfigFile, repr=False)
    path: Path | None = None

    def find(self, key: str) -> Found | None:
        """Return the value of a plugin's key, or ``None``; an empty text in the environment counts as absent."""
        if text := self.env.get(key, "").strip():
            return Found(text, "env", key)
        if key in self.file.plugins:
            return Found(self.file.plugins[key], self.file.source, key)
        return None

    def reread(self) -> Inputs:
        """Return the same with the file read again. Raises ConfigError."""
        return self if self.path is None else replace(self, file=read_file(self.path))


def read_file(path: Path) -> ConfigFile:
    """Read a configuration file (TOML 1.0).

    Raises:
        ConfigError: the file cannot be read or is not TOML.
    """
    source = f"file:{path}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"{path}: cannot be read ({error.strerror or error}); expected a TOML file"
        raise ConfigError(problem, problems=[problem]) from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        problem = f"{path}: is not TOML ({error})"
        raise ConfigError(problem, problems=[problem]) from error
    plugins = content.pop(PLUGIN_TABLE, {})
    if not isinstance(plugins, dict):
        problem = f"{PLUGIN_TABLE} ({source}): is not a table; expected [{PLUGIN_TABLE}] with the keys of plugins"
        raise ConfigError(problem, problems=[problem])
    return ConfigFile(source, content, {key.upper(): value for key, value in plugins.items()})


def worksheet_values(table: Table) -> tuple[dict[str, Found], list[str]]:
    """Read key and value of each row of a ``Config`` worksheet.

    The header row names the columns ``KEY`` and ``VALUE``, in any case and order. Rows without a key are skipped.

    Returns:
        The values by upper-case key, and what is wrong with the worksheet.
    """
    place = f"{table.spreadsheet}!{table.tab}"
    headers = [text.strip().upper() for text in table.headers]
    missing = [name for name in ("KEY", "VALUE") if name not in headers]
    if missing:
        return {}, [_missing_columns(place, missing, table.headers)]
    key_column, value_column = headers.index("KEY"), headers.index("VALUE")
    values: dict[str, Found] = {}
    problems: list[str] = []
    for number, row in enumerate(table.rows[1:], start=2):
        key = _cell(row, key_column).upper()
        if not key:
            continue
        if key in values:
            first = values[key].source.partition("!")[2]
            problems.append(f"{key} ({place}!{cell_name(number, key_column + 1)}): stands in {first} already")
            continue
        source = f"sheet:{place}!{cell_name(number, value_column + 1)}"
        value = _cell(row, value_column)
        if value in ERRORS:
            problems.append(f"{key} ({source}): shows {value}, the error of a formula; mend the cell")
            continue
        values[key] = Found(value, source, key)
    return values, problems


def _missing_columns(place: str, missing: Iterable[str], headers: Iterable[str]) -> str:
    hints = "".join(did_you_mean(name, headers) for name in missing)
    return f"{place}: has no column {' and '.join(missing)} in its first row{hints}"


def _cell(row: tuple[str, ...], column: int) -> str:
    return row[column].strip() if column < len(row) else ""
