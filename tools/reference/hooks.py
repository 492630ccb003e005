"""The hook reference, from the specifications."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from coreops_hookspecs import HOOK_API, PROJECT, decide, declare, lifecycle, observe
from tools.reference.text import GENERATED, markdown

__all__ = ["page"]

TITLES: dict[ModuleType, str] = {
    declare: "Hooks that declare",
    lifecycle: "Hooks of the runtime's life",
    observe: "The hook that observes",
    decide: "Hooks that decide",
}


def page() -> str:
    """Return the page ``hooks.md``."""
    intro = (
        f"{GENERATED}\n# Hooks\n\n"
        f"Every hook of the contract, version {HOOK_API}, as `coreops_hookspecs` specifies it. A plugin implements the "
        "ones it needs, by name, with `@hookimpl`; it may leave out arguments that it does not use. A name that is no "
        "hook, an argument that a hook does not have, and `def` in place of `async def` are refused when the plugin is "
        "loaded.\n"
    )
    return intro + "".join(_section(module, title) for module, title in TITLES.items())


def _section(module: ModuleType, title: str) -> str:
    _title, _, about = markdown(module).partition(".")  # the first sentence says what the heading says
    return f"\n## {title}\n\n{about.strip()}\n".replace("\n\n\n", "\n") + "".join(map(_hook, _hooks(module)))


def _hooks(module: ModuleType) -> Iterator[Callable[..., Any]]:
    for function in vars(module).values():
        if inspect.isfunction(function) and hasattr(function, f"{PROJECT}_spec"):
            yield function


def _hook(hook: Callable[..., Any]) -> str:
    keyword = "async def" if inspect.iscoroutinefunction(hook) else "def"
    signature = inspect.signature(hook)
    parameters = ", ".join(f"{name}: {each.annotation}" for name, each in signature.parameters.items())
    head = f"{keyword} {hook.__name__}({parameters}) -> {signature.return_annotation}"
    return f"\n### {hook.__name__}\n\n```python\n{head}\n```\n\n{markdown(hook)}\n"
