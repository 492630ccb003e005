"""Standard-library logging (hikari, aiohttp, asyncio …) is handed to loguru."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import loguru

__all__ = ["InterceptHandler", "intercept"]

_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class InterceptHandler(logging.Handler):
    """Passes standard log records on to loguru with their level, logger name, extras and exception."""

    def emit(self, record: logging.LogRecord) -> None:
        if self is not _first_intercept():  # a second runtime in this process: once is enough
            return
        level: str | int = record.levelname
        try:
            loguru.logger.level(record.levelname)
        except ValueError:  # a level loguru does not know, such as hikari's TRACE_HIKARI
            level = record.levelno
        extras = {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        loguru.logger.opt(exception=record.exc_info, depth=6).bind(**extras, logger=record.name).log(
            level, "{}", _message(record)
        )


def intercept(level: str) -> Callable[[], None]:
    """Hand what reaches the root logger to loguru and return what undoes it.

    Libraries are heard from INFO up even at DEBUG: below it they write payloads, which may be message content.
    """
    root = logging.getLogger()
    handler, old_level = InterceptHandler(), root.level
    root.addHandler(handler)
    root.setLevel(max(logging.getLevelNamesMapping().get(level.upper(), logging.INFO), logging.INFO))

    def release() -> None:
        if handler in root.handlers:
            root.removeHandler(handler)
            root.setLevel(old_level)

    return release


def _first_intercept() -> InterceptHandler | None:
    return next((handler for handler in logging.getLogger().handlers if isinstance(handler, InterceptHandler)), None)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit the format
        return f"{record.msg} {record.args!r}"
