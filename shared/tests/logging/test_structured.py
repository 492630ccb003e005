"""One JSON object a line, whatever is logged and whoever logs it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import loguru
import pytest

from coreops_shared import trace
from coreops_shared.logging import LoggingHandle, configure, get_logger
from coreops_shared.logging.intercept import InterceptHandler
from coreops_shared.redact import Secret

PLANTED = "MTA4MjUwMTIzNDU2Nzg5MDEyMw.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"


class Logs:
    """A configured stream and what was written to it."""

    def __init__(self, *, json: bool = True, level: str = "DEBUG") -> None:
        self.stream = io.StringIO()
        self.handle: LoggingHandle = configure(level, json=json, stream=self.stream, env="test", bot="Tester")

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def open_logs() -> Iterator[Callable[..., Logs]]:
    opened: list[Logs] = []

    def open_one(**options: Any) -> Logs:
        opened.append(Logs(**options))
        return opened[-1]

    yield open_one
    for logs in opened:
        logs.handle.close()


@pytest.fixture
def logs(open_logs: Callable[..., Logs]) -> Logs:
    return open_logs()


def fail() -> None:
    raise RuntimeError(f"login with {PLANTED} refused")


def test_a_line_carries_the_named_fields_in_order(logs: Logs) -> None:
    with trace.span("trace-of-this-test"):
        get_logger("coreops.cache").info("[refresh] bucket=clans", bucket="clans", rows=3)
    (line,) = logs.lines
    assert list(line) == ["ts", "level", "logger", "msg", "trace", "env", "bot", "bucket", "rows"]
    assert line | {"ts": ""} == {
        "ts": "",
        "level": "INFO",
        "logger": "coreops.cache",
        "msg": "[refresh] bucket=clans",
        "trace": "trace-of-this-test",
        "env": "test",
        "bot": "Tester",
        "bucket": "clans",
        "rows": 3,
    }
    written = datetime.fromisoformat(line["ts"])
    assert written.tzinfo == UTC
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)
    assert line["ts"].endswith("Z")


def test_the_message_is_taken_literally(logs: Logs) -> None:
    get_logger("x").info("{braces} 100% <red>", braces="kept")
    assert logs.lines[0]["msg"] == "{braces} 100% <red>"
    assert logs.lines[0]["braces"] == "kept"


def test_lists_and_mappings_stay_structured(logs: Logs) -> None:
    get_logger("x").info("m", tabs=["a", "b"], counts={"ok": 1, 2: None}, pair=(1, 2))
    line = logs.lines[0]
    assert (line["tabs"], line["counts"], line["pair"]) == (["a", "b"], {"ok": 1, "2": None}, [1, 2])


def test_a_field_named_like_a_standard_one_does_not_replace_it(logs: Logs) -> None:
    get_logger("x").info("m", level="mine", logger="other", ts=1, exception="text")
    line = logs.lines[0]
    assert (line["level"], line["logger"], line["msg"]) == ("INFO", "x", "m")
    assert (line["level_"], line["logger_"], line["ts_"], line["exception_"]) == ("mine", "other", 1, "text")


def test_an_exception_keeps_its_traceback_and_cause(logs: Logs) -> None:
    try:
        try:
            fail()
        except RuntimeError as error:
            raise LookupError("no clan") from error
    except LookupError:
        get_logger("x").exception("clan failed")
    exception = logs.lines[0]["exception"]
    assert logs.lines[0]["level"] == "ERROR"
    assert exception["type"] == "LookupError"
    assert "no clan" in exception["message"]
    assert "in fail" in exception["traceback"]
    assert "direct cause" in exception["traceback"]


def test_an_exception_that_is_not_being_handled_can_be_given(logs: Logs) -> None:
    get_logger("x").exception("plugin failed", exc_info=LookupError("kept for later"), plugin="bad")
    (line,) = logs.lines
    assert line["exception"]["message"] == "LookupError: kept for later"
    assert line["plugin"] == "bad"
    assert "exc_info" not in line


def test_exception_outside_a_handler_is_just_an_error(logs: Logs) -> None:
    get_logger("x").exception("odd")
    assert "exception" not in logs.lines[0]


def test_levels_below_the_configured_one_are_not_written(open_logs: Callable[..., Logs]) -> None:
    logs = open_logs(level="warning")
    log = get_logger("x")
    log.debug("no")
    log.info("no")
    logging.getLogger("hikari").info("no")
    log.warning("yes")
    log.error("yes")
    logging.getLogger("hikari").error("yes")
    assert [line["msg"] for line in logs.lines] == ["yes"] * 3


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure("loud", stream=io.StringIO())


def test_standard_library_records_arrive_with_name_level_extras_and_traceback(logs: Logs) -> None:
    try:
        fail()
    except RuntimeError:
        logging.getLogger("hikari.gateway").exception("shard %s", 0, extra={"shard": {"id": 0}})
    (line,) = logs.lines
    assert (line["logger"], line["level"], line["msg"], line["shard"]) == (
        "hikari.gateway",
        "ERROR",
        "shard 0",
        {"id": 0},
    )
    assert "in fail" in line["exception"]["traceback"]


def test_libraries_are_not_heard_below_info(logs: Logs) -> None:
    logging.getLogger("aiosqlite").debug("parameters: secret")
    assert logs.text == ""


def test_a_library_level_loguru_does_not_know_is_kept(logs: Logs) -> None:
    logging.getLogger("x").log(25, "between")
    assert logs.lines[0]["level"] == "Level 25"


def test_a_record_whose_arguments_do_not_fit_is_still_written(logs: Logs) -> None:
    handler = next(one for one in logging.getLogger().handlers if isinstance(one, InterceptHandler))
    handler.handle(logging.LogRecord("x", logging.WARNING, "x.py", 1, "%d items", ("three",), None))
    assert "three" in logs.lines[0]["msg"]


class Colour(StrEnum):
    RED = "red"


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class Talkative:
    def __repr__(self) -> str:
        get_logger("x").info("from within")
        return "talkative"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Colour.RED, "red"),
        (2**70, str(2**70)),
        (float("nan"), None),
        (timedelta(minutes=2), 120.0),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        (Path("a/b"), "a/b"),
        ("\ud800", "\\ud800"),
        (Secret("hunter2"), "***"),
        ({1}, [1]),
    ],
)
def test_every_value_is_written_as_json(logs: Logs, value: object, written: object) -> None:
    get_logger("x").info("m", value=value)
    assert logs.lines[0]["value"] == written


def test_values_that_resist_do_not_raise_in_the_caller(logs: Logs) -> None:
    circle: list[object] = []
    circle.append(circle)
    get_logger("x").info("m", rude=Rude(), circle=circle, talkative=Talkative())
    within, line = logs.lines
    assert within["msg"] == "from within"
    assert "Rude" in line["rude"]
    assert line["talkative"] == "talkative"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_planted_secret_reaches_no_sink(open_logs: Callable[..., Logs], as_json: bool) -> None:
    logs = open_logs(json=as_json)
    log = get_logger("x")
    log.info(f"message {PLANTED}", field=PLANTED, nested={"list": [PLANTED], PLANTED: 1}, repr=[Secret(PLANTED)])
    log.info("named", http_token="s3cret-by-name", headers={"Authorization": "s3cret-by-name"}, secret=Secret(PLANTED))
    logging.getLogger("lib").warning("url https://discord.com/api/webhooks/1/%s", PLANTED, extra={"x": PLANTED})
    try:
        fail()
    except RuntimeError:
        log.exception("failed", error=f"{PLANTED}")
        logging.getLogger("lib").exception("failed too")
    assert "RuntimeError" in logs.text
    assert PLANTED not in logs.text
    assert PLANTED[:20] not in logs.text
    assert "s3cret" not in logs.text


FORGED = "ann\r\n12:00:00 ERROR coreops: forged\x1b[2J\x9b31m\u2028\u202eBAD"


@pytest.mark.parametrize("as_json", [True, False])
def test_no_value_begins_a_line_of_its_own_or_steers_a_terminal(open_logs: Callable[..., Logs], as_json: bool) -> None:
    logs = open_logs(json=as_json)
    get_logger("x").info(f"by {FORGED}", field=FORGED, nested={FORGED: [FORGED]})
    try:
        raise RuntimeError(FORGED)
    except RuntimeError:
        get_logger("x").exception("failed")
    logging.getLogger("lib").warning("said %s", FORGED)
    begun = [line for line in logs.text.split("\n") if line and not line.startswith("    ")]
    assert len(begun) == 3
    assert not [line for line in begun if line.startswith("12:00:00 ERROR coreops: forged")]
    assert not [letter for letter in logs.text if letter != "\n" and not letter.isprintable()]
    assert "forged" in logs.text
    if as_json:
        assert [line["level"] for line in logs.lines] == ["INFO", "ERROR", "WARNING"]
        assert logs.lines[0]["field"] == FORGED, "a program reads back what was said"


def test_the_pretty_line_is_for_people(open_logs: Callable[..., Logs]) -> None:
    logs = open_logs(json=False)
    with trace.span("abcdefgh"):
        get_logger("coreops.cache").warning("late", bucket="clans")
    (line,) = logs.text.splitlines()
    assert line[8:] == " WARNING coreops.cache: late bucket=clans trace=abcdefgh"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_form_is_chosen_by_the_stream() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        handle = configure("INFO", stream=stream)
        get_logger("x").info("m")
        handle.close()
    assert "\x1b[32mINFO" in terminal.getvalue()
    assert json.loads(pipe.getvalue())["msg"] == "m"


def test_a_broken_stream_costs_lines_and_is_counted(logs: Logs) -> None:
    logs.stream.close()
    get_logger("x").error("lost")
    assert logs.handle.dropped == 1


def test_closing_gives_everything_back_and_may_be_repeated() -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    handle = configure("DEBUG", stream=stream)
    assert root.handlers != before[0]
    handle.close()
    handle.close()
    assert (root.handlers[:], root.level) == before
    get_logger("x").error("after")
    assert stream.getvalue() == ""


def test_what_code_logs_with_loguru_itself_is_written_like_all_else(logs: Logs) -> None:
    with trace.span("trace-of-this-test"):
        loguru.logger.bind(clan="a").warning("by {}", PLANTED)
        loguru.logger.bind(logger="mine").info("named")
    line, named = logs.lines
    assert (line["level"], line["logger"], line["msg"], line["clan"]) == ("WARNING", __name__, "by ***", "a")
    assert line["trace"] == "trace-of-this-test"
    assert named["logger"] == "mine"


def test_where_nobody_configured_logging_loguru_has_the_lines() -> None:
    taken: list[Any] = []
    number = loguru.logger.add(lambda message: taken.append(message.record), format="{message}", level="INFO")
    log = get_logger("x")
    log.debug("too quiet")
    log.info("{kept}", clan="a", logger="other")
    try:
        fail()
    except RuntimeError:
        log.exception("failed")
    loguru.logger.remove(number)
    assert [record["message"] for record in taken] == ["{kept}", "failed"]
    assert taken[0]["extra"] == {"logger": "x", "clan": "a", "logger_": "other"}
    assert taken[0]["name"] == __name__
    assert isinstance(taken[1]["exception"].value, RuntimeError)


def test_two_configurations_write_each_line_once_each(open_logs: Callable[..., Logs]) -> None:
    first, second = open_logs(level="DEBUG"), open_logs(level="WARNING")
    get_logger("x").info("once")
    get_logger("x").warning("twice")
    assert [line["msg"] for line in first.lines] == ["once", "twice"]
    assert [line["msg"] for line in second.lines] == ["twice"]


def test_threads_that_log_at_the_same_time_write_whole_lines(logs: Logs) -> None:
    def write(number: int) -> None:
        for turn in range(100):
            get_logger("x").info("m", number=number, turn=turn)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len({(line["number"], line["turn"]) for line in logs.lines}) == 800


def test_two_configurations_write_each_library_record_once_each(open_logs: Callable[..., Logs]) -> None:
    first, second = open_logs(), open_logs()
    logging.getLogger("lib").warning("once")
    assert len(first.lines) == len(second.lines) == 1
