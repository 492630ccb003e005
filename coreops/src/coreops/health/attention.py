"""What an operator must know at a glance, in words for the status page: of the whole, and of each concern.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coreops.telemetry.phrases import duration
from coreops_hookspecs.health import Concern, HealthReport, HealthStatus

__all__ = ["headline", "remedy", "when", "why"]


def headline(report: HealthReport) -> str:
    """Return the whole in one sentence."""
    if report.phase == "starting":
        return "Starting. Commands are not answered yet."
    if report.phase in {"draining", "stopped"}:
        return "Stopping. No new commands are taken."
    if report.status is HealthStatus.DOWN:
        down = [part.name for part in report.components if part.status is HealthStatus.DOWN]
        return f"Not serving: {', '.join(down) or 'a part'} {'is' if len(down) < 2 else 'are'} down."
    if report.status is HealthStatus.DEGRADED:
        return "Serving, but not everything is well."
    return "Serving. All is well."


def when(instant: datetime, now: datetime) -> str:
    """Return an instant for people: time of day in UTC, the date too on another day, and how long ago or ahead."""
    text = f"{instant:%H:%M} UTC" if instant.date() == now.date() else f"{instant:%d %b %H:%M} UTC"
    seconds = (now - instant).total_seconds()
    return f"{text} (in {duration(-seconds)})" if seconds < 0 else f"{text} ({duration(seconds)} ago)"


def why(concern: Concern, now: datetime) -> str:
    """Return its cause and since when."""
    since = f"since {when(concern.since, now)}" if concern.since else ""
    return _sentence(concern.cause, since)


def remedy(concern: Concern, now: datetime, usage: Callable[[str], str]) -> str:
    """Return what comes by itself, what to correct and what to press; ``usage`` tells how a command is typed."""
    again = ""
    if concern.next_at is not None:
        again = "it is tried again " + (when(concern.next_at, now) if concern.next_at > now else "now")
    typed = usage(concern.command) if concern.command else ""
    press = f"{typed} {concern.argument}".strip() if typed else ""
    return _sentence(concern.fix, again, press)


def _sentence(*parts: str) -> str:
    return "; ".join(filter(None, parts))
