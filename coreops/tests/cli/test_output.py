"""Tables and progress."""

from __future__ import annotations

import io

from rich.console import Console

from coreops.cli.output import progress


def test_progress_shows_how_far_it_is_and_clears_itself_away() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with progress("checking", console) as bar:
        bar.plan(4)
        bar.step("settings")
        bar.step("tab Clans")
        assert bar.done == 2
    assert "checking … tab Clans" in screen.getvalue()
    assert "2/4" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


def test_progress_may_find_more_to_do_than_was_planned() -> None:
    with progress("checking", Console(file=io.StringIO(), force_terminal=True)) as bar:
        bar.step("one")
        bar.step("two")
        bar.plan(1)
        assert bar.total == 2


def test_progress_writes_nothing_where_there_is_no_terminal() -> None:
    sink = io.StringIO()
    with progress("checking", Console(file=sink)) as bar:
        bar.step("settings")
    assert sink.getvalue() == ""
