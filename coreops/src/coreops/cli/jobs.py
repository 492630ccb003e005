"""``coreops jobs``: what runs by the clock in a running bot, how its runs ended, and running or pausing it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import click

from coreops.cli.asked import ago, ask, fail, length, options, show, when
from coreops.cli.giving import give, options_of_orders
from coreops.cli.state import state_file

__all__ = ["command"]

Cell = Callable[[Mapping[str, Any]], str]


def _next(job: Mapping[str, Any]) -> str:
    if job["pause"]:
        return f"paused by {job['pause']['actor']}"
    return "running" if job["running"] else str(job["next_at"] or "")


def _took(run: Mapping[str, Any]) -> str:
    return f"{run['duration'] * 1000:.0f} ms" if run["duration"] < 1 else length(run["duration"])


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
    "took": _took,
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


_ORDERS: Final = {
    "run": "Run the job NAME of the running bot now, paused or not, and wait for its end.",
    "pause": "Run the job NAME of the running bot no more by the clock, over restarts too.",
    "resume": "Run the paused job NAME by the clock again; times that passed are not made up for.",
    "next": "Show when the job NAME of the running bot runs next.",
}
_EXIT: Final = """

Exit code 0 when it was done, 1 when the run did not end well, there is no such job, or no bot answers; 2 when the
settings cannot be used.
"""


def _order(action: str, about: str) -> click.Command:
    def carry_out(*, name: str, as_json: bool, http_port: int, config: Path | None) -> None:
        path = f"jobs/{quote(name, safe='')}/{action}"
        give(path, {}, _told, as_json=as_json, port=http_port, config=config)

    params = [click.Argument(["name"]), *options_of_orders()]
    return click.Command(action, params=params, callback=carry_out, help=about + _EXIT, short_help=about)


def _told(change: Mapping[str, Any]) -> Iterator[str]:
    job, run = change["job"], change["run"]
    if run is not None:
        yield f"{run['job']}: {run['outcome']} in {_took(run)}, reference {run['trace']}"
        if run["error"]:
            yield f"because: {run['error']}"
        return
    yield f"{job['name']}: by {job['schedule']} in {job['timezone']}; {job['policy']}"
    if job["pause"]:
        pause = job["pause"]
        yield f"paused by {pause['actor']} {ago(pause['at'])}; coreops jobs resume {job['name']} ends that"
    elif not change["upcoming"]:
        yield f"next {job['next_at']}, {when(job['next_at'])}"
    for instant in change["upcoming"]:
        yield f"{instant}  {when(instant)}"


for _action, _about in _ORDERS.items():
    command.add_command(_order(_action, _about))
