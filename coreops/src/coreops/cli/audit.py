"""``coreops audit``: check and export the trail of privileged commands, whether a runtime runs or not."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import asdict
from pathlib import Path

import click

from coreops.cli.state import state_file
from coreops.exit_codes import ExitCode

__all__ = ["command"]

_CONFIG = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
)


@click.group("audit")
def command() -> None:
    """Check or export who ran which privileged command."""


@command.command("verify")
@_CONFIG
def verify(config: Path | None) -> None:
    """Check that no record was changed, removed or inserted.

    Exit code 0 when all is in order, 1 when it is not; the first record that is not is named. Records missing from the
    end cannot be seen here: compare the last hash with the newest "[audit] event=audit" in the logs.
    """
    from coreops_shared.state.audit import verify as verify_file

    try:
        count, last, problem = verify_file(state_file(config))
    except sqlite3.Error as error:
        raise _unreadable(error) from error
    click.echo(f"{count} record{'s' * (count != 1)} in order, last hash {last}")
    if problem:
        click.echo(problem)
        sys.exit(ExitCode.PROBLEMS)


@command.command("export")
@_CONFIG
def export(config: Path | None) -> None:
    """Print every record as a line of JSON, oldest first."""
    import orjson

    from coreops_shared.state.audit import entries

    try:
        for entry in entries(state_file(config)):
            click.echo(orjson.dumps(asdict(entry)).decode())
    except sqlite3.Error as error:
        raise _unreadable(error) from error


def _unreadable(error: sqlite3.Error) -> click.ClickException:
    return click.ClickException(
        f"there is no audit trail to read ({error}); run it where the bot runs, with the same COREOPS_STATE_DIR"
    )
