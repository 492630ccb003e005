"""`coreops sandbox`: the local Discord, with the runtime on it, in one command."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from coreops_hookspecs.errors import CoreOpsError
from coreops_sandbox.launcher import HOST, Runtime, claim_port, environment, sandboxed
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample
from coreops_sandbox.world.seed import SEED

SANDBOX_PORT = "COREOPS_SANDBOX_PORT"
HTTP_PORT = "COREOPS_HTTP_PORT"
STOP_GRACE_S = 4.0
"""Seconds for the runtime to stop; what remains of five is for the sandbox itself."""
SLOW_S = 20.0
"""Seconds after which the wait for the runtime says that it waits."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; ports as numbers, 0 for a free one."""

    port: int
    http_port: int
    workbook: Path
    state: Path
    token: str | None
    bare: bool


@click.command("sandbox")
@click.option(
    "--port", envvar=SANDBOX_PORT, default=8081, show_default=True, type=click.IntRange(0, 65535), help="Chat page."
)
@click.option(
    "--http-port", envvar=HTTP_PORT, default=8080, show_default=True, type=click.IntRange(0, 65535), help="Status page."
)
@click.option(
    "--workbook",
    default=".run/workbook",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of spreadsheets; the sample is copied there if it is empty.",
)
@click.option(
    "--state",
    default=".run/state",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="What survives a restart of the runtime.",
)
@click.option("--token", default=None, help="The bot's token.  [default: the sandbox's own]")
@click.option("--bare", is_flag=True, help="Start the local Discord alone, for a bot of your own.")
def sandbox(*, port: int, http_port: int, workbook: Path, state: Path, token: str | None, bare: bool) -> None:
    """Run a local Discord, and CoreOps on it, without a token or an account."""
    options = Options(port, http_port, workbook.resolve(), state.resolve(), token, bare)
    try:
        code = asyncio.run(Session(options, os.environ).run())
    except CoreOpsError as error:
        click.echo(f"coreops sandbox: {error}", err=True)
        code = 2
    raise SystemExit(code)


class Session:
    """One run of the command, from the first port to the last process."""

    def __init__(self, options: Options, caller: Mapping[str, str]) -> None:
        self._options = options
        self._caller = caller
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """Serve until a signal comes or the runtime ends; the exit code.

        Raises:
            CoreOpsError: A port is in use.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        port = claim_port(self._options.port, f"--port or {SANDBOX_PORT}")
        local = Sandbox()
        if self._options.token is not None:
            local.world.token = self._options.token
        await local.start(HOST, port)
        try:
            return await (self._bare(local) if self._options.bare else self._with_runtime(local))
        finally:
            await local.stop()

    async def _bare(self, local: Sandbox) -> int:
        _addresses(
            ("chat page", f"{local.url}/"), ("rest_url", local.rest_url), ("token", local.token), ("guild", SEED.guild)
        )
        await self._stop.wait()
        return 0

    async def _with_runtime(self, local: Sandbox) -> int:
        http_port = claim_port(self._options.http_port, f"--http-port or {HTTP_PORT}")
        if await asyncio.to_thread(copy_sample, self._options.workbook):
            click.echo(f"sample workbook copied to {self._options.workbook}: edit its CSV files, the bot sees it")
        click.echo(f"local Discord at {local.url}; starting the runtime …")
        own = environment(local, workbook=self._options.workbook, state_dir=self._options.state, http_port=http_port)
        runtime = await Runtime.start(sandboxed(self._caller, own))
        try:
            return await self._watch(runtime, local, f"http://{HOST}:{http_port}/")
        finally:
            await runtime.stop(STOP_GRACE_S)

    async def _watch(self, runtime: Runtime, local: Sandbox, status_page: str) -> int:
        started = time.monotonic()
        ready = asyncio.create_task(runtime.ready(f"{status_page}ready"))
        exited = asyncio.create_task(runtime.exited())
        stopped = asyncio.create_task(self._stop.wait())
        tasks = {ready, exited, stopped}
        try:
            while not (exited.done() or stopped.done()):
                limit = None if ready not in tasks else SLOW_S
                await asyncio.wait(tasks, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
                if ready in tasks and ready.done():
                    tasks.discard(ready)
                    ready.result()
                    click.echo(f"\nCoreOps is ready ({time.monotonic() - started:.1f} s)")
                    _addresses(("status page", status_page), ("chat page", f"{local.url}/"))
                elif ready in tasks and not (exited.done() or stopped.done()):
                    click.echo(f"still waiting for {status_page}ready; the log above says what the runtime does")
        finally:
            ready.cancel()
            stopped.cancel()
        if stopped.done() and not exited.done():
            click.echo("\nstopping …")
            return 0
        code = await exited
        click.echo(f"the runtime ended with exit code {code}; its last lines above say why", err=True)
        return code


def _addresses(*lines: tuple[str, str]) -> None:
    for name, value in lines:
        click.echo(f"  {name:<12} {value}")
    click.echo("Press Ctrl-C to stop.")
