"""lightbulb's context, which also notes whose form was opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lightbulb

__all__ = ["CommandContext"]


class CommandContext(lightbulb.Context):
    """The context of a command.

    ``opens`` is told the custom id of each form, whose submission names no message and so nobody's command.
    """

    __slots__ = ("opens",)

    opens: Callable[[str], None]

    async def respond_with_modal(self, title: str, custom_id: str, *components: Any, **more: Any) -> None:
        """Open a form."""
        self.opens(custom_id)
        await super().respond_with_modal(title, custom_id, *components, **more)
