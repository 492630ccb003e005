"""``coreops plugins bisect``: which plugin keeps the bot from coming up."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

from coreops.cli.asked import fail
from coreops.exit_codes import ExitCode

__all__ = ["command"]

_STEP: Final = 0.1
"""Seconds between two looks whether a trial is up."""
_GRACE: Final = 10.0
"""Seconds that a trial gets to end."""
_LINES: Final = 5
"""Last lines of a trial's log that are shown with its failure."""


@click.command("bisect")
@click.option("--timeout", type=click.FloatRange(min=1), default=60.0, show_default=True, help="Seconds for each boot.")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
)
def command(*, timeout: float, config: Path | None) -> None:
    """Find the plugins without which the bot comes up, by booting it with some of them at a time.

    Stop the bot first: each boot connects to Discord with its token, in a state folder of its own, and lists only the
    commands of the plugins it tries; the next ordinary start lists all again. Exit code 0 when the bot comes up with
    all plugins, 1 when plugins are named, or it does not even come up without any.
    """
    from coreops.plugins.bisect import culprits
    from coreops.plugins.selection import ESSENTIAL

    needs = _plugins(config)
    names = sorted(set(needs) - {ESSENTIAL})
    boots = _Boots(timeout, config)
    if not boots.breaks(frozenset(names)):
        click.echo("the bot comes up with all plugins")
        return
    if boots.breaks(frozenset()):
        fail("it does not even come up without plugins; coreops check says what is wrong")
    found = culprits(names, needs, boots.breaks)
    together = "these plugins together keep" if len(found) > 1 else "this plugin keeps"
    click.echo(f"{together} the bot from coming up: {', '.join(found)}")
    click.echo(f"to start without: COREOPS_PLUGINS_BLOCKED={','.join(found)} coreops run")
    sys.exit(ExitCode.PROBLEMS)


def _plugins(config: Path | None) -> Mapping[str, Iterable[str]]:
    """Return the plugins that would run and what each needs, from metadata alone, or exit."""
    from coreops.plugins.lock import find_installed
    from coreops.plugins.selection import Selection
    from coreops_hookspecs.errors import ConfigError
    from coreops_shared.config.settings import load

    try:
        settings = load(file=config)
        found = find_installed(settings.plugins_lock)
    except ConfigError as error:
        fail(str(error), ExitCode.CONFIG)
    selection = Selection(settings.plugins or frozenset(), settings.plugins_blocked)
    wanted = [each for each in found if not (each.problem or each.incompatible or selection.refusal(each.name))]
    return {each.name: each.manifest.depends if each.manifest else () for each in wanted}


@dataclass
class _Boots:
    """Boots in processes of their own; each set of plugins is tried once."""

    timeout: float
    config: Path | None
    tried: dict[frozenset[str], bool] = field(default_factory=dict)

    def breaks(self, names: frozenset[str]) -> bool:
        """Tell whether a boot with these plugins, and ``ops``, does not get ready."""
        if names not in self.tried:
            click.echo(f"boot {len(self.tried) + 1} with {', '.join(sorted(names)) or 'no plugins'}: ", nl=False)
            problem, log = self._boot(names)
            click.echo(problem or "comes up")
            for line in log:
                click.echo(f"    {line}")
            self.tried[names] = bool(problem)
        return self.tried[names]

    def _boot(self, names: frozenset[str]) -> tuple[str, list[str]]:
        """Boot; return why it did not get ready, or an empty text, and the end of its log if it did not."""
        port = _free_port()
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            own = {
                "COREOPS_PLUGINS": ",".join(["ops", *sorted(names)]),
                "COREOPS_HTTP_HOST": "127.0.0.1",
                "COREOPS_HTTP_PORT": str(port),
                "COREOPS_STATE_DIR": folder,
                "LOG_CHANNEL_ID": "",
            }
            given = ["--config", str(self.config)] if self.config else []
            with log.open("w") as sink:
                process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                    [sys.executable, "-m", "coreops", "run", *given],
                    env=os.environ | own,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                )
                try:
                    problem = self._problem(process, port)
                finally:
                    _end(process)
            lines = log.read_text(errors="replace").splitlines()[-_LINES:] if problem else []
        return problem, lines

    def _problem(self, process: subprocess.Popen[bytes], port: int) -> str:
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            if process.poll() is not None:
                return f"ended with exit code {process.returncode}"
            if _ready(port):
                return ""
            time.sleep(_STEP)
        return f"not ready within {self.timeout:g} s"


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1.0)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
        return
    process.kill()
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
