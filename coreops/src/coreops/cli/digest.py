"""``coreops digest``: how the running bot is and how its last day went."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import click

from coreops.cli.asked import ago, ask_for, bucket_state, concern_lines, length, options, spared, when
from coreops.cli.output import table

__all__ = ["command"]

Entry = Mapping[str, Any]


@click.command("digest")
@options
def command(*, as_json: bool, http_port: int) -> None:
    """Show each table, job and plugin of the running bot, how the last 24 hours went, quota and error budget."""
    digest = ask_for(http_port, "/digest", "budgets")
    click.echo(json.dumps(digest, indent=2) if as_json else "\n".join(_told(digest)))


def _told(digest: Entry) -> Iterator[str]:
    report = digest["report"]
    yield f"{report['bot']} {report['status']} · {report['phase']} · up {length(report['uptime'])}"
    yield from concern_lines(report) or ["nothing needs attention"]
    if digest["buckets"]:
        yield table(
            ["table", "state", "age", "next", "retries", "by", "last result"], [*map(_bucket, digest["buckets"])]
        )
    if digest["jobs"]:
        yield table(["job", "next", "last", "outcome", "by", "error"], [*map(_job, digest["jobs"])])
    if digest["plugins"]:
        yield table(["plugin", "state", "since", "calls", "faults"], [*map(_plugin, digest["plugins"])])
    if digest["day"]:
        yield table(["24 hours", "name", "count", "failed", "p50", "p95", "p99"], [*map(_series, digest["day"])])
    for budget in digest["budgets"]:
        allowed = budget["count"] * (1 - budget["target"])
        failed = f"{budget['failures']} of {budget['count']} failed in {budget['days']} days"
        yield f"error budget of {budget['kind']}s: {failed}, {allowed:.1f} allowed"
    if digest["quota"]:
        quota = digest["quota"]
        used = [f"{quota[kind]} of {quota[f'{kind}_limit']} {kind}" for kind in ("reads", "writes")]
        yield f"quota this minute: {', '.join(used)}"
    if digest["lost"]:
        yield f"{digest['lost']} events were lost, because who listens was too slow"


def _bucket(bucket: Entry) -> list[str]:
    result = bucket["last_error"] or f"{bucket['last_result']}{spared(bucket)}"
    following = when(bucket["next_refresh_at"])
    return [
        bucket["name"],
        bucket_state(bucket),
        length(bucket["age"]),
        following,
        str(bucket["retries"]),
        bucket["last_actor"],
        result,
    ]


def _job(job: Entry) -> list[str]:
    last = job["last"] or {"started_at": None, "outcome": "", "actor": "", "error": ""}
    return [job["name"], when(job["next_at"]), ago(last["started_at"]), last["outcome"], last["actor"], last["error"]]


def _plugin(plugin: Entry) -> list[str]:
    return [plugin["name"], plugin["state"], ago(plugin["since"]), str(plugin["calls"]), str(plugin["faults"])]


def _series(series: Entry) -> list[str]:
    times = [_seconds(series[part]) for part in ("p50", "p95", "p99")]
    return [series["kind"], series["name"], str(series["count"]), str(series["failures"]), *times]


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s" if seconds < 60 else length(seconds)
