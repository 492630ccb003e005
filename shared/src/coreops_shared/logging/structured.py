"""The loguru sinks of the runtime: JSON for machines, a short line for people."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO

import loguru
import orjson

from coreops_shared import trace
from coreops_shared.logging.intercept import intercept
from coreops_shared.logging.plain import plain, plain_exception, plain_fields
from coreops_shared.logging.visible import on_lines, on_one_line, visible
from coreops_shared.redact import suspicious

if TYPE_CHECKING:
    from loguru import Message, Record

__all__ = ["JsonFormatter", "LoggingHandle", "PrettyFormatter", "configure"]

_AS_PLAIN: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
"""Writes what :func:`plain` would, as long as nothing has to be redacted."""

_COLOURS: Final = {"DEBUG": "\x1b[2m", "INFO": "\x1b[32m", "WARNING": "\x1b[33m", "ERROR": "\x1b[31m"}
_BRIGHT_RED: Final = "\x1b[1;31m"
_RESET: Final = "\x1b[0m"


class Lines(Protocol):
    """Takes lines."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...


class JsonFormatter:
    """Formats a loguru record as one line of JSON.

    Fields: ``ts`` (UTC, milliseconds, RFC 3339), ``level``, ``logger``, ``msg``, ``trace``, ``env``, ``bot``, then the
    fields of the call, then ``exception`` (``type``, ``message``, ``traceback``). A field of the call that has the name
    of one of these gets a trailing underscore. Every text is redacted.

    Args:
        env: Name of the environment, on each line.
        bot: Name of the bot, on each line.
    """

    def __init__(self, *, env: str = "", bot: str = "") -> None:
        self._env = env
        self._bot = bot

    def format(self, record: Record) -> str:
        """Return the line, without its line end."""
        line = self._line(record)
        with contextlib.suppress(TypeError):  # what orjson cannot write, such as lone surrogates
            text = orjson.dumps(line, default=plain, option=_AS_PLAIN).decode()
            if not suspicious(text):
                return visible(text)
        return visible(orjson.dumps(plain_fields(line)).decode())

    def _line(self, record: Record) -> dict[str, Any]:
        fields = dict(record["extra"])
        line: dict[str, Any] = {
            "ts": _timestamp(record),
            "level": record["level"].name,
            "logger": fields.pop("logger", record["name"]),
            "msg": record["message"],
            "trace": fields.pop("trace", None) or trace.current(),
            "env": self._env,
            "bot": self._bot,
        }
        for name, value in fields.items():
            line[f"{name}_" if name in line or name == "exception" else name] = value
        error = record["exception"]
        if error is not None and error.value is not None:
            line["exception"] = plain_exception(error.value)
        return line


class PrettyFormatter:
    """Formats a loguru record for a person at a terminal, which no value of the record can steer.

    Args:
        colour: Whether to use ANSI colours.
    """

    def __init__(self, *, colour: bool = False) -> None:
        self._colour = colour

    def format(self, record: Record) -> str:
        """Return the line (several with a traceback), without its line end."""
        fields = plain_fields(record["extra"])
        name = fields.pop("logger", record["name"])
        level = record["level"].name
        stamp = record["time"].strftime("%H:%M:%S")
        line = f"{stamp} {self._paint(level)} {name}: {on_lines(plain(record['message']))}"
        line += "".join(f" {key}={on_one_line(str(value))}" for key, value in fields.items())
        if active := trace.current():
            line += f" trace={active}"
        error = record["exception"]
        if error is not None and error.value is not None:
            line += on_lines("\n" + plain_exception(error.value)["traceback"].rstrip())
        return line

    def _paint(self, level: str) -> str:
        padded = f"{level:<7}"
        return f"{_COLOURS.get(level, _BRIGHT_RED)}{padded}{_RESET}" if self._colour else padded


class LoggingHandle:
    """What :func:`configure` installed; :meth:`close` takes it away again."""

    def __init__(self, sinks: Sequence[tuple[int, _StreamSink]], release: Callable[[], None]) -> None:
        self._sinks = sinks
        self._release = release

    @property
    def dropped(self) -> int:
        """How many lines could not be written: a stream was closed or its disk was full."""
        return sum(sink.dropped for _, sink in self._sinks)

    def close(self) -> None:
        """Remove the sinks and give the standard library's root logger back. May be called twice."""
        self._release()
        for number, _ in self._sinks:
            with contextlib.suppress(ValueError):  # removed before
                loguru.logger.remove(number)


class _StreamSink:
    """Writes formatted records to a text stream; a broken stream costs lines, never an exception in the caller."""

    def __init__(self, stream: Lines, format_record: Callable[[Record], str]) -> None:
        self._stream = stream
        self._format = format_record
        self.dropped = 0

    def __call__(self, message: Message) -> None:
        try:
            self._stream.write(self._format(message.record) + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: the stream is closed
            self.dropped += 1


def configure(
    level: str = "INFO",
    *,
    json: bool | None = None,
    stream: TextIO | None = None,
    env: str = "",
    bot: str = "",
    file: Lines | None = None,
) -> LoggingHandle:
    """Send every log line of the process, those of the standard library included, to one stream, and a file if wanted.

    Args:
        level: Least level written: ``DEBUG``, ``INFO``, ``WARNING``, ``ERROR``, ``CRITICAL``.
        json: One JSON object a line; ``None`` decides for a person if ``stream`` is a terminal.
        stream: Where to; the standard error by default.
        env: Name of the environment.
        bot: Name of the bot.
        file: Takes every line besides, always as JSON.

    Raises:
        ValueError: ``level`` is unknown.
    """
    stream = sys.stderr if stream is None else stream
    terminal = stream.isatty()
    as_json = not terminal if json is None else json
    formatter = JsonFormatter(env=env, bot=bot) if as_json else PrettyFormatter(colour=terminal)
    sinks = [_StreamSink(stream, formatter.format)]
    if file is not None:
        sinks.append(_StreamSink(file, JsonFormatter(env=env, bot=bot).format))
    with contextlib.suppress(ValueError):
        loguru.logger.remove(0)  # loguru's own sink to stderr, which redacts nothing
    # no catch: loguru would print the failing record, unredacted, to stderr; the sink itself does not raise
    add = partial(
        loguru.logger.add,
        level=level.upper(),
        format=_no_format,
        catch=False,
        diagnose=False,
        backtrace=False,
        enqueue=False,
    )
    return LoggingHandle([(add(sink), sink) for sink in sinks], intercept(level))


def _no_format(_: Record) -> str:
    return ""  # the sink formats the record itself, at less than half of loguru's cost


def _timestamp(record: Record) -> str:
    return record["time"].astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"  # Z for +00:00
