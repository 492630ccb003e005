"""Asking the runtime that runs on this machine."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

__all__ = ["Unreachable", "part_of", "plugins_of"]

_TIMEOUT: Final = 2.0
"""Seconds; a runtime that is well answers in a few milliseconds."""


class Unreachable(Exception):  # noqa: N818 - a state, told to the caller and no failure of the program
    """No runtime answers there, or what answers is none."""


def plugins_of(port: int) -> Mapping[str, Mapping[str, Any]]:
    """Return what the runtime on this machine reports of its plugins, by name. Raises Unreachable."""
    return {str(plugin["name"]): plugin for plugin in part_of(port, "plugins", "name")}


def part_of(port: int, part: str, name: str) -> Sequence[Mapping[str, Any]]:
    """Return a list that the runtime on this machine reports; each entry has a ``name``. Raises Unreachable."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)  # no proxy stands in between
    try:
        connection.request("GET", "/health", headers={"Accept": "application/json"})
        answer = connection.getresponse().read()
    except (OSError, http.client.HTTPException) as error:
        msg = f"no runtime answers on 127.0.0.1:{port} ({error}); start it, or name its port with --http-port"
        raise Unreachable(msg) from error
    finally:
        connection.close()
    try:
        return [entry for entry in json.loads(answer)[part] if str(entry[name])]
    except (ValueError, KeyError, TypeError) as error:
        msg = f"what answers on 127.0.0.1:{port} is no CoreOps runtime; name its port with --http-port"
        raise Unreachable(msg) from error
