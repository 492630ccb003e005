"""``ops trace``: what is known of a reference that somebody was given with an error."""

from __future__ import annotations

import dataclasses

import lightbulb

from coreops_hookspecs import Commands, Telemetry, access
from coreops_hookspecs.telemetry import Event
from coreops_ops.wording import ago, code, mention

__all__ = ["Trace"]

_COMMON = frozenset(field.name for field in dataclasses.fields(Event))
_LOOKED_THROUGH = 10_000
_SHORTEST = 6


@access.staff
class Trace(lightbulb.SlashCommand, name="trace", description="Show what belongs to a reference"):
    """Looks through the latest events; the logs hold more under the same id."""

    reference = lightbulb.string("reference", "The reference, or its beginning", min_length=_SHORTEST, max_length=64)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with the events, oldest first."""
        wanted = self.reference.strip().strip("`").lower()
        found = [event for event in telemetry.recent(_LOOKED_THROUGH) if event.trace.lower().startswith(wanted)]
        lines = [_line(event) for event in reversed(found)]
        text = lines or commands.say("No recent event has it. Look for it in the logs, where each line has it.")
        title = commands.say("Trace {trace}", trace=found[0].trace if found else code(wanted))
        await commands.show(ctx, title, text)


def _line(event: Event) -> str:
    told = []
    for field in dataclasses.fields(event):
        value = getattr(event, field.name)
        if field.name not in _COMMON and value not in ("", None, ()):
            told.append(f"{field.name}={value:.3f}" if isinstance(value, float) else f"{field.name}={value}")
    by = f" {mention(event.actor)}" if event.actor else ""
    return f"{ago(event.at)}{by} **{type(event).__name__}** {code(' '.join(told), 200)}"
