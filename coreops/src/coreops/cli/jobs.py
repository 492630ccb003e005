"""``coreops jobs``: what runs by the clock in a running bot, and how its runs ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from coreops.cli.asked import ago, ask, fail, length, options, show
from coreops.cli.state import state_file

__all__ = ["command"]

Cell = Callable[[Mapping[str, Any]], str]


def _next(job: Mapping[str, Any]) -> str:
    if job["pause"]:
        return f"paused by {job['pause']['actor']}"
    return "running" if job["running"] else str(job["next_at"] or "")


_JOBS: Final[Mapping[str, Cell]] = {
    "job": lambda job: str(job["name"]),
    "schedule": lambda job: f"{job['schedule']} {job['timezone']}" if job["timezone"] != "UTC" else job["schedule"],
    "next": _next,
    "last": lambda job: f"{job['last']['outcome']} {ago(job['last']['started_at'])}" if job["last"] else "never",
    "policies": lambda job: str(job["policy"]),
}
_RUNS: Final[Mapping[str, Cell]] = {
    "job": lambda run: str(run["job"]),
    "outcome": lambda run: str(run["outcome"]),
    "scheduled for": lambda run: str(run["scheduled_for"]),
    "took": lambda run: f"{run['duration'] * 1000:.0f} ms" if run["duration"] < 1 else length(run["duration"]),
    "actor": lambda run: str(run["actor"]),
    "trace": lambda run: str(run["trace"]),
    "error": lambda run: str(run["error"]),
}


@click.group("jobs", invoke_without_command=True)
@options
@click.pass_context
def command(ctx: click.Context, *, as_json: bool, http_port: int) -> None:
    """List what runs by the clock in a running bot: its schedule, when it runs next, how its last run ended."""
    if ctx.invoked_subcommand is None:
        show(ask(http_port, "jobs", "name"), _JOBS, as_json=as_json)


@command.command("history")
@click.argument("name", required=False)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with settings.")
def history(*, name: str | None, limit: int, as_json: bool, config: Path | None) -> None:
    """Show how the latest runs of the job NAME ended, or those of all jobs; the bot need not run."""
    import msgspec

    from coreops_hookspecs.errors import CoreOpsError
    from coreops_shared.state.runs import history as runs_of

    try:
        runs = runs_of(state_file(config), name, limit)
    except CoreOpsError as error:
        fail(str(error))
    show(json.loads(msgspec.json.encode(runs)), _RUNS, as_json=as_json)
