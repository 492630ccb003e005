"""The steps of ``coreops check``: settings, plugins, configuration, spreadsheets, tabs and headers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coreops.cli.declared import Declared
from coreops.cli.exposed import check_exposure
from coreops.cli.findings import Finding, good, problem
from coreops.plugins.selection import Selection
from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.errors import ConfigError, CoreOpsError, SheetsError
from coreops_hookspecs.sheets import SheetsBackend, Table
from coreops_shared.config.registry import Registry
from coreops_shared.config.settings import Settings, load
from coreops_shared.config.worksheets import CONFIG_TAB, TOGGLES_TAB, Worksheets
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.backends import backend_of
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.locales import Locale, locale_of
from coreops_shared.sheets.rows import Parsed, aparse
from coreops_shared.suggest import did_you_mean

__all__ = ["check_everything"]

Found = Callable[[Finding], None]


async def check_everything(
    file: Path | None, found: Found, *, offline: bool = False, plan: Callable[[int], None] = lambda _steps: None
) -> None:
    """Look at everything that a start would need, and tell each finding as soon as it is there.

    Args:
        file: File with settings, if it is not the usual one.
        found: Told of every finding.
        offline: Whether to leave out what is read from spreadsheets.
        plan: Told how many findings there will be, as soon as that is known; problems may add some.
    """
    try:
        settings = await asyncio.to_thread(load, file=file)
    except ConfigError as error:
        for text in error.problems or (str(error),):
            found(problem("settings", text))
        return
    named = sum(value.source != "default" for value in settings.describe())
    found(good("settings", f"{named} set, the others by default"))
    selection = Selection(settings.plugins or frozenset(), settings.plugins_blocked, settings.safe)
    declared = Declared(Registry(settings), selection, locale_of(settings.sheets_locale))
    await declared.collect()
    spreadsheets = len({spec.spreadsheet for spec in declared.buckets.values()})
    exposure = list(check_exposure(settings, declared.registry.describe()))
    plan(len(declared.findings()) + 3 + (0 if offline else spreadsheets + len(declared.buckets) + 2))
    for finding in exposure:
        found(finding)
    try:
        backend = backend_of(settings, writable=False)
    except CoreOpsError as error:
        found(problem("credentials", str(error)))
    else:
        found(good("credentials", f"can be used for the store {backend.name}"))
        if offline:
            backend.close()
        else:
            await _check_tables(settings, declared, backend, found)
    for text in declared.bucket_problems:
        found(problem("buckets", text))
    for finding in declared.findings():
        found(finding)


async def _check_tables(settings: Settings, declared: Declared, backend: SheetsBackend, found: Found) -> None:
    sheets = SheetsFacade(backend)
    try:
        await _check_configuration(settings, declared, sheets, found)
        declared.tuning.apply()
        await _check_spreadsheets(declared, sheets, found)
    finally:
        await sheets.close()


async def _check_configuration(settings: Settings, declared: Declared, sheets: SheetsFacade, found: Found) -> None:
    worksheets = Worksheets(sheets.read, settings.config_sheet_id)
    try:
        problems = await declared.registry.load(worksheets.config)
    except SheetsError as error:
        problems = (str(error),)
    for text in problems:
        found(problem(f"tab {CONFIG_TAB}", text))
    if not problems:
        found(good(f"tab {CONFIG_TAB}", "read, or not there and not needed"))
    if not declared.flags.describe():
        return
    await declared.flags.reload(worksheets.toggles)
    for text in declared.toggle_problems:
        found(problem(f"tab {TOGGLES_TAB}", text))
    if not declared.toggle_problems:
        on = sum(state.enabled for state in declared.flags.describe())
        found(good(f"tab {TOGGLES_TAB}", f"{on} of {len(declared.flags.describe())} toggles on"))


async def _check_spreadsheets(declared: Declared, sheets: SheetsFacade, found: Found) -> None:
    by_key: dict[str, dict[str, BucketSpec[Any]]] = {}
    for name, spec in sorted(declared.buckets.items()):
        by_key.setdefault(spec.spreadsheet, {})[name] = spec
    for key, buckets in by_key.items():
        await _check_spreadsheet(key, buckets, declared, sheets, found)


async def _check_spreadsheet(
    key: str, buckets: Mapping[str, BucketSpec[Any]], declared: Declared, sheets: SheetsFacade, found: Found
) -> None:
    identifier = _identifier(declared.registry, key)
    if not identifier:
        found(problem(f"spreadsheet {key}", f"{key} has no value; buckets {', '.join(buckets)} need it"))
        return
    try:
        titles = [tab.title for tab in await sheets.tabs(identifier)]
    except SheetsError as error:
        found(problem(f"spreadsheet {key}", str(error)))
        return
    found(good(f"spreadsheet {key}", f"opened, {len(titles)} tabs"))
    present = {name: spec for name, spec in buckets.items() if spec.tab in titles}
    for name, spec in buckets.items():
        if name not in present:
            missing = f"no tab {spec.tab!r} in {key}{did_you_mean(spec.tab, titles)}"
            found(problem(f"bucket {name}", missing))
    try:
        tables = await sheets.read_many(identifier, [spec.tab for spec in present.values()])
    except SheetsError as error:
        found(problem(f"spreadsheet {key}", str(error)))
        return
    for (name, spec), table in zip(present.items(), tables, strict=True):
        parsed: list[Any] = await asyncio.gather(_parsed(spec, declared.locale, table), return_exceptions=True)
        found(_rows_of(f"bucket {name}", parsed[0]))


async def _parsed(spec: BucketSpec[Any], locale: Locale, table: Table) -> Parsed[Any]:
    return await aparse(compile_spec(spec, locale), table)


def _rows_of(what: str, parsed: Any) -> Finding:
    if isinstance(parsed, CoreOpsError):
        return problem(what, str(parsed))
    if isinstance(parsed, BaseException):
        return problem(what, f"reading a row raised {type(parsed).__name__}: {parsed}")
    if parsed.problem_count:
        shown = "; ".join(map(str, parsed.problems[:3]))
        return problem(what, f"{len(parsed.rows)} rows, {parsed.problem_count} left out: {shown}")
    return good(what, f"{len(parsed.rows)} rows")


def _identifier(registry: Registry, key: str) -> str:
    try:
        return str(registry.get(key) or "")
    except KeyError:
        return ""
