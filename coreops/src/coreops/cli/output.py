"""Tables and progress for terminals and pipes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = ["Bar", "progress", "table"]

_STYLES = {
    "ok": "green",
    "active": "green",
    "fresh": "green",
    "on": "green",
    "stale": "yellow",
    "no data": "red",
    "too old": "red",
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


class Bar:
    """A progress bar."""

    def __init__(self, progress: Progress, what: str) -> None:
        self._progress = progress
        self._what = what
        self._task = progress.add_task(what, total=None)

    @property
    def done(self) -> int:
        """How many steps are done."""
        return round(self._progress.tasks[0].completed)

    @property
    def total(self) -> int | None:
        """How many steps there are in all, if that is known."""
        total = self._progress.tasks[0].total
        return None if total is None else round(total)

    def plan(self, steps: int) -> None:
        """Say how many steps there are in all."""
        self._progress.update(self._task, total=max(steps, self.done))

    def step(self, name: str) -> None:
        """Note that a step is done."""
        self._progress.update(self._task, advance=1, description=f"{self._what} … {name}")


@contextmanager
def progress(what: str, console: Console | None = None) -> Iterator[Bar]:
    """Show how far something has come, if there is a terminal, and clear that away at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    console = console or Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield Bar(shown, what)
