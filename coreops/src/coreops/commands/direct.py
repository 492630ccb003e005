"""Runs a command's handler without lightbulb's pipeline, where that would come to the same.

Most commands have no hooks of lightbulb's and ask for nothing to be injected. For them the pipeline opens two
dependency contexts, copies a method and looks through six steps, which costs more than all else between a message
and its handler. They are called at once; their dependency context is made when somebody looks into it. Every other
command takes lightbulb's way. Two private names are used here and nowhere else; lightbulb is pinned, and a test fails
when they change.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Final

import lightbulb
import linkd
from linkd.solver import AutoInjecting

__all__ = ["DirectHandler", "direct_handler"]

_FUNCTION: Final = "_func"
_RESOLVE_OPTIONS: Final = "_resolve_options"
_COMMAND: Final = lightbulb.di.Contexts.COMMAND

Handler = Callable[[lightbulb.CommandBase, lightbulb.Context], Awaitable[Any]]


class CommandContainer(linkd.Container):
    """The dependency context of one command, made when somebody looks into it.

    Its slots are empty until then, and Python asks ``__getattr__`` for a slot that is.
    """

    __slots__ = ("_context", "made")

    def __init__(self, context: lightbulb.Context) -> None:
        self._context = context
        self.made = False

    def __getattr__(self, name: str) -> Any:
        if self.made:
            raise AttributeError(name)
        self.made = True
        di = self._context.client.di
        super().__init__(di.registry_for(_COMMAND), parent=di.default_container, tag=_COMMAND)
        self.add_value(lightbulb.di.CommandContainer, self)
        self.add_value(lightbulb.Context, self._context)
        return getattr(self, name)


class DirectHandler:
    """The handler of one command class.

    Args:
        function: The author's method.
        options: Whether the class has options, which lightbulb reads.
    """

    __slots__ = ("_function", "_options")

    def __init__(self, function: Handler, *, options: bool) -> None:
        self._function = function
        self._options = options

    async def __call__(self, context: lightbulb.Context) -> None:
        """Run it, in a task of its own; what it raises is raised."""
        command = context.command
        if self._options:
            await getattr(command, _RESOLVE_OPTIONS)()
        container = CommandContainer(context)
        linkd.DI_CONTAINER.set(container)
        try:
            await self._function(command, context)
        finally:
            if container.made:
                await container.close()


def direct_handler(target: type[lightbulb.CommandBase]) -> DirectHandler | None:
    """Return what runs a command class at once, or ``None`` if only lightbulb can."""
    data = lightbulb.utils.get_command_data(target)
    method = inspect.getattr_static(target, data.invoke_method)
    if data.hooks or any(option.converter is not None for option in data.options.values()):
        return None
    function = getattr(method, _FUNCTION) if isinstance(method, AutoInjecting) else method
    if not inspect.iscoroutinefunction(function) or list(inspect.signature(function).parameters)[2:]:
        return None
    return DirectHandler(function, options=bool(data.options))
