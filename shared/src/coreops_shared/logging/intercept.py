"""The handler at the standard library's root logger: what everybody logs passes it on its way to the sinks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final

from coreops_shared.logging.entry import Entry, Sink

__all__ = ["InterceptHandler", "installed", "intercept"]

_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class InterceptHandler(logging.Handler):
    """Passes records on to sinks, with their level, logger name, extras and exception.

    Args:
        level: Least number of a level that is passed on.
        sinks: Where to.
    """

    def __init__(self, level: int, sinks: Sequence[Sink]) -> None:
        super().__init__(level)
        self._sinks = sinks

    def pass_on(self, entry: Entry) -> None:
        """Hand on what is no record of the standard library; the caller has looked at the level."""
        for sink in self._sinks:
            sink.take(entry)

    def emit(self, record: logging.LogRecord) -> None:
        fields = {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        error = record.exc_info[1] if record.exc_info else None
        self.pass_on(Entry(record.created, record.levelname, record.name, _message(record), fields, error))


def installed() -> Sequence[InterceptHandler]:
    """Return the handlers of those that configured logging in this process; with a second runtime there are two."""
    return [handler for handler in logging.root.handlers if type(handler) is InterceptHandler]


def intercept(level: int, sinks: Sequence[Sink]) -> Callable[[], None]:
    """Hand what reaches the root logger to sinks and return what undoes it.

    Libraries are heard from INFO up even at DEBUG: below it they write payloads, which may be message content.
    """
    root = logging.root
    handler, old_level = InterceptHandler(level, sinks), root.level
    root.addHandler(handler)
    root.setLevel(max(level, logging.INFO))

    def release() -> None:
        if handler in root.handlers:
            root.removeHandler(handler)
            root.setLevel(old_level)

    return release


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit the format
        return f"{record.msg} {record.args!r}"
