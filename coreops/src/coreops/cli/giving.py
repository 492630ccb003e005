"""Orders to the running bot: what the commands that give one share."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from coreops.cli.asked import fail, place_here
from coreops.exit_codes import ExitCode

if TYPE_CHECKING:
    from coreops_shared.redact import Secret

__all__ = ["give", "options_of_orders", "who"]


def options_of_orders() -> Sequence[click.Option]:
    """Return ``--json``, ``--http-port`` and ``--config``."""
    return (
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."),
        click.Option(
            ["--http-port"],
            envvar=["COREOPS_HTTP_PORT", "PORT"],
            default=8080,
            show_default=True,
            help="The running bot's.",
        ),
        click.Option(
            ["--config"],
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The bot's file with settings.  [default: COREOPS_CONFIG, or coreops.toml]",
        ),
    )


def give(
    path: str,
    given: Mapping[str, Any],
    told: Callable[[Mapping[str, Any]], Iterable[str]],
    *,
    as_json: bool,
    port: int,
    config: Path | None,
) -> NoReturn:
    """Have the bot on this machine do something, print what came of it, and exit.

    Args:
        path: What follows ``/admin/``.
        given: What the order says; what is empty is left out.
        told: Returns the lines for people.
        as_json: Print the answer as it is.
        port: Of the running bot.
        config: The bot's file with settings.
    """
    from coreops.cli.live import Unreachable, order

    body = {key: value for key, value in given.items() if value} | {"who": who()}
    try:
        status, answer = order(port, path, _key(config), body)
    except Unreachable as error:
        fail(str(error))
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    elif "error" in answer and not answer.get("outcome"):
        hint = "; is that bot's state folder the one named here?" if status == 401 else ""
        click.echo(f"coreops: {answer['error']}{hint}", err=True)
    else:
        for line in told(answer):
            click.echo(line)
    sys.exit(ExitCode.OK if answer.get("ok") else ExitCode.PROBLEMS)


def _key(config: Path | None) -> Secret:
    """Return what proves that whoever runs this may change the bot, or exit saying what is missing."""
    from coreops_hookspecs.errors import ConfigError
    from coreops_shared.state import admin_key

    place = place_here(config)
    try:
        return admin_key.read(place.state_dir)
    except ConfigError as error:
        if place.http_token is None:
            fail(str(error), ExitCode.CONFIG)
        return place.http_token


def who() -> str:
    """Return who runs this, for the bot's records."""
    try:
        return re.sub(r"[^A-Za-z0-9._-]", "_", getpass.getuser())[:32]
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return ""
