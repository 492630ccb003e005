"""``ops toggles``: which features are on, and which cell says so."""

from __future__ import annotations

from collections.abc import Sequence

import lightbulb

from coreops_hookspecs import CardField, Commands, Severity, Toggles, ToggleState, access
from coreops_ops.wording import ago, code

__all__ = ["ShowToggles"]


@access.staff
class ShowToggles(lightbulb.SlashCommand, name="toggles", description="Show which features are on, and why"):
    """Whatever is not clearly TRUE is off."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, toggles: Toggles, commands: Commands) -> None:
        """Answer with every toggle."""
        await _show(ctx, toggles.describe(), commands)


async def _show(ctx: lightbulb.Context, states: Sequence[ToggleState], commands: Commands) -> None:
    say = commands.say
    if not states:
        await commands.show(ctx, say("Feature toggles"), say("No plugin has one."))
        return
    read_at = next((state.read_at for state in states if state.read_at), None)
    again = f"`{commands.prefix}ops reload`"
    text = (
        say("The tab FeatureToggles was read {ago}; {reload} reads it again.", ago=ago(read_at), reload=again)
        if read_at
        else say("The tab FeatureToggles was never read; {reload} reads it again.", reload=again)
    )
    on = sum(state.enabled for state in states)
    await commands.show(
        ctx,
        say("Feature toggles · {on} of {count} on", on=on, count=len(states)),
        text,
        severity=Severity.OK if all(_clear(state) for state in states) else Severity.WARNING,
        fields=[CardField(say("Toggles"), [_line(state, commands) for state in states])],
    )


def _clear(state: ToggleState) -> bool:
    """Tell whether a cell said TRUE or FALSE and nothing else is to be said."""
    return state.reason == f"{'TRUE' if state.enabled else 'FALSE'} in {state.source}"


def _line(state: ToggleState, commands: Commands) -> str:
    sign = "🟢" if state.enabled else "⚪" if _clear(state) else "⚠️"
    about = f" · {commands.say(state.help)}" if state.help else ""
    is_ = commands.say("is on") if state.enabled else commands.say("is off")
    return f"{sign} **{state.name}** {is_}: {code(state.reason, 200)}{about}"
