"""Files with secrets that everybody on the machine may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from coreops.cli.findings import Finding, good, warning
from coreops_hookspecs import SettingValue
from coreops_shared.config.settings import Settings

__all__ = ["check_exposure"]

_WHAT: Final = "files with secrets"
_MODES: Final = os.name == "posix"
"""Windows answers with modes that say nothing of who may read."""


def check_exposure(settings: Settings, described: Iterable[SettingValue]) -> Iterator[Finding]:
    """Yield a warning for each file with secrets that everybody may read, or one finding that there is none.

    Args:
        settings: Settings of the process.
        described: Every setting, those of plugins too, with where it was found.
    """
    found = [
        warning(_WHAT, f"{path} ({what}) may be read by everybody on this machine: chmod {mode} {path}")
        for path, what, mode in _places(settings, described)
        if _MODES and _is_open(path)
    ]
    yield from found or [good(_WHAT, "none that others on this machine may read")]


def _places(settings: Settings, described: Iterable[SettingValue]) -> Iterator[tuple[Path, str, str]]:
    file = settings.inputs.path
    if file is not None and any(value.secret and value.source.startswith("file:") for value in described):
        yield file, "settings", "600"
    credentials = settings.gspread_credentials
    if credentials is not None and not (text := credentials.reveal()).startswith("{"):
        yield Path(text).expanduser(), "GSPREAD_CREDENTIALS", "600"
    yield settings.state_dir, "COREOPS_STATE_DIR", "700"


def _is_open(path: Path) -> bool:
    """Tell whether others may read a file, or list or enter a folder."""
    try:
        mode = path.stat().st_mode
    except OSError:  # not there yet, or not for us
        return False
    return bool(mode & (stat.S_IROTH | stat.S_IXOTH if stat.S_ISDIR(mode) else stat.S_IROTH))
