"""What the commands that look at a running bot share: their options, and how they ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from coreops.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from coreops.cli.declared import Declared
    from coreops_shared.config.place import Place

__all__ = [
    "ago",
    "ask",
    "ask_for",
    "bucket_state",
    "concern_lines",
    "declared_here",
    "fail",
    "length",
    "options",
    "place_here",
    "show",
    "spared",
    "when",
]

F = TypeVar("F", bound=Callable[..., Any])


def options(command: F) -> F:
    """Add ``--json`` and ``--http-port``."""
    port = click.option(
        "--http-port", envvar=["COREOPS_HTTP_PORT", "PORT"], default=8080, show_default=True, help="The running bot's."
    )
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(port(command))


def ask(port: int, part: str, name: str) -> Sequence[Mapping[str, Any]]:
    """Return a list that the bot on this machine reports, or exit saying why there is none."""
    from coreops.cli.live import Unreachable, part_of

    try:
        return part_of(port, part, name)
    except Unreachable as error:
        fail(str(error))


def forecast(port: int) -> str:
    """Return how much of the spreadsheets' budget of requests the bot on this machine has used; empty without one."""
    from coreops.cli.live import Unreachable, report_of

    try:
        quota = report_of(port).get("sheets_quota") or {}
    except Unreachable as error:
        fail(str(error))
    return str(quota.get("forecast", ""))


def ask_for(port: int, path: str, part: str) -> Mapping[str, Any]:
    """Return a document of the bot on this machine, or exit saying why there is none."""
    from coreops.cli.live import Unreachable, document

    try:
        return document(port, path, part)
    except Unreachable as error:
        fail(str(error))


def declared_here() -> Declared:
    """Return what settings, file and installed plugins say on this machine, or exit with every problem."""
    import asyncio

    from coreops.cli.declared import Declared
    from coreops.plugins.selection import Selection
    from coreops_hookspecs.errors import ConfigError
    from coreops_shared.config.registry import Registry
    from coreops_shared.config.settings import load
    from coreops_shared.sheets.locales import locale_of

    try:
        settings = load()
    except ConfigError as error:
        fail(str(error), ExitCode.CONFIG)
    selection = Selection(settings.plugins or frozenset(), settings.plugins_blocked, settings.safe)
    declared = Declared(Registry(settings), selection, locale_of(settings.sheets_locale))
    asyncio.run(declared.collect())
    return declared


def place_here(config: Path | None) -> Place:
    """Return where the bot of this machine keeps its state and log, or exit saying what is wrong."""
    from coreops_hookspecs.errors import ConfigError
    from coreops_shared.config.settings import load_place

    try:
        return load_place(file=config)
    except ConfigError as error:
        fail(str(error), ExitCode.CONFIG)


def fail(message: str, code: ExitCode = ExitCode.PROBLEMS) -> NoReturn:
    """Say why there is no answer, and exit."""
    click.echo(f"coreops: {message}", err=True)
    sys.exit(code)


def show(
    entries: Sequence[Mapping[str, Any]], columns: Mapping[str, Callable[[Mapping[str, Any]], str]], *, as_json: bool
) -> None:
    """Print entries as JSON, or as a table with a cell for each column."""
    if as_json:
        click.echo(json.dumps(list(entries), indent=2))
        return
    from coreops.cli.output import table

    rows = [[cell(entry) for cell in columns.values()] for entry in entries]
    click.echo(table(list(columns), rows) if rows else "there are none")


def ago(instant: str | None) -> str:
    """Return how long ago an instant (ISO 8601) was, in words."""
    if not instant:
        return "never"
    seconds = (datetime.now(UTC) - datetime.fromisoformat(instant)).total_seconds()
    return f"{length(max(seconds, 0.0))} ago"


def when(instant: str | None) -> str:
    """Return how far an instant (ISO 8601) is away, ahead or back, in words; empty if there is none."""
    if not instant:
        return ""
    seconds = (datetime.fromisoformat(instant) - datetime.now(UTC)).total_seconds()
    return f"in {length(seconds)}" if seconds > 0 else ago(instant)


def concern_lines(report: Mapping[str, Any]) -> list[str]:
    """Return what needs attention in a health report, each with its cause and what to type."""
    lines: list[str] = []
    for concern in report["concerns"]:
        since = f" since {ago(concern['since'])}" if concern["since"] else ""
        lines.append(f"{'DOWN' if concern['status'] == 'down' else 'WARN'}  {concern['what']}{since}")
        lines += [f"      because: {concern['cause']}"] if concern["cause"] else []
        again = f"tried again {when(concern['next_at'])}" if concern["next_at"] else ""
        press = f"in Discord: {concern['command']} {concern['argument']}".rstrip() if concern["command"] else ""
        todo = "; ".join(filter(None, [concern["fix"], again, press]))
        lines += [f"      → {todo}"] if todo else []
    return lines


def bucket_state(bucket: Mapping[str, Any]) -> str:
    """Return how a table's rows are, in a word or two."""
    if bucket["idle"]:
        return "switched off"
    if not bucket["available"]:
        return "no data" if bucket["age"] is None else "too old"
    return "stale" if bucket["stale"] else "fresh"


def spared(bucket: Mapping[str, Any]) -> str:
    """Return how often a table was due and not read again, because nobody had changed its spreadsheet; or nothing."""
    return f", unchanged, {bucket['spared']} × not read again" if bucket["spared"] else ""


def length(seconds: float | None) -> str:
    """Return a length of time in its largest whole unit."""
    if seconds is None:
        return "none"
    sizes = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    size, unit = next(((size, unit) for size, unit in sizes if seconds >= size), (1, "s"))
    return f"{seconds / size:.0f} {unit}"
