"""The buttons by which a second person approves, or declines, what somebody else wants to run."""

from __future__ import annotations

from collections.abc import Sequence

from coreops_hookspecs import AccessRule, Control, PluginContext, Press, Severity, Tier
from coreops_ops.wording import code

__all__ = ["CONTROLS"]


async def _approve(ctx: PluginContext, press: Press) -> None:
    commands = ctx.commands
    request, running = await commands.decide(press.state, granted=True)
    asked, until = f"<@{request.user_id}>", f"<t:{request.expires_at}:t>"
    command = code(request.text, 200)
    done = commands.say("<@{user}> has approved {command}.", user=press.user_id, command=command)
    again = commands.say("{user}, run it again until {until}.", user=asked, until=until)
    text = f"{done} {commands.say('It runs now.') if running else again}"
    await press.update(embed=commands.card(commands.say("Approved"), text, severity=Severity.OK), components=[])


async def _decline(ctx: PluginContext, press: Press) -> None:
    commands = ctx.commands
    request, _ = await commands.decide(press.state, granted=False)
    text = commands.say(
        "<@{user}> has declined {command}, which <@{asked}> asked for.",
        user=press.user_id,
        command=code(request.text, 200),
        asked=request.user_id,
    )
    await press.update(embed=commands.card(commands.say("Declined"), text, severity=Severity.WARNING), components=[])


_RULE = AccessRule(Tier.STAFF)

CONTROLS: Sequence[Control] = (
    Control("approve", _approve, access=_RULE),
    Control("decline", _decline, access=_RULE),
)
