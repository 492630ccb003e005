"""Hooks that a plugin adds for other plugins: read, checked, and called on behalf of the plugin that added them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from coreops.plugins.hooks import AsyncHooks
from coreops.plugins.specs import Spec, signature_of
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.markers import PROJECT

__all__ = ["DEADLINE", "AddedHooks", "added_spec"]

DEADLINE: Final = 10.0
"""Seconds that one implementation of an added hook may take."""

_NAMED: Final = frozenset({inspect.Parameter.POSITIONAL_OR_KEYWORD})


def added_spec(plugin: str, function: Callable[..., Any]) -> Spec:
    """Return the hook that a function of a plugin specifies.

    Raises:
        DeclarationError: listing all that does not fit.
    """
    parameters = inspect.signature(function).parameters
    prefix = f"{PROJECT}_{plugin.replace('-', '_')}_"
    options = getattr(function, f"{PROJECT}_spec", None)
    wrong = {
        f"its name must begin with {prefix}": not function.__name__.startswith(prefix),
        "put @hookspec above it": options is None,
        "write it without options of @hookspec": options is not None and any(options.values()),
        "write it with async def": not inspect.iscoroutinefunction(function),
        "its first argument must be ctx": next(iter(parameters), "") != "ctx",
        "write its arguments plainly, without * and defaults": any(
            each.kind not in _NAMED or each.default is not each.empty for each in parameters.values()
        ),
    }
    if problems := [remedy for remedy, is_so in wrong.items() if is_so]:
        msg = f"hook {function.__name__} of plugin {plugin!r} cannot be added: {'; '.join(problems)}"
        raise DeclarationError(msg)
    return Spec(
        name=function.__name__,
        arguments=tuple(parameters),
        is_async=True,
        first_result=False,
        timeout=DEADLINE,
        signature=signature_of(function),
        owner=plugin,
    )


class AddedHooks:
    """The :class:`coreops_hookspecs.Hooks` of one plugin.

    Args:
        plugin: Its name.
        hooks: Calls them.
        offered: Returns the hooks that there are, by name.
    """

    def __init__(self, plugin: str, hooks: AsyncHooks, offered: Callable[[], Mapping[str, Spec]]) -> None:
        self._plugin = plugin
        self._hooks = hooks
        self._offered = offered

    async def call(self, hook: str, **arguments: Any) -> Mapping[str, Any]:
        """Await all implementations of an own hook. Raises DeclarationError for another, or for other arguments."""
        spec = self._offered().get(hook)
        if spec is None or spec.owner != self._plugin:
            msg = f"plugin {self._plugin!r} called {hook!r}, which it did not add; return it from coreops_addhooks"
            raise DeclarationError(msg)
        wanted = spec.arguments[1:]
        if set(arguments) != set(wanted):
            msg = f"plugin {self._plugin!r} called {hook} with {_some(arguments)}; it takes {_some(wanted)}"
            raise DeclarationError(msg)
        outcomes = await self._hooks.gather(hook, **{name: arguments[name] for name in wanted})
        return {plugin: outcome.value for plugin, outcome in outcomes if outcome.ok and outcome.value is not None}


def _some(names: Mapping[str, Any] | tuple[str, ...]) -> str:
    return ", ".join(sorted(names)) or "nothing"
