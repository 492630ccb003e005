"""The health check of the reservations."""

from __future__ import annotations

from coreops_hookspecs import CheckResult, HealthStatus, PluginContext
from coreops_hookspecs.errors import BucketColdError
from coreops_placement.book import open_book

__all__ = ["check_reservations"]


async def check_reservations(ctx: PluginContext) -> CheckResult:
    """Tell whether places can be reserved, and of clans with more holds than open spots."""
    if not ctx.toggles.enabled("placement"):
        return CheckResult(HealthStatus.OK, "switched off")
    try:
        book = open_book(ctx)
    except BucketColdError as error:
        return CheckResult(HealthStatus.DOWN, str(error))
    over = [f"{clan.clan_tag} ({len(book.of(clan))} held, {clan.open_spots} open)" for clan in book.overbooked()]
    if over:
        return CheckResult(
            HealthStatus.DEGRADED,
            "more places are held than open in {clans}: use reserve release, or correct open_spots",
            {"clans": ", ".join(over)},
        )
    return CheckResult(HealthStatus.OK, "{count} places held", {"count": len(book.holds)})
