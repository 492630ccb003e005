"""The ledger: who contributed what, and how to take it out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from coreops_hookspecs.errors import DeclarationError

__all__ = ["Contribution", "Ledger"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing that a plugin added.

    Args:
        plugin: Its owner.
        kind: ``command``, ``listener``, ``job``, ``bucket``, ``route``, ``check``, ``setting``, ``toggle``, ``task`` …
        name: Unique within its kind.
        remove: Takes it out of the room that holds it.
    """

    plugin: str
    kind: str
    name: str
    remove: Callable[[], None] = field(repr=False, compare=False)


class Ledger:
    """All contributions in order of arrival, and their owners by kind and name."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Contribution] = {}

    def record(self, plugin: str, kind: str, name: str, add: Callable[[], Callable[[], None]]) -> Contribution:
        """Put a contribution into its room and write it down.

        Args:
            plugin: Its owner.
            kind: Its kind.
            name: Its name.
            add: Puts it into its room and returns what takes it out again; not called when the name is taken.

        Raises:
            DeclarationError: the name is taken; the message names both owners.
        """
        owner = self.owner(kind, name)
        if owner is not None:
            msg = (
                f"{kind} {name!r} of plugin {plugin!r} is already contributed by plugin {owner!r}; "
                f"rename one or uninstall one of the two"
            )
            raise DeclarationError(msg)
        entry = Contribution(plugin, kind, name, add())
        self._entries[kind, name] = entry
        return entry

    def owner(self, kind: str, name: str) -> str | None:
        """Return which plugin contributed it, or ``None``."""
        entry = self._entries.get((kind, name))
        return None if entry is None else entry.plugin

    def of(self, plugin: str) -> tuple[Contribution, ...]:
        """Return a plugin's contributions in order of arrival."""
        return tuple(entry for entry in self._entries.values() if entry.plugin == plugin)

    def counts(self, plugin: str) -> dict[str, int]:
        """Return how many contributions of each kind a plugin has."""
        return dict(sorted(Counter(entry.kind for entry in self.of(plugin)).items()))

    def strike(self, entry: Contribution) -> None:
        """Forget a contribution that ended by itself, such as a finished task."""
        if self._entries.get((entry.kind, entry.name)) is entry:
            del self._entries[entry.kind, entry.name]

    def undo(self, plugin: str, kinds: Collection[str] | None = None) -> tuple[tuple[Contribution, BaseException], ...]:
        """Take out everything of a plugin, or what is of some kinds, last in first out.

        A removal that raises does not stop the others; it is returned with its error, and stays in the ledger so
        that what is left over can be named.
        """
        left: list[tuple[Contribution, BaseException]] = []
        for entry in reversed(self.of(plugin)):
            if kinds is not None and entry.kind not in kinds:
                continue
            try:
                entry.remove()
            except Exception as error:  # noqa: BLE001 - removal runs on behalf of a plugin and must reach the end
                left.append((entry, error))
            else:
                self.strike(entry)
        return tuple(left)
