"""Structured logs: one JSON object a line, or a line for people on a terminal, always redacted."""

from __future__ import annotations

from coreops_shared.logging.files import LogFile, Rotation, log_files
from coreops_shared.logging.logger import get_logger
from coreops_shared.logging.structured import JsonFormatter, LoggingHandle, configure

__all__ = ["JsonFormatter", "LogFile", "LoggingHandle", "Rotation", "configure", "get_logger", "log_files"]
