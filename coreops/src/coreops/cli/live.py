"""Asking the runtime that runs on this machine."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from coreops_shared.redact import Secret

__all__ = ["Unreachable", "document", "order", "part_of", "plugins_of", "report_of"]

_TIMEOUT: Final = 2.0
"""Seconds; a runtime that is well answers in a few milliseconds."""

_PATIENCE: Final = 180.0
"""Seconds for an order: a plugin's start and shutdown have deadlines of their own, and a job takes its time."""


class Unreachable(Exception):  # noqa: N818 - a state, told to the caller and no failure of the program
    """No runtime answers there, or what answers is none."""


def plugins_of(port: int) -> Mapping[str, Mapping[str, Any]]:
    """Return what the runtime on this machine reports of its plugins, by name. Raises Unreachable."""
    return {str(plugin["name"]): plugin for plugin in part_of(port, "plugins", "name")}


def part_of(port: int, part: str, name: str) -> Sequence[Mapping[str, Any]]:
    """Return a list that the runtime on this machine reports; each entry has a ``name``. Raises Unreachable."""
    try:
        return [entry for entry in report_of(port)[part] if str(entry[name])]
    except (KeyError, TypeError) as error:
        raise _stranger(port) from error


def report_of(port: int) -> Mapping[str, Any]:
    """Return everything that the runtime on this machine reports. Raises Unreachable."""
    return document(port, "/health", "status")


def document(port: int, path: str, part: str) -> Mapping[str, Any]:
    """Return what the runtime on this machine answers under a path; it has that part. Raises Unreachable."""
    _, answer = _asked(port, path, {"Accept": "application/json"})
    if not isinstance(answer, Mapping) or part not in answer:
        raise _stranger(port)
    return answer


def order(port: int, path: str, key: Secret, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
    """Have the runtime on this machine do what ``/admin/<path>`` does; return HTTP status and answer.

    Raises:
        Unreachable: no answer; what was asked for may go on.
    """
    headers = {"Authorization": f"Bearer {key.reveal()}", "Content-Type": "application/json"}
    status, answer = _asked(port, f"/admin/{path}", headers, json.dumps(body))
    if not isinstance(answer, Mapping) or not ("error" in answer or "outcome" in answer):
        raise _stranger(port)
    return status, answer


def _asked(port: int, path: str, headers: Mapping[str, str], body: str | None = None) -> tuple[int, Any]:
    """Return status and answer to a GET, or with a body to a POST. Raises Unreachable."""
    seconds = _TIMEOUT if body is None else _PATIENCE
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)  # no proxy stands in between
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        response = connection.getresponse()
        answer = response.read()
    except TimeoutError as error:
        goes_on = "" if body is None else "; what was asked for goes on, and coreops audit has it once it is over"
        msg = f"the runtime on 127.0.0.1:{port} did not answer within {seconds:.0f} s{goes_on}"
        raise Unreachable(msg) from error
    except (OSError, http.client.HTTPException) as error:
        msg = f"no runtime answers on 127.0.0.1:{port} ({error}); start it, or name its port with --http-port"
        raise Unreachable(msg) from error
    finally:
        connection.close()
    try:
        return response.status, json.loads(answer)
    except ValueError as error:
        raise _stranger(port) from error


def _stranger(port: int) -> Unreachable:
    return Unreachable(f"what answers on 127.0.0.1:{port} is no CoreOps runtime; name its port with --http-port")
