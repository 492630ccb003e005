"""``coreops buckets``: the tables of a running bot, or those that the installed plugins declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from coreops.cli.asked import ago, ask, bucket_state, declared_here, forecast, length, options, show, spared

__all__ = ["command"]

Cell = Callable[[Mapping[str, Any]], str]


def _rhythm(bucket: Mapping[str, Any]) -> str:
    return f"cron {bucket['cron']}" if bucket["cron"] else f"every {length(bucket['ttl'])}"


def _result(bucket: Mapping[str, Any]) -> str:
    if bucket["last_error"]:
        return str(bucket["last_error"])
    left_out = f", {bucket['problem_count']} rows left out" if bucket["problem_count"] else ""
    told = f"{bucket['last_result']} by {bucket['last_actor'] or 'nobody'}, {bucket['retries']} retries{left_out}"
    return f"{told}{spared(bucket)}"


_RUNNING: Final[Mapping[str, Cell]] = {
    "bucket": lambda bucket: str(bucket["name"]),
    "state": bucket_state,
    "rows": lambda bucket: str(bucket["rows"]),
    "read": lambda bucket: ago(bucket["loaded_at"]),
    "again": _rhythm,
    "tab": lambda bucket: f"{bucket['tab']} of {bucket['setting']}",
    "last result": _result,
}
_DECLARED: Final[Mapping[str, Cell]] = {
    "bucket": lambda bucket: str(bucket["name"]),
    "plugin": lambda bucket: str(bucket["plugin"]),
    "tab": lambda bucket: f"{bucket['tab']} of {bucket['setting']}",
    "again": _rhythm,
    "maximum age": lambda bucket: length(bucket["max_age"]),
}


@click.command("buckets")
@options
@click.option("--offline", is_flag=True, help="List what the installed plugins declare, without a running bot.")
def command(*, as_json: bool, http_port: int, offline: bool) -> None:
    """List the tables: how fresh each is, how many rows it serves, and how the last read ended."""
    if not offline:
        show(ask(http_port, "buckets", "name"), _RUNNING, as_json=as_json)
        if not as_json and (budget := forecast(http_port)):
            click.echo(f"\n{budget}")
        return
    declared = declared_here()
    entries = [
        {
            "name": name,
            "plugin": declared.owners[name],
            "setting": spec.spreadsheet,
            "tab": spec.tab,
            "ttl": spec.ttl.total_seconds(),
            "max_age": None if spec.max_age is None else spec.max_age.total_seconds(),
            "cron": spec.cron or "",
        }
        for name, spec in sorted(declared.buckets.items())
    ]
    show(entries, _DECLARED, as_json=as_json)
