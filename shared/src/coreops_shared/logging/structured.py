"""The sinks of the runtime: JSON for machines, a short line for people."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO

import loguru
import orjson

from coreops_shared import trace
from coreops_shared.logging.entry import Entry
from coreops_shared.logging.intercept import intercept
from coreops_shared.logging.plain import plain, plain_exception, plain_fields
from coreops_shared.logging.visible import on_lines, on_one_line, visible
from coreops_shared.redact import suspicious

if TYPE_CHECKING:
    from loguru import Message, Record

__all__ = ["JsonFormatter", "LoggingHandle", "PrettyFormatter", "configure"]

_AS_PLAIN: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
"""Writes what :func:`plain` would, as long as nothing has to be redacted."""

_RESERVED: Final = frozenset({"ts", "level", "logger", "msg", "trace", "env", "bot", "exception"})
_COLOURS: Final = {"DEBUG": "\x1b[2m", "INFO": "\x1b[32m", "WARNING": "\x1b[33m", "ERROR": "\x1b[31m"}
_BRIGHT_RED: Final = "\x1b[1;31m"
_RESET: Final = "\x1b[0m"


class Lines(Protocol):
    """Takes lines."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...


class JsonFormatter:
    """Formats what is logged as one line of JSON.

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
        self._second = (-1, "")

    def format(self, entry: Entry) -> str:
        """Return the line, without its line end."""
        line = self._line(entry)
        with contextlib.suppress(TypeError):  # what orjson cannot write, such as lone surrogates
            text = orjson.dumps(line, default=plain, option=_AS_PLAIN).decode()
            if not suspicious(text):
                return visible(text)
        return visible(orjson.dumps(plain_fields(line)).decode())

    def _line(self, entry: Entry) -> dict[str, Any]:
        fields = entry.fields
        line: dict[str, Any] = {
            "ts": self._timestamp(entry.at),
            "level": entry.level,
            "logger": entry.logger,
            "msg": entry.message,
            "trace": fields.get("trace") or trace.current(),
            "env": self._env,
            "bot": self._bot,
        }
        if _RESERVED.isdisjoint(fields):
            line.update(fields)
        else:
            for name, value in fields.items():
                if name != "trace":
                    line[f"{name}_" if name in _RESERVED else name] = value
        if entry.error is not None:
            line["exception"] = plain_exception(entry.error)
        return line

    def _timestamp(self, at: float) -> str:
        whole, second = int(at), self._second
        if whole != second[0]:  # most lines are of the same second as the one before
            second = self._second = (whole, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)))
        return f"{second[1]}.{int((at - whole) * 1000):03}Z"


class PrettyFormatter:
    """Formats what is logged for a person at a terminal, which no value of it can steer.

    Args:
        colour: Whether to use ANSI colours.
    """

    def __init__(self, *, colour: bool = False) -> None:
        self._colour = colour

    def format(self, entry: Entry) -> str:
        """Return the line (several with a traceback), without its line end."""
        fields = plain_fields(entry.fields)
        stamp = time.strftime("%H:%M:%S", time.localtime(entry.at))
        line = f"{stamp} {self._paint(entry.level)} {entry.logger}: {on_lines(plain(entry.message))}"
        line += "".join(f" {key}={on_one_line(str(value))}" for key, value in fields.items())
        if active := trace.current():
            line += f" trace={active}"
        if entry.error is not None:
            line += on_lines("\n" + plain_exception(entry.error)["traceback"].rstrip())
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
    """Writes lines to a text stream; a broken stream costs lines, never an exception in the caller."""

    def __init__(self, stream: Lines, form: Callable[[Entry], str]) -> None:
        self._stream = stream
        self._form = form
        self._turn = threading.RLock()  # a file may begin anew between two lines; a signal may log within a line
        self.dropped = 0

    def take(self, entry: Entry) -> None:
        text = self._form(entry) + "\n"
        try:
            with self._turn:
                self._stream.write(text)
                self._stream.flush()
        except (OSError, ValueError):  # ValueError: the stream is closed
            self.dropped += 1

    def __call__(self, message: Message) -> None:
        """Take what code logs with loguru itself."""
        self.take(_entry(message.record))


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
    numbered = [(add(sink), sink) for sink in sinks]
    return LoggingHandle(numbered, intercept(loguru.logger.level(level.upper()).no, sinks))


def _no_format(_: Record) -> str:
    return ""  # the sink formats the record itself, at less than half of loguru's cost


def _entry(record: Record) -> Entry:
    fields, error = dict(record["extra"]), record["exception"]
    logger = str(fields.pop("logger", record["name"]))
    cause = None if error is None else error.value
    return Entry(record["time"].timestamp(), record["level"].name, logger, record["message"], fields, cause)
