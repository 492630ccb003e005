"""The key to changing a running bot from its own machine: a file in the state folder that its user alone may read.

Each runtime makes a new one when it has taken the folder, and removes it at its end.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from coreops_hookspecs.errors import ConfigError, CoreOpsError
from coreops_shared.redact import Secret

__all__ = ["make", "read", "remove"]

_FILE: Final = "admin-key"


def make(folder: Path) -> Secret:
    """Write a new key, mode 0600, in place of an older one. Raises CoreOpsError when the folder cannot be written."""
    key = secrets.token_urlsafe(32)
    fresh = folder / f"{_FILE}.new"
    try:
        fresh.unlink(missing_ok=True)
        # made with its mode, so that there is no moment at which others could read it
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(key)
        fresh.replace(folder / _FILE)
    except OSError as error:
        msg = f"{fresh} cannot be written ({error.strerror}); changing plugins over HTTP needs COREOPS_HTTP_TOKEN"
        raise CoreOpsError(msg) from error
    return Secret(key)


def read(folder: Path) -> Secret:
    """Return the key of the runtime that uses a folder. Raises ConfigError when there is none that may be read."""
    try:
        return Secret((folder / _FILE).read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no key"
        msg = (
            f"{folder / _FILE} cannot be read ({reason}); run this where the bot runs, as the same user and with the "
            "same COREOPS_STATE_DIR, or set COREOPS_HTTP_TOKEN"
        )
        raise ConfigError(msg) from error


def remove(folder: Path) -> None:
    """Remove the key; none may be there."""
    with suppress(OSError):
        (folder / _FILE).unlink(missing_ok=True)
