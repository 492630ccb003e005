"""The logger that CoreOps and plugins hold."""

from __future__ import annotations

from typing import Any

import loguru

from coreops_hookspecs import Logger

__all__ = ["get_logger"]


class _StructuredLogger:
    """Keyword arguments become fields of the line; braces and percent signs in the message stay as they are."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._here = loguru.logger.opt(depth=1)

    def debug(self, message: str, **fields: Any) -> None:
        self._here.bind(**self._extra(fields)).debug(message)

    def info(self, message: str, **fields: Any) -> None:
        self._here.bind(**self._extra(fields)).info(message)

    def warning(self, message: str, **fields: Any) -> None:
        self._here.bind(**self._extra(fields)).warning(message)

    def error(self, message: str, **fields: Any) -> None:
        self._here.bind(**self._extra(fields)).error(message)

    def exception(self, message: str, *, exc_info: BaseException | None = None, **fields: Any) -> None:
        """Log at ERROR with the traceback of ``exc_info``, or of the exception being handled."""
        failed = loguru.logger.opt(depth=1, exception=True if exc_info is None else exc_info)
        failed.bind(**self._extra(fields)).error(message)

    def _extra(self, fields: dict[str, Any]) -> dict[str, Any]:
        if "logger" in fields:  # the name of this logger has that key
            fields["logger_"] = fields.pop("logger")
        return {"logger": self._name, **fields}


def get_logger(name: str) -> Logger:
    """Return a logger whose lines carry ``name``, for example ``coreops.cache``."""
    return _StructuredLogger(name)
