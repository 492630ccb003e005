"""``coreops plugins lock``: which plugins may run is pinned to what is installed now, or checked against it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coreops.cli.asked import fail
from coreops.exit_codes import ExitCode

__all__ = ["command"]


@click.command("lock")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="COREOPS_PLUGINS_LOCK",
    default=Path("coreops-plugins.lock"),
    show_default=True,
    help="The lock; COREOPS_PLUGINS_LOCK names it to the bot.",
)
@click.option("--check", is_flag=True, help="Write nothing; say what is not as it was locked.")
def command(*, file: Path, check: bool) -> None:
    """Pin the distributions of the installed plugins by the hash of their RECORD, without importing them.

    A bot with COREOPS_PLUGINS_LOCK runs what was pinned and blocks everything else. Exit code 0 when all is in order,
    1 when something cannot be pinned, and nothing was written, or is not as it was locked, 2 when the lock cannot be
    read.
    """
    problems = _check(file) if check else _write(file)
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(ExitCode.PROBLEMS if problems else ExitCode.OK)


def _check(file: Path) -> list[str]:
    from coreops.plugins.discovery import discover
    from coreops.plugins.lock import read_lock, verified
    from coreops_hookspecs.errors import ConfigError

    try:
        found = verified(discover(), read_lock(file))
    except ConfigError as error:
        fail(str(error), ExitCode.CONFIG)
    problems = [f"{plugin.name}: {plugin.problem}" for plugin in found if plugin.problem]
    if not problems:
        click.echo(f"{len(found)} plugins are as {file} has them")
    return problems


def _write(file: Path) -> list[str]:
    from coreops.plugins.discovery import discover
    from coreops.plugins.lock import Pin, pin, write_lock
    from coreops_hookspecs.errors import DeclarationError

    pins: dict[str, Pin] = {}
    problems: list[str] = []
    found = discover()
    for plugin in found:
        try:
            pins[plugin.distribution] = pin(plugin)
        except DeclarationError as error:
            problems.append(f"{plugin.name}: {error}")
    if problems:
        return [*problems, f"{file} was not written"]
    try:
        write_lock(file, pins)
    except OSError as error:
        return [f"{file} cannot be written: {error.strerror}"]
    click.echo(f"{len(found)} plugins of {len(pins)} distributions are pinned in {file}")
    click.echo(f"COREOPS_PLUGINS_LOCK={file} makes the bot keep to it")
    return []
