"""The buttons by which a second person approves, or declines, what somebody else wants to run."""

from __future__ import annotations

from collections.abc import Sequence

from coreops_hookspecs import AccessRule, Control, PluginContext, Press, Severity, Tier
from coreops_ops.wording import code

__all__ = ["CONTROLS"]


async def _approve(ctx: PluginContext, press: Press) -> None:
    request, running = await ctx.commands.decide(press.state, granted=True)
    again = "It runs now." if running else f"<@{request.user_id}>, run it again until <t:{request.expires_at}:t>."
    text = f"<@{press.user_id}> has approved {code(request.text, 200)}. {again}"
    await press.update(embed=ctx.commands.card("Approved", text, severity=Severity.OK), components=[])


async def _decline(ctx: PluginContext, press: Press) -> None:
    request, _ = await ctx.commands.decide(press.state, granted=False)
    text = f"<@{press.user_id}> has declined {code(request.text, 200)}, which <@{request.user_id}> asked for."
    await press.update(embed=ctx.commands.card("Declined", text, severity=Severity.WARNING), components=[])


_RULE = AccessRule(Tier.STAFF)

CONTROLS: Sequence[Control] = (
    Control("approve", _approve, access=_RULE),
    Control("decline", _decline, access=_RULE),
)
