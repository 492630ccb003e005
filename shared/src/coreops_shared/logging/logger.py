"""The logger that CoreOps and plugins hold."""

from __future__ import annotations

import sys
import time
from typing import Any

import loguru

from coreops_hookspecs import Logger
from coreops_shared.logging.entry import Entry
from coreops_shared.logging.intercept import installed

__all__ = ["get_logger"]


class _StructuredLogger:
    """Keyword arguments become fields of the line; braces and percent signs in the message stay as they are.

    Lines go straight to the sinks of this process. loguru's record costs as much as all the rest together: it finds
    out file, line, function, thread and process, of which no line tells. Where nobody has configured logging, as in a
    test of a plugin, loguru does with them what it was told to.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, message: str, **fields: Any) -> None:
        self._write(10, "DEBUG", message, fields)

    def info(self, message: str, **fields: Any) -> None:
        self._write(20, "INFO", message, fields)

    def warning(self, message: str, **fields: Any) -> None:
        self._write(30, "WARNING", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._write(40, "ERROR", message, fields)

    def exception(self, message: str, *, exc_info: BaseException | None = None, **fields: Any) -> None:
        """Log at ERROR with the traceback of ``exc_info``, or of the exception being handled."""
        self._write(40, "ERROR", message, fields, exc_info or sys.exception())

    def _write(
        self, number: int, level: str, message: str, fields: dict[str, Any], error: BaseException | None = None
    ) -> None:
        handlers = installed()
        for handler in handlers:
            if number >= handler.level:
                handler.pass_on(Entry(time.time(), level, self._name, message, fields, error))
        if not handlers:
            extra = {"logger": self._name, **{f"{key}_" if key == "logger" else key: fields[key] for key in fields}}
            loguru.logger.opt(depth=2, exception=error).bind(**extra).log(level, message)


def get_logger(name: str) -> Logger:
    """Return a logger whose lines carry ``name``, for example ``coreops.cache``."""
    return _StructuredLogger(name)
