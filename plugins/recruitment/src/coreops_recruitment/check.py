"""The health check of the clan list."""

from __future__ import annotations

from coreops_hookspecs import CheckResult, HealthStatus, PluginContext

__all__ = ["check_clans"]


async def check_clans(ctx: PluginContext) -> CheckResult:
    """Tell whether ``clan`` has something to show; age and bad rows are the bucket's own news."""
    status = ctx.cache.status("clans")
    if not status.available:
        return CheckResult(HealthStatus.DOWN, status.last_error or "the clan list was never read")
    tab = {"tab": status.tab}
    if not status.rows:
        return CheckResult(HealthStatus.DEGRADED, "tab {tab} holds no clan; fill in rows below its headers", tab)
    return CheckResult(HealthStatus.OK, "{count} clans", {"count": status.rows})
