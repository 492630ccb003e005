"""Which modules belong to a plugin: found without import, forgotten at unload, imported anew at reload."""

from __future__ import annotations

from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec

__all__ = ["root_of"]


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
