"""The loaded plugins: what each one's code is now, and who needs whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, ModuleType

from coreops.plugins.discovery import Found
from coreops.plugins.items import Item
from coreops.plugins.order import start_order
from coreops.plugins.specs import Spec
from coreops_hookspecs.declarations import PluginInfo

__all__ = ["Generation", "Roster"]


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """One state of a plugin's code: a reload puts another in its place.

    Args:
        name: The plugin.
        plugin: The module or object whose functions implement hooks.
        info: Who it says it is.
        items: What it contributes.
        found: Where it was loaded from; ``None`` if it was handed in.
        root: Name of its outermost package or module; empty if it was handed in.
        modules: The modules that its import brought, by name.
        adds: The hooks that it adds for other plugins.
    """

    name: str
    plugin: object
    info: PluginInfo
    items: tuple[Item, ...]
    found: Found | None = None
    root: str = ""
    modules: Mapping[str, ModuleType] = field(default_factory=dict)
    adds: tuple[Spec, ...] = ()

    @property
    def homes(self) -> Collection[ModuleType]:
        """The modules whose code is the plugin's."""
        given = isinstance(self.plugin, ModuleType) and self.plugin not in self.modules.values()
        return [*self.modules.values(), *([self.plugin] if given else [])]  # type: ignore[list-item]  # given: it is a module

    @property
    def codes(self) -> frozenset[CodeType]:
        """The code of an object that was handed in: its class may share a module with code of others."""
        if isinstance(self.plugin, ModuleType) or self.modules:
            return frozenset()
        members = [member for kind in type(self.plugin).__mro__ for member in vars(kind).values()]
        return frozenset(inner for member in members for inner in _codes(getattr(member, "__code__", None)))


def _codes(code: object) -> Iterator[CodeType]:
    """Yield a code object and those of the functions within it."""
    if isinstance(code, CodeType):
        yield code
        for constant in code.co_consts:
            yield from _codes(constant)


class Roster:
    """Generations by plugin, in order of starting: dependencies first, then by name."""

    def __init__(self) -> None:
        self._generations: dict[str, Generation] = {}
        self.order: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Generation:
        return self._generations[name]

    def __contains__(self, name: str) -> bool:
        return name in self._generations

    def __iter__(self) -> Iterator[Generation]:
        return iter([self._generations[name] for name in self.order])

    def get(self, name: str) -> Generation | None:
        """Return the code of a loaded plugin, or ``None``."""
        return self._generations.get(name)

    def put(self, generation: Generation) -> None:
        """Take up a plugin's code, or put it in place of the old; :meth:`arrange` afterwards."""
        self._generations[generation.name] = generation

    def drop(self, name: str) -> Generation | None:
        """Forget a plugin; return what it was."""
        self.order = tuple(other for other in self.order if other != name)
        return self._generations.pop(name, None)

    def arrange(self) -> dict[str, str]:
        """Order the plugins anew; return why some cannot be started, by name."""
        self.order, refused = start_order({name: each.info.depends for name, each in self._generations.items()})
        self.order += tuple(sorted(refused))
        return refused

    def dependents(self, name: str) -> tuple[str, ...]:
        """Return the plugins that need one, directly or by way of others, in order of starting."""
        found = {name}
        for each in self:
            if found.intersection(each.info.depends):
                found.add(each.name)
        return tuple(other for other in self.order if other in found and other != name)

    def housemates(self, name: str) -> tuple[str, ...]:
        """Return the other plugins whose code is in the same package."""
        root = self._generations[name].root
        return tuple(each.name for each in self if each.root == root and root and each.name != name)
