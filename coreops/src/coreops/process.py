"""The runtime as a process: signals, exit codes, and nothing left on the terminal but words.

SIGINT and SIGTERM stop it cleanly; a second one ends it at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from typing import Any, Final

from coreops.app import App
from coreops.exit_codes import ExitCode
from coreops.garbage import collect_by_the_clock
from coreops.threads import Threads
from coreops_hookspecs.context import Logger
from coreops_hookspecs.errors import ConfigError, CoreOpsError, RefusedError, UpstreamError
from coreops_shared.config.settings import Settings
from coreops_shared.logging import LogFile, Rotation, configure, get_logger

__all__ = ["run"]

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def run(settings: Settings) -> int:
    """Run until a signal comes or the runtime cannot go on.

    Returns:
        The exit code, see :class:`coreops.exit_codes.ExitCode`.
    """
    as_json = {"json": True, "pretty": False}.get(settings.log_format)
    file = _log_file(settings)
    logs = configure(settings.log_level, json=as_json, env=settings.env_name, bot=settings.bot_name, file=file)
    log = get_logger("coreops")
    try:
        with asyncio.Runner() as runner, Threads(runner.get_loop(), log) as threads:
            code = _outlive(runner.get_loop(), _serve(settings, log), log)
    finally:
        logs.close()
        if file is not None:
            file.close()
    if code is ExitCode.REBOOT and settings.reboot == "exec":
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell; the same program anew
    if threads.stuck:
        os._exit(code)  # the interpreter would wait for them
    return code


def _log_file(settings: Settings) -> LogFile | None:
    if settings.log_file is None:
        return None
    return LogFile(settings.log_file, Rotation(settings.log_file_mb << 20, settings.log_file_days))


def _outlive(loop: asyncio.AbstractEventLoop, serving: Coroutine[Any, Any, ExitCode], log: Logger) -> ExitCode:
    """Run to the end, also past a task that wants to end the process: asyncio lets that out of the loop of everybody.

    The guard takes what plugins raise where they are called; this is for tasks that they make themselves.
    """
    task = loop.create_task(serving, name="serve")
    while True:
        try:
            return loop.run_until_complete(task)
        except (SystemExit, KeyboardInterrupt) as error:  # a real Ctrl-C comes by its handler
            if task.done():
                raise
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.filename}:{place.lineno}"
            told = f"a task raised {type(error).__name__}, which ends it alone; raise an Exception instead"
            log.exception(told, exc_info=error, where=where)


async def _serve(settings: Settings, log: Logger) -> ExitCode:
    app = App(settings, exit_now=os._exit, flush=sys.stderr.flush)
    stopping: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    starting: asyncio.Future[Any] = asyncio.create_task(app.start(), name="start")
    ended: asyncio.Future[Any] = app.ended
    _on_signals(stopping)
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and starting.exception() is None:
        collecting = asyncio.create_task(collect_by_the_clock(), name="garbage")
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        collecting.cancel()
    starting.cancel()  # a signal may come while it still starts
    failure: BaseException | None = (await asyncio.gather(starting, return_exceptions=True))[0]
    if failure is None and ended.done():
        failure = ended.exception()
    code, reason = _verdict(failure, stopping, log)
    await app.stop(reason)
    return code


def _verdict(failure: BaseException | None, stopping: asyncio.Future[Any], log: Logger) -> tuple[ExitCode, str]:
    """Say how it ended: an exit code, and words for the log."""
    if stopping.done():
        return ExitCode.OK, str(stopping.result())
    if failure is None:
        return ExitCode.REBOOT, "a restart was asked for"
    if isinstance(failure, CoreOpsError):
        log.error(str(failure))
        return _code_of(failure), str(failure)
    log.exception("the runtime failed; this is a defect of CoreOps", exc_info=failure)  # noqa: LOG004 - it is given
    return ExitCode.FAILED, f"{type(failure).__name__}: {failure}"


def _on_signals(stopping: asyncio.Future[Any]) -> None:
    loop = asyncio.get_running_loop()

    def first(number: signal.Signals) -> Callable[[], None]:
        def stop() -> None:
            for other in _SIGNALS:  # a second signal meets the default handler and ends the process at once
                loop.remove_signal_handler(other)
                signal.signal(other, signal.SIG_DFL)
            if not stopping.done():
                stopping.set_result(number.name)

        return stop

    for number in _SIGNALS:
        loop.add_signal_handler(number, first(number))


def _code_of(error: CoreOpsError) -> ExitCode:
    if isinstance(error, RefusedError):
        return ExitCode.REFUSED
    if isinstance(error, ConfigError):
        return ExitCode.CONFIG
    return ExitCode.UPSTREAM if isinstance(error, UpstreamError) else ExitCode.FAILED
