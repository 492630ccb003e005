"""Puts two parts of the runtime in place of its own: the store of spreadsheets, and who may serve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coreops_hookspecs import Config, Coordinator, PluginInfo, Setting, SheetsBackend, hookimpl
from coreops_shelf.lease import Lease
from coreops_shelf.shelf import Shelf


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__, name="shelf", version="1.0")


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare where both are kept."""
    return [
        Setting(
            "SHELF_FILE", default="", help="JSON file with the spreadsheets; without one the bot's own store serves"
        ),
        Setting("SHELF_LEASE", default="", help="Folder on a disk that all bots share; without one each serves"),
    ]


@hookimpl
def coreops_sheets_backend(settings: Config) -> SheetsBackend | None:
    """Give the store, if a file is named."""
    file = str(settings.get("SHELF_FILE"))
    return Shelf(Path(file)) if file else None


@hookimpl
def coreops_coordinator(settings: Config) -> Coordinator | None:
    """Give the lease, if a folder is named."""
    folder = str(settings.get("SHELF_LEASE"))
    return Lease(Path(folder)) if folder else None
