"""The status page: one HTML page, complete in itself, for a person with a browser.

It is drawn here and works without JavaScript, reloading itself every 30 seconds; with JavaScript the same page is
fetched every few seconds and its sections are exchanged in place, so there is one rendering and no second one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from coreops.health.attention import headline, remedy, why
from coreops.health.html import Html, element, joined
from coreops.health.overview import Overview
from coreops.health.tables import (
    badge,
    buckets_table,
    changes_table,
    components_table,
    events_table,
    jobs_table,
    plugins_table,
)
from coreops.telemetry.phrases import duration
from coreops_hookspecs.health import Concern, HealthReport, HealthStatus
from coreops_hookspecs.sheets import SheetsQuota

__all__ = ["policy", "render"]


def policy(nonce: str) -> str:
    """Return the page's Content-Security-Policy: nothing from anywhere but its own two inline blocks."""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def render(overview: Overview, nonce: str, *, detail: bool) -> str:
    """Return the page.

    Args:
        overview: What to show.
        nonce: The one that :func:`policy` was given.
        detail: Whether the reader may see more than the status.
    """
    sections = _sections(overview) if detail else [_withheld()]
    return "<!doctype html>\n" + element(
        "html",
        _head(overview.report, nonce),
        element("body", element("main", _verdict(overview, detail=detail), *sections), _foot(overview), _script(nonce)),
        lang="en",
    )


def _head(report: HealthReport, nonce: str) -> Html:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("noscript", element("meta", http_equiv="refresh", content="30")),
        element("title", f"{_status_of(report).value} · {report.bot}"),
        element("link", rel="icon", href="data:,"),
        element("style", _asset("status.css"), nonce=nonce),
    )


def _verdict(overview: Overview, *, detail: bool) -> Html:
    report = overview.report
    found = report.concerns if detail else ()
    return element(
        "header",
        element("p", f"{report.bot} · {report.env}", class_="who"),
        element("h1", badge(_status_of(report), headline(report))),
        element("ul", *(_concern(concern, overview) for concern in found), class_="concerns") if found else None,
        id="verdict",
        class_=_status_of(report).value,
    )


def _concern(concern: Concern, overview: Overview) -> Html:
    what = concern.what[:1].upper() + concern.what[1:]
    cause, todo = why(concern, overview.at), remedy(concern, overview.at, overview.usage)
    return element(
        "li",
        badge(concern.status, what),
        element("span", f" {cause}", class_="why") if cause else None,
        element("span", f" → {todo}", class_="remedy") if todo else None,
    )


def _sections(overview: Overview) -> Iterator[Html]:
    now = overview.at
    yield _facts(overview.report)
    yield _section("buckets", "Buckets", joined(buckets_table(overview.buckets, now), _quota(overview.quota)))
    yield _section("plugins", "Plugins", plugins_table(overview.plugins, now))
    yield _section("jobs", "Jobs", jobs_table(overview.jobs, now))
    yield _section("parts", "Parts", components_table(overview.report.components, now))
    yield _section("changes", "Changes", changes_table(overview.report.changes, now))
    yield _section("events", "Recent events", events_table(overview.events, now))


def _quota(quota: SheetsQuota | None) -> Html | None:
    return None if quota is None else element("p", f"Google Sheets: {quota.forecast}", id="quota")


def _facts(report: HealthReport) -> Html:
    gateway = "connected" if report.gateway_connected else "not connected"
    facts = {
        "Gateway": gateway,
        "Latency": _seconds(report.gateway_latency, "ms"),
        "Last event": _seconds(report.last_event_age, "ago"),
        "Loop lag": _seconds(report.loop_lag, "ms"),
        "Up": duration(report.uptime),
        "Bot": report.bot_version,
        "CoreOps": report.coreops_version,
        "Process": str(report.pid),
    }
    items = [element("div", element("dt", name), element("dd", value)) for name, value in facts.items()]
    return element("dl", *items, id="facts")


def _seconds(value: float | None, unit: str) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN: no figure
        return "—"
    return f"{value * 1000:.0f} ms" if unit == "ms" else f"{duration(value)} ago"


def _section(name: str, title: str, body: Html) -> Html:
    return element("section", element("h2", title, id=f"{name}-title"), body, id=name, aria_labelledby=f"{name}-title")


def _withheld() -> Html:
    how = "Detail is shown on the machine itself, or with the header Authorization: Bearer and COREOPS_HTTP_TOKEN."
    return element("p", how, id="withheld", class_="empty")


def _foot(overview: Overview) -> Html:
    at = overview.at
    return element(
        "footer",
        element("span", "As of ", element("time", f"{at:%d %b %Y %H:%M:%S} UTC", datetime=at.isoformat()), id="as-of"),
        element("span", id="live", role="status"),
        element("a", "Reload", href=""),
    )


def _script(nonce: str) -> Html:
    return element("script", _asset("status.js"), nonce=nonce)


def _status_of(report: HealthReport) -> HealthStatus:
    return report.status if report.phase == "ready" else max(report.status, HealthStatus.DEGRADED, key=_GRAVITY.index)


_GRAVITY = (HealthStatus.OK, HealthStatus.DEGRADED, HealthStatus.DOWN)


@cache
def _asset(name: str) -> Html:
    """Return a file of the package; it is ours and needs no escaping."""
    return joined(Html((files(__package__) / name).read_text(encoding="utf-8")))
