"""The health check of the welcome texts."""

from __future__ import annotations

from coreops_hookspecs import CheckResult, HealthStatus, PluginContext

__all__ = ["check_welcome"]


async def check_welcome(ctx: PluginContext) -> CheckResult:
    """Tell whether there are texts and a channel; age and bad rows are the bucket's own news."""
    if not any(map(ctx.toggles.enabled, ("welcome", "welcome_join"))):
        return CheckResult(HealthStatus.OK, "switched off")
    status = ctx.cache.status("welcome_templates")
    if not status.available:
        return CheckResult(HealthStatus.DEGRADED, status.last_error or "the welcome texts were never read")
    tab = {"tab": status.tab}
    if not status.rows:
        return CheckResult(HealthStatus.DEGRADED, "tab {tab} holds no text; fill in rows below its headers", tab)
    if not ctx.config.get("WELCOME_CHANNEL_ID"):
        return CheckResult(HealthStatus.DEGRADED, "WELCOME_CHANNEL_ID names no channel; set it in the Config worksheet")
    return CheckResult(HealthStatus.OK, "{count} texts", {"count": status.rows})
