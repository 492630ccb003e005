"""``coreops state``: look after the file with what survives a restart, whether a runtime runs or not."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from coreops.cli.asked import place_here
from coreops.exit_codes import ExitCode

__all__ = ["command", "state_file"]

F = TypeVar("F", bound=Callable[..., Any])
_MB: Final = 1_000_000


def _options(command: F) -> F:
    config = click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
    )
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(config(command))


@click.group("state")
def command() -> None:
    """Check, copy or shrink the file with runs, audit, history and last good data."""


@command.command("check")
@_options
def check(config: Path | None, *, as_json: bool) -> None:
    """Look at every page of the file. Exit code 0 when it is in order, 1 when it is not. Changes nothing."""
    from coreops_shared.state.upkeep import check as check_file

    path = state_file(config)
    with _told(path):
        found = check_file(path)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        rows = ", ".join(f"{count} {table}" for table, count in found.rows.items())
        click.echo(f"{found.path}: {found.size / _MB:.1f} MB, schema {found.schema} of {found.known_schema}")
        click.echo(f"rows: {rows or 'none'}")
        click.echo(f"backups: {len(found.backups)}" + (f", newest {found.backups[-1]}" if found.backups else ""))
        for problem in found.problems:
            click.echo(f"problem: {problem}")
        click.echo(
            "it is damaged or cannot be used; see the operators' page on state" if found.problems else "in order"
        )
    if found.problems:
        sys.exit(ExitCode.PROBLEMS)


@command.command("backup")
@_options
def backup(config: Path | None, *, as_json: bool) -> None:
    """Copy the file into the folder "backups" beside it; the bot may go on running."""
    from coreops_shared.state.upkeep import backup as back_up

    path = state_file(config)
    with _told(path):
        made = back_up(path, datetime.now(UTC))
    size = made.stat().st_size
    click.echo(json.dumps({"path": str(made), "size": size}) if as_json else f"{made}: {size / _MB:.1f} MB")


@command.command("vacuum")
@_options
def vacuum(config: Path | None, *, as_json: bool) -> None:
    """Give space that is not used back to the disk. Stop the bot first."""
    from coreops_shared.state.lock import holder
    from coreops_shared.state.upkeep import vacuum as shrink

    path = state_file(config)
    if (pid := holder(path.with_name("runtime.lock"))) is not None:
        raise click.ClickException(f"the bot with pid {pid} uses {path}; stop it first")
    with _told(path):
        before, after = shrink(path)
    figures = {"path": str(path), "before": before, "after": after}
    click.echo(json.dumps(figures) if as_json else f"{path}: {before / _MB:.1f} MB before, {after / _MB:.1f} MB now")


def state_file(config: Path | None) -> Path:
    """Return where the state store's file is, or exit saying why that is not known."""
    return place_here(config).state_dir / "state.sqlite3"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    from coreops_shared.state.troubles import remedy

    if not path.exists():
        raise click.ClickException(f"{path} is not there; run it where the bot runs, with the same COREOPS_STATE_DIR")
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"{path}: {error}; {remedy(error, path)}") from error
