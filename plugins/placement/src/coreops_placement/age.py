"""How old what is shown is."""

from __future__ import annotations

from coreops_hookspecs import BucketStatus, Cache
from coreops_placement.records import BUCKET

__all__ = ["age_notes"]


def age_notes(cache: Cache) -> list[str]:
    """Return a line for each of the two lists that is older than it should be."""
    told = {"open spots": cache.status("clans"), "reservations": cache.status(BUCKET)}
    return [f"-# ⚠️ {what}: data from <t:{_second(status)}:R>" for what, status in told.items() if _is_old(status)]


def _is_old(status: BucketStatus) -> bool:
    old = status.stale or status.restored or status.failing_since is not None
    return old and status.loaded_at is not None


def _second(status: BucketStatus) -> int:
    return 0 if status.loaded_at is None else int(status.loaded_at.timestamp())
