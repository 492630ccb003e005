"""Tables and progress for terminals and pipes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

__all__ = ["progress", "table"]

_STYLES = {
    "ok": "green",
    "active": "green",
    "discovered": "cyan",
    "problem": "red",
    "failed": "red",
    "quarantined": "red",
    "degraded": "yellow",
    "blocked": "yellow",
    "incompatible": "yellow",
}


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a table as wide as the terminal; a known state is coloured where colours are shown.

    click strips colours from what does not go to a terminal.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        drawn.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    sink = io.StringIO()
    width = shutil.get_terminal_size((120, 24)).columns
    Console(file=sink, width=width, force_terminal=True, color_system="standard").print(drawn)
    return "\n".join(line.rstrip() for line in sink.getvalue().strip("\n").splitlines() if line.strip())


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error, if that is a terminal, that something is going on; yields what names the latest step."""
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …") as status:
        yield lambda step: status.update(f"{what} … {step}")
