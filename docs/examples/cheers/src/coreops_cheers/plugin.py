"""Adds cheers to toasts: implements a hook that another plugin adds, without importing it."""

from __future__ import annotations

from coreops_hookspecs import PluginInfo, hookimpl


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does, and whose hooks it implements."""
    return PluginInfo.load(__name__, name="cheers", version="1.0")


@hookimpl
async def coreops_toasts_raised(who: str) -> str | None:
    """Cheer for whoever has a name; the arguments that are not needed may be left out."""
    return f"Cheers, {who}!" if who else None
