"""An action that needs a second person."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Approval"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A command that somebody wants to run and that somebody else must approve.

    Args:
        id: Names it in buttons.
        command: Its path.
        options: What was given, by option.
        user_id: Who wants to run it.
        guild_id: Where; ``None`` in a direct message.
        expires_at: When it is over (seconds since 1970, UTC).
        approved_by: Who has approved it; ``None`` while it waits.
    """

    id: str
    command: str
    options: tuple[tuple[str, str], ...]
    user_id: int
    guild_id: int | None
    expires_at: int
    approved_by: int | None = None

    @property
    def text(self) -> str:
        """The command with its options: ``ops reload reboot:True``."""
        return " ".join([self.command, *(f"{name}:{value}" for name, value in self.options)])
