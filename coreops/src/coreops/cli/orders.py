"""``coreops plugins load|unload|reload|quarantine|reinstate``: a plugin of the running bot is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from coreops.cli.giving import give, options_of_orders

__all__ = ["COMMANDS"]

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
        path = f"plugins/{quote(name, safe='')}/{action}"
        give(path, given, lambda answer: _told(action, answer), as_json=as_json, port=http_port, config=config)

    options: list[click.Parameter] = [click.Argument(["name"]), *options_of_orders()]
    if action == "reload":
        options.append(click.Option(["--plan"], is_flag=True, help="Only say what would change."))
    if action == "quarantine":
        options.append(click.Option(["--reason"], default="", help="Why, for whoever reads it later."))
    return click.Command(action, params=options, callback=run, help=_ABOUT[action] + _EXIT, short_help=_ABOUT[action])


COMMANDS: Sequence[click.Command] = [_command(action) for action in _ABOUT]
"""One for each thing that may be done to a plugin."""


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
        yield f"along with it, what needs it: {', '.join(reload['with_it'])}"
    if reload["left"]:
        yield f"left of the old code: {', '.join(reload['left'])}; it goes with the next restart"
    if change["plan"]:
        yield f"nothing was changed yet; coreops plugins reload {plugin['name']} does it"
