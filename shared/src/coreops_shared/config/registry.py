"""The keys that plugins declare, with typed values merged from all sources.

Order, first wins: environment, table ``[config]`` of ``coreops.toml``, ``Config`` worksheet, declared default. An empty
value counts as absent. Settings of the process can be read here too, its secrets excepted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from coreops_hookspecs import ConfigDiff, Setting, SettingValue, Table
from coreops_hookspecs.errors import ConfigError, DeclarationError
from coreops_shared.clock import Clock, SystemClock
from coreops_shared.config.declared import Resolved, check_declaration, resolve
from coreops_shared.config.settings import Settings
from coreops_shared.config.sources import Found, Inputs, worksheet_values
from coreops_shared.sheets.locales import NEUTRAL, Locale, locale_of
from coreops_shared.suggest import did_you_mean

__all__ = ["Registry"]

ReadWorksheet = Callable[[], Awaitable[Table | None]]
"""Reads the ``Config`` worksheet; ``None`` if there is none. May raise SheetsError."""
Check = Callable[[Mapping[str, Resolved]], Sequence[str]]
"""Returns what is wrong with values, by key, that are about to be taken over."""


@dataclass(frozen=True, slots=True)
class _Sources:
    """Everything values come from, replaced as a whole."""

    inputs: Inputs
    worksheet: Mapping[str, Found] = field(default_factory=dict)
    locale: Locale = NEUTRAL

    def resolve(self, setting: Setting) -> Resolved:
        found = self.inputs.find(setting.key) or self.worksheet.get(setting.key)
        return resolve(setting, found if found is not None and found.value != "" else None, self.locale)


class Registry:
    """Implements :class:`coreops_hookspecs.Config`.

    Args:
        settings: The settings of the process, with the environment and file they come from.
        clock: Dates what is read.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._started_at = self._inputs_at = self._clock.now()
        self._worksheet_at: datetime | None = None
        self._started_with = settings.inputs
        self._process = {value.key: self._dated(value, self._started_at) for value in settings.describe()}
        self._declared: dict[str, tuple[str, Setting]] = {}
        self._values: dict[str, Resolved] = {}
        self._sources = _Sources(settings.inputs, locale=locale_of(settings.sheets_locale))
        self._reloading = asyncio.Lock()

    @property
    def worksheet_read(self) -> bool:
        """Whether the worksheet was read since the start."""
        return self._worksheet_at is not None

    def add(self, plugin: str, setting: Setting) -> Callable[[], None]:
        """Declare a setting of a plugin; what is wrong with its value :meth:`require` tells.

        Returns:
            What withdraws the declaration.

        Raises:
            DeclarationError: the declaration is malformed or its key has an owner already.
        """
        check_declaration(plugin, setting)
        owner = "the runtime" if setting.key in self._process else self._declared.get(setting.key, ("",))[0]
        if owner:
            where = f'setting "{setting.key}" of plugin "{plugin}"'
            raise DeclarationError(f"{where} is declared by {owner} already; rename it, or read that one")
        self._declared[setting.key] = (plugin, setting)
        self._values[setting.key] = self._sources.resolve(setting)

        def withdraw() -> None:
            self._declared.pop(setting.key, None)
            self._values.pop(setting.key, None)

        return withdraw

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the keys that a plugin has declared and not withdrawn."""
        return tuple(key for key, (owner, _) in self._declared.items() if owner == plugin)

    def require(self, plugin: str) -> None:
        """Make sure that a plugin can be started. Raises ConfigError with every problem of its settings."""
        problems = [
            self._values[key].problem
            for key, (owner, _) in self._declared.items()
            if owner == plugin and self._values[key].problem
        ]
        if problems:
            raise ConfigError(f"settings of {plugin}: {'; '.join(problems)}", problems=problems)

    def get(self, key: str) -> Any:
        """Return the value of a declared setting or of the process. Raises KeyError for any other and for secrets."""
        if key in self._values:
            return self._values[key].value
        known = self._process.get(key)
        if known is None or known.secret:
            raise KeyError(f'no setting "{key}" is declared{did_you_mean(key, [*self._values, *self._process])}')
        return known.value

    def describe(self) -> tuple[SettingValue, ...]:
        """Return every setting with its source, those of the process first; secrets are withheld."""
        declared = (self._describe(plugin, setting) for _, (plugin, setting) in sorted(self._declared.items()))
        return (*self._process.values(), *declared)

    async def load(self, read_worksheet: ReadWorksheet) -> tuple[str, ...]:
        """Read the worksheet for the first time and use what can be used.

        Returns:
            Every problem; :meth:`require` refuses the plugins they concern.

        Raises:
            SheetsError: the worksheet cannot be read; environment, file and defaults serve.
        """
        async with self._reloading:
            sources, problems = await self._read(self._sources, read_worksheet)
            self._adopt(sources)
            return (*problems, *_problems(self._values))

    def resolved(self) -> Mapping[str, Resolved]:
        """Return the value of every declared setting with its source, secrets included; for the runtime alone."""
        return dict(self._values)

    def waiting(self) -> tuple[str, ...]:
        """Return the settings of the process that stand otherwise in the file now; they are used after a restart."""
        before, now = self._started_with.file.process, self._sources.inputs.file.process
        return tuple(sorted(key.upper() for key in {*before, *now} if before.get(key) != now.get(key)))

    async def reload(self, read_worksheet: ReadWorksheet, check: Check = lambda _values: ()) -> ConfigDiff:
        """Read file and worksheet again; take over everything, or nothing if there is any problem.

        Args:
            read_worksheet: Reads the worksheet.
            check: Looks at the new values before they are taken over.

        Returns:
            Which keys were added, removed and changed, those of the worksheet that nobody declares included.

        Raises:
            ConfigError: with every problem; the old values stand.
            SheetsError: the worksheet cannot be read; the old values stand.
        """
        async with self._reloading:
            inputs = await asyncio.to_thread(self._sources.inputs.reread)
            sources, problems = await self._read(replace(self._sources, inputs=inputs), read_worksheet)
            fresh = {key: sources.resolve(setting) for key, (_, setting) in self._declared.items()}
            problems += _problems(fresh)
            problems += check(fresh)
            if problems:
                raise ConfigError("\n".join(["configuration is kept as it was:", *problems]), problems=problems)
            before = self._view()
            self._adopt(sources)
            self._inputs_at = self._clock.now()
            return _diff(before, self._view())

    def _describe(self, plugin: str, setting: Setting) -> SettingValue:
        resolved = self._values[setting.key]
        value = None if setting.secret else resolved.value
        read_at = self._worksheet_at if resolved.source.startswith("sheet:") else self._inputs_at
        described = SettingValue(setting.key, value, resolved.source, setting.secret, None, plugin, setting.help)
        return self._dated(described, read_at)

    @staticmethod
    def _dated(value: SettingValue, read_at: datetime | None) -> SettingValue:
        return value if value.source == "default" else replace(value, read_at=read_at)

    @staticmethod
    async def _read(known: _Sources, read_worksheet: ReadWorksheet) -> tuple[_Sources, list[str]]:
        table = await read_worksheet()
        worksheet, problems = ({}, []) if table is None else worksheet_values(table)
        return replace(known, worksheet=worksheet), problems

    def _adopt(self, sources: _Sources) -> None:
        self._sources = sources
        self._worksheet_at = self._clock.now()
        self._values = {key: sources.resolve(setting) for key, (_, setting) in self._declared.items()}

    def _view(self) -> dict[str, Any]:
        raw = {key: found.value for key, found in self._sources.worksheet.items()}
        return raw | {key: value.value for key, value in self._values.items()}


def _problems(values: Mapping[str, Resolved]) -> list[str]:
    return [value.problem for value in values.values() if value.problem]


def _diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> ConfigDiff:
    return ConfigDiff(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(key for key in before.keys() & after.keys() if before[key] != after[key])),
    )
