"""Who may run what, now: every rule that stands before a command, in one order for running, help and suggestions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coreops.commands.access import AccessPolicy, denial, grant
from coreops.commands.callers import Asking, caller_of
from coreops.commands.invocation import Invocation
from coreops.commands.leaves import Leaf
from coreops.commands.message_interaction import MessageInteraction
from coreops.commands.tree import CommandTree
from coreops.plugins.guard import Guard
from coreops_hookspecs import AccessRequest, Denial, Toggles
from coreops_hookspecs.errors import CommandError, DeniedError, UnavailableError
from coreops_shared import trace

__all__ = ["Admission"]


class Admission:
    """Decides on callers.

    Args:
        tree: The commands.
        guard: Knows which plugins serve.
        toggles: Knows which features are on.
        policy: Returns the access policy as configured now.
        authorize: Asks the plugins' ``coreops_authorize`` hooks; they may deny, never grant.
    """

    def __init__(
        self,
        tree: CommandTree,
        guard: Guard,
        toggles: Toggles,
        policy: Callable[[], AccessPolicy],
        authorize: Callable[[AccessRequest], Denial | None],
    ) -> None:
        self._tree = tree
        self._guard = guard
        self._toggles = toggles
        self._policy = policy
        self._authorize = authorize
        self.owners: frozenset[int] = frozenset()
        """Users who own the application; known once Discord has been asked."""

    def invocation(self, asking: Asking, name: str, leaf: Leaf | None, received_at: float) -> Invocation:
        """Return who asks for what.

        Args:
            asking: The interaction.
            name: The command's path, known or not.
            leaf: The command, if there is one.
            received_at: Monotonic seconds.
        """
        caller = caller_of(asking, self.owners)
        return Invocation(
            command=name,
            plugin="" if leaf is None else leaf.plugin,
            surface="prefix" if isinstance(asking, MessageInteraction) else "slash",
            caller=caller,
            grant=grant(self._policy(), caller),
            trace=trace.new(),
            received_at=received_at,
        )

    def serves(self, guild_id: int | None) -> bool:
        """Whether that guild, or direct messages, are served at all."""
        guilds = self._policy().guilds
        return guild_id is None or not guilds or guild_id in guilds

    def refusal(self, leaf: Leaf, invocation: Invocation) -> CommandError | None:
        """Return why the caller may not run a command now, or ``None`` if nothing stands against it.

        In this order: plugin active, toggle on, direct message, guild, tier and group, ``authorize`` hooks.
        """
        if reason := self._guard.available(leaf.plugin):
            text = f"{leaf.name} is unavailable: its plugin {leaf.plugin} is not serving. Try again later."
            return UnavailableError(f"command {leaf.name!r} is unavailable: {reason}", user_message=text)
        if leaf.toggle is not None and not self._toggles.enabled(leaf.toggle):
            msg = f"command {leaf.name!r} is switched off by feature toggle {leaf.toggle!r}"
            text = f"{leaf.name} is switched off. Staff can set {leaf.toggle} to TRUE in the FeatureToggles sheet."
            return UnavailableError(msg, user_message=text)
        verdict = denial(self._policy(), leaf.rule, invocation.caller, invocation.grant)
        if verdict is None:
            verdict = self._authorize(invocation.request(leaf.name, leaf.plugin))
        return None if verdict is None else _denied(leaf, verdict)

    def visible(self, invocation: Invocation) -> Sequence[Leaf]:
        """Return the commands that the caller may run now, by path."""
        return [leaf for leaf in self._tree.leaves() if self.refusal(leaf, invocation) is None]


def _denied(leaf: Leaf, verdict: Denial) -> DeniedError:
    text = f"{verdict.reason} {verdict.remedy}".strip()
    return DeniedError(f"command {leaf.name!r} is denied: {verdict.reason}", user_message=text)
