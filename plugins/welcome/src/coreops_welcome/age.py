"""How old what was used is."""

from __future__ import annotations

from coreops_hookspecs import BucketStatus

__all__ = ["age_note"]


def age_note(status: BucketStatus) -> list[str]:
    """Return the line that says how old the data is, where it is older than it should be; else none."""
    old = status.stale or status.restored or status.failing_since is not None
    if not old or status.loaded_at is None:
        return []
    return [f"-# ⚠️ {status.name}: data from <t:{int(status.loaded_at.timestamp())}:R>"]
