"""From a found plugin to its code, checked and ready to be put into the rooms. Touches no room."""

from __future__ import annotations

import asyncio

from coreops.plugins.discovery import Found
from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.items import Asked, declared_items, read_info
from coreops.plugins.modules import detach, import_entry_point, root_of
from coreops.plugins.roster import Generation
from coreops_hookspecs.errors import DeclarationError

__all__ = ["Loader"]


class Loader:
    """Imports plugins and asks what they declare.

    Args:
        guard: Door to plugins' code.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.owners: dict[str, str] = {}
        """Plugins' names by the modules and packages of their code, from before its import on; nothing is taken out,
        because code of a plugin may run for longer than the plugin is loaded."""

    async def load(self, found: Found) -> Generation:
        """Import a plugin in a thread, so that a slow import does not hold the loop, and take its declarations.

        Raises:
            DeclarationError: it cannot be imported, or what it declares cannot be used. No module of it is left.
        """
        name, entry_point = found.name, found.entry_point
        if entry_point is None:
            msg = f"plugin {name!r} has no entry point to load"
            raise DeclarationError(msg)
        spec = root_of(entry_point.module)
        root = entry_point.module.partition(".")[0] if spec is None else spec.name
        self.owners[entry_point.module] = name
        self.owners.setdefault(root, name)  # plugins of one package share what lies beside their modules
        outcome = await self._guard.call(
            name,
            CallKind.LOADER,
            "import",
            asyncio.to_thread,
            import_entry_point,
            entry_point,
            root,
            timeout=None,
            always=True,
        )
        if outcome.value is None:
            error = outcome.error
            why = outcome.reason if error is None else f"{type(error).__name__}: {error}"
            msg = f"import of {found.value} raised {why}"
            raise DeclarationError(msg) from error
        plugin, modules = outcome.value
        try:
            asked = Asked(self._guard, name, plugin)
            info = read_info(asked, found.manifest)
            return Generation(name, plugin, info, declared_items(asked, info), found, root, modules)
        except BaseException:
            detach(modules)
            raise

    def take(self, name: str, plugin: object) -> Generation:
        """Take the declarations of a plugin that was handed in. Raises DeclarationError."""
        self.owners.setdefault(str(getattr(plugin, "__module__", None) or getattr(plugin, "__name__", "")), name)
        asked = Asked(self._guard, name, plugin)
        info = read_info(asked)
        return Generation(name, plugin, info, declared_items(asked, info))
