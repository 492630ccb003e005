"""``ops audit``: who ran which privileged command."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import hikari
import lightbulb

from coreops_hookspecs import AuditEntry, Commands, PluginContext, access
from coreops_hookspecs.errors import UsageError
from coreops_ops.wording import ago, code, mention

__all__ = ["Audit"]

_CHANGES = 5
"""Changes shown of one entry; the export has all."""
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"([0-9]{1,4})\s*([mhdw])[a-z]*")


async def _suggest(ctx: lightbulb.AutocompleteContext[str], commands: Commands = lightbulb.di.INJECTED) -> None:
    typed = str(ctx.focused.value or "").lower()
    await ctx.respond([info.name for info in commands.visible() if typed in info.name.lower()][:25])


@access.admin
class Audit(lightbulb.SlashCommand, name="audit", description="Show who ran which privileged command"):
    """Reads the trail that every command for staff and admins leaves; its own readings only when asked for."""

    actor: hikari.User | None = lightbulb.user("actor", "Only what this person ran", default=None)
    command = lightbulb.string("command", "Only this command, or this group", default="", autocomplete=_suggest)
    since = lightbulb.string("since", "Only what is newer: 30m, 12h, 7d", default="")
    limit = lightbulb.integer("limit", "How many", default=30, min_value=1, max_value=1000)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, commands: Commands, core: PluginContext) -> None:
        """Answer with the latest entries."""
        entries = await commands.audit(
            actor=None if self.actor is None else f"user:{int(self.actor.id)}",
            command=self.command.lower() or None,
            since=_since(self.since, core.now(), commands),
            limit=2 * self.limit,
        )
        own = commands.invocation.command
        shown = [entry for entry in entries if self.command or entry.command != own][: self.limit]
        text = [_line(entry, commands) for entry in shown] or [commands.say("Nothing that fits.")]
        await commands.show(ctx, commands.say("Audit · {count} newest", count=len(shown)), text)


def _line(entry: AuditEntry, commands: Commands) -> str:
    given = " ".join(f"{name}:{value}" for name, value in entry.options)
    what = code(f"{entry.command} {given}".strip(), 80)
    sign = "✅" if entry.outcome == "ok" else "⛔" if entry.outcome == "denied" else "⚠️"
    where = f"<#{entry.channel_id}>" if entry.channel_id else entry.surface
    there = commands.say("{command} in {place}", command=what, place=where)
    line = f"{sign} #{entry.number} {ago(entry.at)} {mention(entry.actor)} {there} · {entry.outcome}"
    changed = [f"-# {code(what)} {code(before)} → {code(after)}" for what, before, after in entry.changes[:_CHANGES]]
    more = len(entry.changes) - len(changed)
    return "\n".join(
        [line, *changed, *([f"-# {commands.say('and {count} more changes', count=more)}"] if more > 0 else [])]
    )


def _since(text: str, now: datetime, commands: Commands) -> datetime | None:
    if not text:
        return None
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        msg = f"since was given {text[:100]!r}"
        told = commands.say("`since` is a number and a unit: `30m`, `12h`, `7d`, `2w`.")
        raise UsageError(msg, user_message=told)
    return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
