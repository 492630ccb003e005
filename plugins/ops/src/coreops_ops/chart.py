"""The picture of the digest: the last 24 hours in three rows. Drawing takes a while: call it in a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from coreops_hookspecs import Digest, Rollup

__all__ = ["draw"]

INK, PAPER = "#dbdee1", "#2b2d31"
FRESH, FAILED = "#57f287", "#ed4245"
TIMED = {"command": "#5865f2", "bucket": "#fee75c", "job": "#eb459e"}


def draw(digest: Digest) -> bytes:
    """Return a PNG of freshness, latency and errors, fit for Discord's dark and light looks."""
    # Here and not above: the library takes most of a second to import, which no start of the bot should wait for.
    from matplotlib.dates import DateFormatter
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.8), dpi=110, facecolor=PAPER, layout="constrained")
    fresh, times, errors = figure.subplots(3, 1, sharex=True)
    ages = _of(digest, "age")
    fresh.plot(*_line(ages, [100 * (1 - each.failures / each.count) for each in ages]), color=FRESH, marker=".")
    fresh.set_ylim(-5, 105)
    for kind, colour in TIMED.items():
        rollups = [each for each in _of(digest, kind) if each.p95 is not None]
        if rollups:
            times.plot(
                *_line(rollups, [each.p95 or 0.0 for each in rollups]), color=colour, marker=".", label=f"{kind}s"
            )
    if times.lines:
        times.legend(fontsize=7, labelcolor=INK, facecolor=PAPER, edgecolor=PAPER, loc="upper right", ncols=3)
    failed: Counter[float] = Counter()
    for kind in TIMED:
        failed.update({each.start: each.failures for each in _of(digest, kind)})
    errors.bar([_instant(at) for at in failed], list(failed.values()), width=digest.step / 86_400 * 0.8, color=FAILED)
    errors.set_ylim(0, max([1, *failed.values()]))
    now = digest.at.timestamp()
    errors.set_xlim(_instant(now - 86_400), _instant(now))
    errors.xaxis.set_major_formatter(DateFormatter("%H:%M", tz=UTC))  # type: ignore[no-untyped-call]
    for axes, title in ((fresh, "fresh, %"), (times, "p95, s"), (errors, "failures (UTC)")):
        axes.set_facecolor(PAPER)
        axes.set_title(title, color=INK, fontsize=9, loc="left")
        axes.tick_params(colors=INK, labelsize=8, length=0)
        axes.grid(color=INK, alpha=0.15)
        for spine in axes.spines.values():
            spine.set_visible(False)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def _of(digest: Digest, kind: str) -> list[Rollup]:
    return [each for each in digest.trend if each.kind == kind]


def _line(rollups: Sequence[Rollup], values: Sequence[float]) -> tuple[list[datetime], Sequence[float]]:
    return [_instant(each.start) for each in rollups], values


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
