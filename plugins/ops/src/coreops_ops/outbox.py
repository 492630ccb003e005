"""``ops outbox``: writes to spreadsheets that wait for their turn or could not be made, and what to do about them."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Commands, Operations, Severity, Write, WriteState, access
from coreops_hookspecs.errors import UsageError
from coreops_ops.wording import ago, code, mention

__all__ = ["Drop", "ListWrites", "Replay"]


@access.admin
class ListWrites(lightbulb.SlashCommand, name="list", description="List writes that are dead or wait for their turn"):
    """What ``ops outbox`` means by itself. Shows whose write it is and why it failed, and none of its other texts."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with the dead letters first."""
        writes = operations.writes()
        dead = sum(write.state is WriteState.DEAD for write in writes)
        lines = [_line(write, commands) for write in writes] or [commands.say("Every accepted write is in its sheet.")]
        if dead:
            lines += ["", *(f"→ {code(f'{commands.prefix}ops outbox {what}')}" for what in ("replay <n>", "drop <n>"))]
        title = commands.say("Outbox · {dead} dead, {waiting} waiting", dead=dead, waiting=len(writes) - dead)
        await commands.show(ctx, title, lines, severity=Severity.WARNING if dead else Severity.OK)


@access.admin
class Replay(lightbulb.SlashCommand, name="replay", description="Try dead writes again"):
    """One by its number, or all of them."""

    which = lightbulb.string("which", "The write's number, or all")
    overwrite = lightbulb.boolean("overwrite", "Replace what somebody else put into its row", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with what waits for its turn again."""
        for number in _numbers(self.which, operations, commands):
            await operations.replay_write(number, overwrite=self.overwrite)
        waiting = sum(write.state is WriteState.PENDING for write in operations.writes())
        text = commands.say_many(
            "{count} write in line. {outbox} shows what comes of it.",
            "{count} writes in line. {outbox} shows what comes of it.",
            waiting,
            outbox=f"`{commands.prefix}ops outbox`",
        )
        await ctx.respond(embed=commands.card(commands.say("Tried again"), text, severity=Severity.OK))


@access.admin
class Drop(lightbulb.SlashCommand, name="drop", description="Forget a dead write for good"):
    """One at a time: what is dropped was promised to somebody."""

    which = lightbulb.integer("number", "The write's number", min_value=1)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with what was dropped."""
        write = await operations.drop_write(self.which)
        await ctx.respond(
            embed=commands.card(commands.say("Dropped"), _line(write, commands), severity=Severity.WARNING)
        )


def _numbers(which: str, operations: Operations, commands: Commands) -> list[int]:
    if which.strip().lower() == "all":
        return [write.number for write in operations.writes() if write.state is WriteState.DEAD]
    try:
        return [int(which.strip().lstrip("#"))]
    except ValueError:
        msg = f"which was given {which[:100]!r}"
        told = commands.say("`which` is the number of a dead write, or `all`.")
        raise UsageError(msg, user_message=told) from None


def _line(write: Write, commands: Commands) -> str:
    sign = "❌" if write.state is WriteState.DEAD else "⏳"
    row, tab = code(write.row), code(write.tab)
    what = commands.say("{kind} {row} in {tab}", kind=commands.say(write.kind.value), row=row, tab=tab)
    why = f"\n{code(write.error, 200)}" if write.error else ""
    who = f" {commands.say('for {who}', who=mention(write.actor))}" if write.actor else ""
    return f"{sign} **{write.number}** {write.plugin}: {what}{who} · {ago(write.accepted_at)}{why}"
