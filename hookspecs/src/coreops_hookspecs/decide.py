"""Hooks that decide. Each stops at the first result that is not ``None``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coreops_hookspecs.access import AccessRequest, Denial
from coreops_hookspecs.context import Config, PluginContext
from coreops_hookspecs.markers import hookspec
from coreops_hookspecs.ports import Coordinator
from coreops_hookspecs.sheets import SheetsBackend

if TYPE_CHECKING:
    import lightbulb


@hookspec(firstresult=True)
def coreops_authorize(request: AccessRequest) -> Denial | None:
    """Deny a command, or return ``None`` to leave the decision as it is. Stops at first non-None result.

    It is asked after tiers and groups have let the caller in: it may deny, never grant. An exception denies.

    .. versionadded:: 0.1
    """


@hookspec(firstresult=True)
async def coreops_command_error(ctx: PluginContext, command: lightbulb.Context, error: BaseException) -> bool | None:
    """Answer an error of one of the plugin's own commands. Stops at first non-None result; deadline 5 s.

    Return ``True`` after having answered the caller; with ``None`` the runtime answers.

    .. versionadded:: 0.1
    """


@hookspec(firstresult=True)
def coreops_coordinator(settings: Config) -> Coordinator | None:
    """Provide the port through which several processes agree on one leader. Stops at first non-None result.

    Without one, a file lock in ``COREOPS_STATE_DIR`` refuses a second runtime.

    .. versionadded:: 0.1
    """


@hookspec(firstresult=True)
def coreops_sheets_backend(settings: Config) -> SheetsBackend | None:
    """Provide another store of spreadsheets. Stops at first non-None result.

    Without one, ``GSPREAD_CREDENTIALS`` selects Google and ``COREOPS_WORKBOOK`` a folder of CSV files.

    .. versionadded:: 0.1
    """
