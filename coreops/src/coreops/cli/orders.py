"""``coreops plugins load|unload|reload|quarantine|reinstate``: a plugin of the running bot is changed."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from coreops.cli.asked import fail
from coreops.exit_codes import ExitCode

__all__ = ["COMMANDS", "who"]

_ABOUT = {
    "load": "Load and start the plugin NAME, which is installed, in the running bot.",
    "unload": "Take the plugin NAME out of the running bot, and prove that nothing of it is left.",
    "reload": "Put the installed code of the plugin NAME in place of what serves, or go back to that.",
    "quarantine": "Skip the work of the plugin NAME until it is reinstated.",
    "reinstate": "End the quarantine of the plugin NAME now.",
}
_EXIT = """

Exit code 0 when it was done and nothing is left over, 1 when it was refused, failed, was rolled back, left something
behind or needs a reboot, or when no bot answers; 2 when the settings cannot be used.
"""


def _command(action: str) -> click.Command:
    def run(*, name: str, as_json: bool, http_port: int, config: Path | None, **given: Any) -> None:
        _carry_out(action, name, as_json=as_json, port=http_port, config=config, given=given)

    options: list[click.Parameter] = [
        click.Argument(["name"]),
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
    ]
    if action == "reload":
        options.append(click.Option(["--plan"], is_flag=True, help="Only say what would change."))
    if action == "quarantine":
        options.append(click.Option(["--reason"], default="", help="Why, for whoever reads it later."))
    return click.Command(action, params=options, callback=run, help=_ABOUT[action] + _EXIT, short_help=_ABOUT[action])


COMMANDS: Sequence[click.Command] = [_command(action) for action in _ABOUT]
"""One for each thing that may be done to a plugin."""


def _carry_out(
    action: str, name: str, *, as_json: bool, port: int, config: Path | None, given: Mapping[str, Any]
) -> None:
    from coreops.cli.live import Unreachable, order

    body = {key: value for key, value in given.items() if value} | {"who": who()}
    try:
        status, answer = order(port, name, action, _key(config), body)
    except Unreachable as error:
        fail(str(error))
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    elif "error" in answer:
        hint = "; is that bot's state folder the one named here?" if status == 401 else ""
        click.echo(f"coreops: {answer['error']}{hint}", err=True)
    else:
        for line in _told(action, answer):
            click.echo(line)
    sys.exit(ExitCode.OK if answer.get("ok") else ExitCode.PROBLEMS)


def _key(config: Path | None) -> str:
    """Return what proves that whoever runs this may change the bot, or exit saying what is missing."""
    from coreops_hookspecs.errors import ConfigError
    from coreops_shared.config.settings import load
    from coreops_shared.state import admin_key

    try:
        settings = load(file=config)
    except ConfigError as error:
        fail(str(error), ExitCode.CONFIG)
    try:
        return admin_key.read(settings.state_dir).reveal()
    except ConfigError as error:
        if settings.http_token is None:
            fail(str(error), ExitCode.CONFIG)
        return settings.http_token.reveal()


def who() -> str:
    """Return who runs this, for the bot's records."""
    try:
        return re.sub(r"[^A-Za-z0-9._-]", "_", getpass.getuser())[:32]
    except (KeyError, OSError):  # a user id without a name, as in some containers
        return ""


def _told(action: str, change: Mapping[str, Any]) -> Iterator[str]:
    plugin, reload = change["plugin"], change["reload"]
    yield f"{action} {plugin['name']}: {change['outcome']} in {change['duration'] * 1000:.0f} ms"
    if reload is None:
        yield f"it is {plugin['state']}" + (f": {plugin['reason']}" if plugin["reason"] else "")
        return
    if trouble := reload["reboot"] or reload["error"]:
        yield f"nothing was changed: {trouble}"
        return
    version = f"{reload['old_version']} → {reload['new_version']}"
    yield f"version {version if reload['old_version'] != reload['new_version'] else reload['new_version'] or 'unknown'}"
    for what in ("added", "removed", "changed"):
        if reload[what]:
            yield f"{what} {', '.join(reload[what])}"
    yield f"{len(reload['modules'])} modules {'to import' if change['plan'] else 'imported'} anew"
    if reload["with_it"]:
        yield f"with it, because they need it: {', '.join(reload['with_it'])}"
    if reload["left"]:
        yield f"left of the old code: {', '.join(reload['left'])}; it goes with the next restart"
    if change["plan"]:
        yield f"nothing was changed yet; coreops plugins reload {plugin['name']} does it"
