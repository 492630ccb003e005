"""From a found plugin to its code, checked and ready to be put into the rooms. Touches no room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint
from typing import Final

from coreops.plugins.added import added_spec
from coreops.plugins.apart import Apart
from coreops.plugins.discovery import Found
from coreops.plugins.guard import CallKind, Guard
from coreops.plugins.items import Asked, Item, declared_items, read_info
from coreops.plugins.modules import detach, import_entry_point, root_of
from coreops.plugins.outcomes import Outcome, OutcomeStatus
from coreops.plugins.roster import Generation
from coreops.plugins.specs import Spec
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.markers import PROJECT

__all__ = ["DEADLINE", "Loader"]

DEADLINE: Final = 15.0
"""Seconds that the import of a plugin and its declaring hooks may take together."""


class Loader:
    """Imports plugins and asks what they declare, each in a thread of its own.

    Args:
        guard: Door to plugins' code.
        offered: Returns the hooks that there are, by name.
    """

    def __init__(self, guard: Guard, offered: Callable[[], Mapping[str, Spec]]) -> None:
        self._guard = guard
        self._offered = offered
        self.owners: dict[str, str] = {}
        """Plugins' names by the modules and packages of their code, from before its import on; nothing is taken out,
        because code of a plugin may run for longer than the plugin is loaded."""

    async def load(self, found: Found, beside: Sequence[Generation] = (), instead: Sequence[str] = ()) -> Generation:
        """Import a plugin and take its declarations.

        Args:
            found: Where it is.
            beside: Code that is loaded with it and has no place in the rooms yet.
            instead: The plugins whose code that will replace.

        Raises:
            DeclarationError: it cannot be imported, what it declares cannot be used, or it took too long. No module of
                it is left, or will be when its thread comes to an end.
        """
        name, entry_point = found.name, found.entry_point
        if entry_point is None:
            msg = f"plugin {name!r} has no entry point to load"
            raise DeclarationError(msg)
        spec = root_of(entry_point.module)
        root = entry_point.module.partition(".")[0] if spec is None else spec.name
        self.owners[entry_point.module] = name
        self.owners.setdefault(root, name)  # plugins of one package share what lies beside their modules
        kept = {hook: spec for hook, spec in self._offered().items() if spec.owner not in instead}
        offered = kept | {spec.name: spec for each in beside for spec in each.adds}
        asked = Asked(name)
        return await self._apart(asked, lambda: _load(asked, found, entry_point, root, offered), root)

    async def take(self, name: str, plugin: object) -> Generation:
        """Take the declarations of a plugin that was handed in. Raises DeclarationError."""
        home = str(getattr(plugin, "__module__", None) or getattr(plugin, "__name__", ""))
        self.owners.setdefault(home, name)
        asked, offered = Asked(name), self._offered()
        return await self._apart(asked, lambda: _take(asked, plugin, offered), home)

    async def _apart(self, asked: Asked, work: Callable[[], Generation], home: str) -> Generation:
        """Do the work guarded, beside the loop. What the plugin raised is its fault; a wrong declaration is none."""
        apart = Apart(work, late=lambda late: detach(late.modules), home=home, name=f"loading {asked.name}")
        outcome = await self._guard.call(
            asked.name, CallKind.LOADER, "import and declaring hooks", apart.run, timeout=DEADLINE, always=True
        )
        if outcome.value is None:
            raise self._hung(asked, outcome, apart.place)
        generation, error = outcome.value
        if generation is not None:
            return generation
        if asked.raised is not None:
            self._guard.report_fault(asked.name, asked.door, asked.doing, asked.raised)
        if isinstance(error, DeclarationError):
            raise error
        msg = f"{asked.doing} of plugin {asked.name!r} raised {type(error).__name__}: {error}"
        raise DeclarationError(msg) from error

    def _hung(
        self, asked: Asked, outcome: Outcome[tuple[Generation | None, BaseException | None]], where: str
    ) -> DeclarationError:
        if outcome.status is not OutcomeStatus.TIMEOUT:
            return DeclarationError(f"plugin {asked.name!r} was not loaded: {outcome.reason or outcome.error}")
        place = f" at {where}" if where else ""
        return DeclarationError(
            f"{asked.doing} of plugin {asked.name!r} did not end within {DEADLINE:g} s{place} and was given up; "
            f"its thread ends when that call returns, so do such work in coreops_startup"
        )


def _load(asked: Asked, found: Found, entry_point: EntryPoint, root: str, offered: Mapping[str, Spec]) -> Generation:
    with asked.going(CallKind.LOADER, "import", f"import of {found.value}"):
        plugin, modules = import_entry_point(entry_point, root)
    try:
        asked.look_at(plugin, offered)
        info = read_info(asked, found.manifest)
        items = declared_items(asked, info)
        return Generation(found.name, plugin, info, items, found, root, modules, _adds(asked, plugin, items))
    except BaseException:
        detach(modules)
        raise


def _take(asked: Asked, plugin: object, offered: Mapping[str, Spec]) -> Generation:
    asked.look_at(plugin, offered)
    info = read_info(asked)
    items = declared_items(asked, info)
    return Generation(asked.name, plugin, info, items, adds=_adds(asked, plugin, items))


def _adds(asked: Asked, plugin: object, items: Sequence[Item]) -> tuple[Spec, ...]:
    """Return the hooks that a plugin adds. Raises DeclarationError for one that cannot be, or was left out."""
    adds = tuple(added_spec(asked.name, item.value) for item in items if item.kind.name == "hook")
    named = [name for name in dir(plugin) if name.startswith(f"{PROJECT}_")]
    marked = {name for name in named if hasattr(getattr(plugin, name), f"{PROJECT}_spec")}
    if left_out := sorted(marked - {spec.name for spec in adds}):
        msg = f"plugin {asked.name!r} marks {', '.join(left_out)} with @hookspec; return it from coreops_addhooks"
        raise DeclarationError(msg)
    return adds
