"""Which modules belong to a plugin: found without import, imported anew, forgotten.

Python keeps every module in ``sys.modules`` and, a submodule, as an attribute of its package too. A plugin's modules
are its outermost regular package and everything below it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from types import ModuleType

__all__ = ["attach", "detach", "import_entry_point", "owned", "root_of"]


def root_of(module: str) -> ModuleSpec | None:
    """Return the spec of the outermost regular package or module on the way to a plugin's module. Imports nothing.

    Everything at and below it is the plugin's own; what is above is a namespace that it shares with others.
    """
    name, *inner = module.split(".")
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # ValueError: a module in sys.modules that says nothing of its origin
        return None
    while spec is not None and spec.origin is None and inner:
        name = f"{name}.{inner.pop(0)}"
        spec = PathFinder.find_spec(name, spec.submodule_search_locations)
    return spec


def owned(root: str) -> dict[str, ModuleType]:
    """Return the imported modules at and below a root, by name."""
    inside = f"{root}."
    return {name: module for name, module in list(sys.modules.items()) if name == root or name.startswith(inside)}


def import_entry_point(entry_point: EntryPoint, root: str) -> tuple[object, dict[str, ModuleType]]:
    """Import what an entry point names; blocks, so call it in a thread.

    Returns:
        What it names, and the modules at and below the root. When the import fails, what it brought is forgotten.
    """
    before = owned(root)
    importlib.invalidate_caches()
    try:
        loaded: object = entry_point.load()
    except BaseException:
        detach({name: module for name, module in owned(root).items() if before.get(name) is not module})
        raise
    return loaded, owned(root)


def detach(modules: Mapping[str, ModuleType]) -> None:
    """Forget modules; those that others have put in their place stay."""
    for name, module in modules.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]
        parent, _, child = name.rpartition(".")
        package = sys.modules.get(parent)
        if package is not None and vars(package).get(child) is module:
            delattr(package, child)


def attach(modules: Mapping[str, ModuleType]) -> None:
    """Bring forgotten modules back."""
    sys.modules.update(modules)
    for name, module in modules.items():
        parent, _, child = name.rpartition(".")
        package = sys.modules.get(parent)
        if package is not None:
            setattr(package, child, module)
