"""Ports that a plugin can fill with another implementation."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

__all__ = ["Coordinator"]


@runtime_checkable
class Coordinator(Protocol):
    """Makes sure that one runtime at a time serves a bot."""

    async def acquire(self) -> None:
        """Take the lease. Raises CoreOpsError naming the holder when another runtime has it."""
        ...

    async def release(self) -> None:
        """Give the lease back."""
        ...

    def describe(self) -> str:
        """Return where the lease stands, for people."""
        ...
