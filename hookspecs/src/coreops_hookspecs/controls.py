"""Buttons, menus and forms of a plugin that go on working after a restart: declarations, and what a press brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from coreops_hookspecs.access import AccessRule, Tier

if TYPE_CHECKING:
    import hikari

    from coreops_hookspecs.context import PluginContext

__all__ = ["STATE_LIMIT", "Control", "Controls", "Press"]

STATE_LIMIT: Final = 70
"""Characters of state that fit beside its seal into the 100 of a custom id (Discord docs, Component Reference)."""


_EVERYBODY: Final = AccessRule(Tier.USER)


class Press(Protocol):
    """One press on a button, choice in a menu, or submitted form.

    An answer is due within the time of a command; what takes more than two seconds is acknowledged for the plugin. A
    press that is answered with nothing leaves the message as it is.
    """

    @property
    def interaction(self) -> hikari.ComponentInteraction | hikari.ModalInteraction:
        """What arrived; ``interaction.resolved`` holds the members, roles and channels chosen in a menu."""
        ...

    @property
    def state(self) -> str:
        """What was put into the custom id."""
        ...

    @property
    def user_id(self) -> int: ...

    @property
    def owner_id(self) -> int | None:
        """Who alone may press; ``None`` where everybody may."""
        ...

    @property
    def values(self) -> Sequence[str]:
        """What was chosen in a menu."""
        ...

    @property
    def texts(self) -> Mapping[str, str]:
        """What was filled into a form, by the custom ids of its inputs."""
        ...

    async def update(self, content: Any = ..., **options: Any) -> None:
        """Change the message that the control stands on; options are those of ``RESTClient.edit_message``."""
        ...

    async def respond(self, content: Any = ..., *, ephemeral: bool = True, **options: Any) -> None:
        """Send a message, by default to whoever pressed alone; options are those of ``RESTClient.create_message``."""
        ...

    async def defer(self) -> None:
        """Acknowledge; the message stays as it is until :meth:`update`."""
        ...

    async def open_form(
        self, title: str, custom_id: str, components: Sequence[hikari.api.ModalActionRowBuilder]
    ) -> None:
        """Open a form whose submission is a press on the control of that custom id.

        Raises:
            UsageError: the press has been answered or acknowledged; Discord opens a form as the first answer only.
        """
        ...


@dataclass(frozen=True, slots=True)
class Control:
    """What answers presses on the buttons and menus, and the forms, of one name.

    Args:
        name: Unique within the plugin; never change it, messages in Discord name it.
        callback: Coroutine function called with the plugin's context and the press.
        access: Who may press.
        toggle: Name of the feature toggle that must be on.
        command: Path of the command that it belongs to: whoever may not run it now may not press either, by tier,
            toggle, the operator's rules and ``coreops_authorize``.
    """

    name: str
    callback: Callable[[PluginContext, Press], Awaitable[None]]
    access: AccessRule = _EVERYBODY
    toggle: str | None = None
    command: str = ""


class Controls(Protocol):
    """Makes the custom ids of a plugin's own controls."""

    def id(self, name: str, state: str = "", *, owner: int | None = None, shared: bool = False) -> str:
        """Return a custom id that carries ``state``, sealed, so that it holds after a restart and cannot be made up.

        Two controls of one message need different custom ids, so different names or states.

        Args:
            name: Name of a declared :class:`Control`.
            state: At most :data:`STATE_LIMIT` characters; what is longer belongs into ``ctx.state`` under a short key.
            owner: User who alone may press; by default whoever runs the command, or pressed.
            shared: Let everybody press who may see the message.

        Raises:
            KeyError: the plugin declares no control of that name.
            ValueError: the state is too long.
            LookupError: no owner is given, it is not shared, and nobody has run a command.
        """
        ...
