"""``coreops logs``: a JSON log for people, whole or what belongs to one reference."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

import click

from coreops.cli.asked import place_here

__all__ = ["command"]

_HEAD: Final = ("ts", "level", "logger", "msg", "trace", "env", "bot", "exception")
_COLOURS: Final = {"DEBUG": "bright_black", "INFO": "green", "WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}
_SHORTEST: Final = 6


def _reference(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    wanted = value.strip().strip("`").lower()
    if wanted and len(wanted) < _SHORTEST:
        raise click.BadParameter(f"give at least {_SHORTEST} characters of the reference")
    return wanted


@click.command("logs")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), required=False)
@click.option("--trace", default="", callback=_reference, help="Only lines of this reference, or of its beginning.")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with settings.")
def command(*, file: IO[str] | None, trace: str, config: Path | None) -> None:
    """Show a JSON log FILE for people; without one, what comes in: journalctl -u coreops -o cat | coreops logs.

    Where nothing comes in it is COREOPS_LOG_FILE, with what was set aside of it.

    Exit code 1 when no line belongs to the reference.
    """
    shown = 0
    for line in _lines(_wanted(config) if file is None else file, trace):
        click.echo(line)
        shown += 1
    if trace and not shown:
        raise click.ClickException(f"no line belongs to {trace}; give the log of that time, or more of the reference")


def _wanted(config: Path | None) -> Iterator[str]:
    """Give the lines that come in, or those of the bot's own log file if a person sits at the other end."""
    if not sys.stdin.isatty():
        with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as coming:
            yield from coming
        return
    from coreops_shared.logging import log_files

    path = place_here(config).log_file
    if path is None or not (files := log_files(path)):
        none = "COREOPS_LOG_FILE is not set" if path is None else f"{path} is not there"
        raise click.ClickException(f"{none}; give the log's file, or pipe it in: journalctl -u coreops -o cat | …")
    for each in files:
        with each.open(encoding="utf-8", errors="replace") as opened:
            yield from opened


def _lines(file: Iterable[str], trace: str) -> Iterator[str]:
    for text in file:
        try:
            entry = json.loads(text)
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or "msg" not in entry:
            if not trace:  # what something else has written, such as a start-up script
                yield text.rstrip("\n")
        elif str(entry.get("trace", "")).lower().startswith(trace):
            yield _told(entry, with_trace=not trace)


def _told(entry: dict[str, Any], *, with_trace: bool) -> str:
    level = str(entry.get("level", ""))
    fields = "".join(f" {name}={_value(value)}" for name, value in entry.items() if name not in _HEAD)
    if with_trace and entry.get("trace"):
        fields += f" trace={entry['trace']}"
    head = f"{entry.get('ts', '')} {click.style(f'{level:<7}', fg=_COLOURS.get(level))} {entry.get('logger', '')}:"
    line = f"{head} {entry['msg']}{fields}"
    error = entry.get("exception")
    return f"{line}\n{str(error.get('traceback', '')).rstrip()}" if isinstance(error, dict) else line


def _value(value: Any) -> str:
    return value if isinstance(value, str) and value and " " not in value else json.dumps(value, ensure_ascii=False)
