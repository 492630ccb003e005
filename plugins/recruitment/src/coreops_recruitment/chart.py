"""The picture of the recruiters' report. Drawing takes a while: call it in a thread."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

__all__ = ["draw"]

INK, PAPER, BAR = "#dbdee1", "#2b2d31", "#5865f2"


def draw(open_spots: Mapping[str, int], title: str) -> bytes:
    """Return a PNG of the open spots by level, fit for Discord's dark and light looks."""
    # Here and not above: the library takes most of a second to import, which no start of the bot should wait for.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 2.6), dpi=110, facecolor=PAPER, layout="constrained")
    axes = figure.add_subplot(facecolor=PAPER)
    bars = axes.bar(list(open_spots), list(open_spots.values()), color=BAR)
    axes.bar_label(bars, color=INK, padding=2)
    axes.set_title(title, color=INK, fontsize=10)
    axes.tick_params(colors=INK, length=0)
    axes.set_yticks([])
    axes.margins(y=0.18)
    for spine in axes.spines.values():
        spine.set_visible(False)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
