"""``ops toggles``: which features are on, and which cell says so."""

from __future__ import annotations

from collections.abc import Sequence

import hikari
import lightbulb

from coreops_hookspecs import Commands, Severity, Toggles, ToggleState, access
from coreops_ops.wording import ago, code, pages

__all__ = ["ShowToggles"]


@access.staff
class ShowToggles(lightbulb.SlashCommand, name="toggles", description="Show which features are on, and why"):
    """Whatever is not clearly TRUE is off."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, toggles: Toggles, commands: Commands) -> None:
        """Answer with every toggle."""
        await ctx.respond(embed=_card(toggles.describe(), commands))


def _card(states: Sequence[ToggleState], commands: Commands) -> hikari.Embed:
    if not states:
        return commands.card("Feature toggles", "No plugin has one.")
    on = sum(state.enabled for state in states)
    read_at = next((state.read_at for state in states if state.read_at), None)
    read = f"read {ago(read_at)}" if read_at else "never read"
    return commands.card(
        f"Feature toggles · {on} of {len(states)} on",
        f"The tab FeatureToggles was {read}; `{commands.prefix}ops reload` reads it again.",
        severity=Severity.OK if all(_clear(state) for state in states) else Severity.WARNING,
        fields=pages("Toggles", [_line(state) for state in states]),
    )


def _clear(state: ToggleState) -> bool:
    """Tell whether a cell said TRUE or FALSE and nothing else is to be said."""
    return state.reason == f"{'TRUE' if state.enabled else 'FALSE'} in {state.source}"


def _line(state: ToggleState) -> str:
    sign = "🟢" if state.enabled else "⚪" if _clear(state) else "⚠️"
    about = f" · {state.help}" if state.help else ""
    return f"{sign} **{state.name}** is {'on' if state.enabled else 'off'}: {code(state.reason, 200)}{about}"
