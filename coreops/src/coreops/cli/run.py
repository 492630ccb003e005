"""``coreops run``: the runtime."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coreops.exit_codes import ExitCode

__all__ = ["command"]


@click.command("run")
@click.option("--safe", is_flag=True, help="Run the plugin ops and nothing else, to find out what is wrong.")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
)
def command(*, safe: bool, config: Path | None) -> None:
    """Run the bot until Ctrl-C or SIGTERM.

    Settings come from the environment, then from the file. Exit codes: 0 stopped as asked, 2 settings that must be
    changed, others in the documentation.
    """
    from coreops_hookspecs.errors import ConfigError
    from coreops_shared.config.settings import load

    try:
        settings = load(file=config)
    except ConfigError as error:
        click.echo(f"coreops: {error}", err=True)
        sys.exit(ExitCode.CONFIG)
    if safe:
        settings = settings.model_copy(update={"safe": True})
    from coreops.process import run

    sys.exit(run(settings))
