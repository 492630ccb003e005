"""What the operator's commands reach: reload, restart and a look at the spreadsheets, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from coreops.app.ground import Ground
from coreops.app.tables import Tables
from coreops.operations.inspection import Reader, Spreadsheet, reader_of
from coreops.operations.plugins import PluginOrders
from coreops.operations.reload import Listeners, Reloader
from coreops.operations.service import OperationsService
from coreops_hookspecs.config import ConfigDiff, ToggleState
from coreops_shared.config.settings import load
from coreops_shared.config.sources import worksheet_values
from coreops_shared.config.worksheets import CONFIG_TAB, TOGGLES_TAB
from coreops_shared.feature_flags import problems_in
from coreops_shared.sheets.locales import locale_of

__all__ = ["operations_of"]

_CONFIG: str = "CONFIG_SHEET_ID"
_SUFFIX: str = "_SHEET_ID"


@dataclass(frozen=True, slots=True)
class _CommandsFirst:
    """Lets the commands take new settings over before the plugins hear of them."""

    configured: Callable[[], Awaitable[None]]
    plugins: Listeners

    async def reloaded(self, diff: ConfigDiff) -> None:
        await self.configured()
        await self.plugins.reloaded(diff)

    async def switched(self, toggles: Iterable[ToggleState]) -> None:
        await self.plugins.switched(toggles)


def operations_of(
    ground: Ground, tables: Tables, restart: Callable[[], None], configured: Callable[[], Awaitable[None]]
) -> OperationsService:
    """Put the operator's services together.

    Args:
        ground: The rooms that stand first.
        tables: The spreadsheets.
        restart: Begins to stop the runtime, to be started again.
        configured: Lets the commands take over what settings say after a reload.
    """
    inputs = ground.settings.inputs
    return OperationsService(
        reloader=Reloader(
            registry=ground.registry,
            flags=ground.flags,
            tuning=tables.tuning,
            timing=tables.timing,
            worksheets=tables.worksheets,
            listeners=_CommandsFirst(configured, ground.plugins.events),
            announce=ground.reporter.reloaded,
            clock=ground.clock,
        ),
        plugins=PluginOrders(ground.plugins.changes, ground.plugins.manager.report, ground.bus.publish, ground.clock),
        outbox=tables.outbox,
        tables=tables.sheets,
        spreadsheets=lambda: spreadsheets_of(ground, tables),
        prove=lambda: load(inputs.env, inputs.path),
        restart=restart,
        state_dir=ground.settings.state_dir,
        clock=ground.clock,
    )


def spreadsheets_of(ground: Ground, tables: Tables) -> Sequence[Spreadsheet]:
    """Return every spreadsheet that a setting names or a bucket wants, each once, with what reads it."""
    locale = locale_of(ground.settings.sheets_locale)
    malformed = partial(problems_in, locale=locale)
    toggles = Reader("toggles", TOGGLES_TAB, malformed, needed=bool(ground.flags.describe()), whole=True)
    config = Reader("configuration", CONFIG_TAB, lambda table: worksheet_values(table)[1], needed=False, whole=True)
    readers: dict[str, list[Reader]] = {_CONFIG: [config, toggles]}
    for value in ground.registry.describe():
        if value.key.endswith(_SUFFIX) and value.value:
            readers.setdefault(value.key, [])
    for bucket in tables.cache.buckets():
        readers.setdefault(bucket.spec.spreadsheet, []).append(reader_of(bucket.spec))
    merged: dict[str, Spreadsheet] = {}
    # the worksheets' own setting comes last, because by default it only repeats another one's id
    for key in sorted(readers, key=lambda key: (key == _CONFIG, key)):
        identifier = tables.spreadsheet_id(key) or ""
        known = merged.get(identifier or key)
        sheet = known or Spreadsheet(key, identifier, ())
        merged[identifier or key] = replace(sheet, readers=(*sheet.readers, *readers[key]))
    return list(merged.values())
